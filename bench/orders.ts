import { setTimeout as pause } from 'node:timers/promises';
import type { Answer } from '../stack/demo/desk-client.ts';
import type { BenchDesk } from './desk.ts';

export const ARS = [
  ...['01', '02', '03', '04', '06', '11', '24', '27', '28'],
  ...['32', '44', '52', '53', '75', '76', '84', '93', '94'],
].map((code) => `ARS-${code}`);

const DRAFT = {
  nature: 'action',
  subject: 'Recensement des lits de réanimation',
  body: 'Merci de **recenser** les lits de réanimation disponibles et de nous en faire retour.',
  audience: { national: true },
  deadline: '4H',
};

/** Create and release. @returns id */
export async function order(desk: BenchDesk): Promise<string> {
  const created = expectStatus(
    await desk.api('corruss-redacteur').post<{ id: string }>('/v1/instructions', DRAFT),
    201,
  );
  expectStatus(await desk.api('corruss-valideur').post(`/v1/instructions/${created.id}/release`, {}), 202);
  return created.id;
}

export async function reply(
  desk: BenchDesk,
  id: string,
  organisation: string,
  body: object = { kind: 'done' },
): Promise<void> {
  const path = `/v1/instructions/${id}/recipients/${organisation}/replies`;
  expectStatus(await desk.api(organisation.toLowerCase()).post(path, body), 200);
}

export async function untilClosed(desk: BenchDesk, id: string): Promise<void> {
  const desks = desk.api('corruss-valideur');
  for (;;) {
    const { status } = expectStatus(await desks.get<{ status: string }>(`/v1/instructions/${id}`), 200);
    if (status === 'closed') return;
    await pause(20);
  }
}

/** @throws Error when they have not come within two minutes */
export async function untilMailed(desk: BenchDesk, count: number): Promise<void> {
  const end = Date.now() + 120_000;
  for (let taken = 0; taken < count; taken = await desk.mailsTaken()) {
    if (Date.now() > end) throw new Error(`${taken} of ${count} mails arrived`);
    await pause(50);
  }
}

/** Until no mail has left for three seconds: what was asked of the desk is done. */
export async function untilQuiet(desk: BenchDesk): Promise<void> {
  for (let before = -1, taken = 0; taken !== before; taken = await desk.mailsTaken()) {
    before = taken;
    await pause(3_000);
  }
}

function expectStatus<T>(answer: Answer<T>, status: number): T {
  if (answer.status !== status)
    throw new Error(`${answer.status} instead of ${status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}
