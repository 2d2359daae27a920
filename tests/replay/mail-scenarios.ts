import { randomUUID } from 'node:crypto';
import { MINUTE } from '../../domain/instant.ts';
import type { MailNotice, MailSaid } from '../../domain/mail-notice.ts';
import type { ReplyKind } from '../../domain/reply-kinds.ts';
import { MAIL_SIGNAL } from '../../workflows/contract.ts';
import type { InstructionDesk } from '../support/instruction-desk.ts';
import { to, type Scenario } from './scenario.ts';

/** One mail of ARS-84 as `inboundMail` hands it over: read, its sender known. */
async function notice(desk: InstructionDesk, id: string, messageId: string, said: MailSaid): Promise<void> {
  const from = 'ars84-alerte@ars-84.example';
  const mail = { mail: randomUUID(), messageId, organisation: 'ARS-84', from, subject: 'Re: MINSANTE', said };
  await desk.client.workflow.getHandle(`instruction/${id}`).signal<[MailNotice]>(MAIL_SIGNAL, mail);
  await desk.settle(id);
}

const byMail = (messageId: string, more: { kind: ReplyKind; percent?: number }): MailSaid & { kind: 'reply' } => ({
  kind: 'reply',
  why: 'fait à 60 %',
  reply: {
    organisation: 'ARS-84',
    from: 'ars84-alerte@ars-84.example',
    channel: 'mail',
    verified: true,
    messageId,
    ...more,
  },
});

/** What an instruction hears of mails. */
export const MAIL_SCENARIOS: readonly Scenario[] = [
  {
    name: 'told-by-mail',
    async play(desk) {
      const { id } = await desk.release(to('ARS-84'));
      const about = { purpose: 'instruction', step: 0, round: 0 } as const;
      await notice(desk, id, 'a@mail.example', { kind: 'unclear', reason: 'question' });
      await desk.advance(id, 31 * MINUTE);
      await notice(desk, id, 'b@mail.example', { kind: 'outOfOffice', until: null, about });
      await notice(desk, id, 'c@mail.example', { kind: 'bounce', permanent: true, diagnostic: '5.1.1', about });
      await notice(desk, id, 'd@mail.example', byMail('d@mail.example', { kind: 'progress', percent: 60 }));
      await notice(desk, id, 'd@mail.example', byMail('d@mail.example', { kind: 'progress', percent: 60 }));
      await notice(desk, id, 'e@mail.example', byMail('e@mail.example', { kind: 'done' }));
      return id;
    },
  },
];
