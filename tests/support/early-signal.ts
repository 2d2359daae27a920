import type { ApiDesk } from './api-desk.ts';
import { advance, quiet } from './clock.ts';
import { earlySignalWorkflowId } from '../../workflows/contract.ts';

/** An early signal as an ARS writes it. */
export const SIGNAL = {
  subject: 'Cas groupés de légionellose',
  what: 'Six cas en dix jours dans le même quartier.',
  where: 'Lyon 7e, autour d’une tour aéroréfrigérante',
  knownAt: '2026-11-24T09:00:00+01:00',
  assessment: 'Source commune probable, d’autres cas sont attendus.',
  urgency: 'immediate',
  complete: 'PT4H',
};

export interface SignalBody {
  readonly id: string;
  readonly reference: string;
  readonly status: string;
  readonly [field: string]: unknown;
}

/** Raised by ARS-84; its first mail is in the desk's box. */
export async function raised(api: ApiDesk, changes: object = {}): Promise<SignalBody> {
  const { status, body } = await api.as('ars-84').post<SignalBody>('/v1/signals', { ...SIGNAL, ...changes });
  if (status !== 201) throw new Error(`Not raised: ${JSON.stringify(body)}`);
  await settled(api, body.id);
  return body;
}

export const settled = (api: ApiDesk, id: string): Promise<void> => quiet(api.desk.client, earlySignalWorkflowId(id));

export const advanced = (api: ApiDesk, id: string, ms: number): Promise<'reached' | 'ended'> =>
  advance(api.desk.client, earlySignalWorkflowId(id), ms);

/** Subjects of the mails of one signal, in their order, with the box each went to. */
export const mailsOf = (api: ApiDesk, id: string): string[] =>
  api.desk.sink.mails
    .filter((mail) => (mail.header('references') ?? '').includes(`signal-${id}@`))
    .map(({ to, subject }) => `${to} ${subject}`);
