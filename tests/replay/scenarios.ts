import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { HOUR, MINUTE } from '../../domain/instant.ts';
import type { MailNotice, MailSaid } from '../../domain/mail-notice.ts';
import type { ReplyKind } from '../../domain/reply-kinds.ts';
import { MAIL_SIGNAL } from '../../workflows/contract.ts';
import { AUTHOR, HEAD, RELEASER, releaseRequest, type InstructionDesk } from '../support/instruction-desk.ts';
import { until } from '../support/wait.ts';
import { DIFFUSION_SCENARIOS } from './diffusion-scenarios.ts';
import { DUTY_SCENARIOS } from './duty-scenarios.ts';
import { INBOUND_SCENARIOS } from './inbound-scenarios.ts';
import type { Scenario } from './scenario.ts';

const to = (...organisations: string[]) => ({ audience: { organisations } });

async function signalRaw(desk: InstructionDesk, id: string, encoding: string, data: string): Promise<void> {
  await desk.client.workflowService.signalWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId: `instruction/${id}` },
    signalName: 'reply',
    input: { payloads: [{ metadata: { encoding: Buffer.from(encoding) }, data: Buffer.from(data) }] },
  });
}

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

export const SCENARIOS: readonly Scenario[] = [
  ...DUTY_SCENARIOS,
  ...DIFFUSION_SCENARIOS,
  ...INBOUND_SCENARIOS,
  {
    name: 'answered-closed-ended',
    async play(desk) {
      const { id } = await desk.release(to('ARS-84', 'ARS-53'));
      await desk.reply(id, 'ARS-84', 'received');
      await desk.reply(id, 'ARS-84', 'progress', { percent: 40 });
      await desk.reply(id, 'ARS-84', 'done', { comment: 'Fait.' });
      await desk.reply(id, 'ARS-53', 'done');
      await desk.settle(id);
      await desk.advance(id, 73 * HOUR);
      return id;
    },
  },
  {
    name: 'silence-climbs-the-ladder',
    async play(desk) {
      const { id } = await desk.release({ ...to('ARS-94'), deadline: '1H' });
      for (const minutes of [21, 21, 21, 21, 41, 61, 61]) await desk.advance(id, minutes * MINUTE);
      await desk.reply(id, 'ARS-94', 'done');
      await desk.settle(id);
      return id;
    },
  },
  {
    name: 'taken-in-charge-expires',
    async play(desk) {
      const { id } = await desk.release({ ...to('ARS-32'), takenInChargeExpires: 'PT1H', acknowledgeWithin: 'PT30M' });
      await desk.reply(id, 'ARS-32', 'takenInCharge');
      await desk.advance(id, 62 * MINUTE);
      return id;
    },
  },
  {
    name: 'not-acknowledged-in-time',
    async play(desk) {
      const { id } = await desk.release({ ...to('ARS-32'), acknowledgeWithin: 'PT30M' });
      await desk.advance(id, 32 * MINUTE);
      return id;
    },
  },
  {
    name: 'returned-and-closed-by-head',
    async play(desk) {
      const { id } = await desk.release(to('ARS-75'));
      await desk.reply(id, 'ARS-75', 'done');
      await desk.command(id, { kind: 'return', organisation: 'ARS-75', reason: 'Incomplet.', by: RELEASER });
      await desk.advance(id, 82 * MINUTE);
      await desk.command(id, { kind: 'close', organisation: 'ARS-75', reason: 'Sans objet.', by: HEAD });
      await desk.settle(id);
      return id;
    },
  },
  {
    name: 'deadline-moved-and-passed',
    async play(desk) {
      const { id } = await desk.release(to('ARS-24', 'ARS-27'));
      const deadline = ((await desk.followUp(id, 'ARS-24')).deadline ?? 0) + HOUR;
      await desk.command(id, { kind: 'moveDeadline', organisations: ['ARS-24'], deadline, by: RELEASER });
      await desk.settle(id);
      await desk.advance(id, 5 * HOUR + 2 * MINUTE);
      return id;
    },
  },
  {
    name: 'acceptance-awaited-and-given',
    async play(desk) {
      const { id } = await desk.release({ ...to('ARS-52'), acceptance: 'required' });
      await desk.reply(id, 'ARS-52', 'done');
      await desk.advance(id, 2 * HOUR + MINUTE);
      await desk.command(id, { kind: 'accept', organisation: 'ARS-52', by: RELEASER });
      await desk.settle(id);
      return id;
    },
  },
  {
    name: 'refused-and-deferred',
    async play(desk) {
      const { id } = await desk.release(to('ARS-01', 'ARS-02'));
      await desk.reply(id, 'ARS-01', 'refused', { comment: 'Sans objet ici.' });
      const until = new Date(Date.now() + 6 * HOUR).toISOString();
      await desk.reply(id, 'ARS-02', 'deferred', { comment: 'Demain.', until });
      await desk.settle(id);
      await desk.advance(id, 7 * HOUR);
      return id;
    },
  },
  {
    name: 'information-ends-at-its-term',
    async play(desk) {
      const { id } = await desk.release({ ...to('ARS-03', 'ARS-04'), nature: 'information', deadline: '8H' });
      await desk.reply(id, 'ARS-03', 'read');
      await desk.advance(id, 8 * HOUR + MINUTE);
      return id;
    },
  },
  {
    name: 'call-step-recorded',
    async play(desk) {
      const ladder = [{ after: 'PT10M', target: 'onCall', channel: 'call' }];
      const { id } = await desk.release({ ...to('ARS-28'), ladder });
      await desk.advance(id, 11 * MINUTE);
      const call = { step: 1, answeredBy: 'Dr Roy', outcome: 'rappelle', by: RELEASER };
      await desk.command(id, { kind: 'recordCall', organisation: 'ARS-28', ...call });
      await desk.settle(id);
      return id;
    },
  },
  {
    name: 'rubbish-signals-and-cancellation',
    async play(desk) {
      const { id, workflowId } = await desk.release(to('ARS-53'));
      await signalRaw(desk, id, 'json/plain', '"bonjour"');
      await signalRaw(desk, id, 'json/plain', 'pas du JSON');
      await signalRaw(desk, id, 'binary/encrypted', 'x'.repeat(60));
      await signalRaw(desk, id, 'json/plain', '{"organisation":"ARS-53","kind":"done","from":"CLI","messageId":"1"}');
      await signalRaw(desk, id, 'json/plain', '{"organisation":"ARS-53","kind":"done","from":"CLI","messageId":"1"}');
      await desk.client.workflow.getHandle(workflowId).cancel();
      await until('the reply', async () => (await desk.followUp(id, 'ARS-53')).closed);
      await desk.settle(id);
      return id;
    },
  },
  {
    name: 'release-refused',
    async play(desk) {
      const id = await desk.draft(to('ARS-84'));
      await desk.gateway.release(releaseRequest(id, AUTHOR, ['author', 'releaser']));
      return id;
    },
  },
  {
    name: 'relay-away-and-back',
    async play(desk) {
      await desk.sink.stop();
      const { id } = await desk.release(to('ARS-11'));
      await desk.sink.start();
      await desk.advance(id, 2 * MINUTE);
      return id;
    },
  },
  {
    name: 'first-mail-refused',
    async play(desk) {
      const undo = desk.sink.refuse(/ars75-alerte/, 550);
      const { id } = await desk.release(to('ARS-75'));
      undo();
      await desk.advance(id, MINUTE);
      return id;
    },
  },
  {
    name: 'database-away-and-back',
    async play(desk) {
      const { id } = await desk.release(to('ARS-44'));
      await sql`alter table instruction_recipient rename to instruction_recipient_away`.execute(desk.owner);
      await desk.signal(id, { organisation: 'ARS-44', kind: 'done', from: 'essai', messageId: 'm1' });
      await until('the patient recording', async () => {
        const { raw } = await desk.client.workflow.getHandle(`instruction/${id}`).describe();
        return raw.pendingActivities?.some(({ activityType }) => activityType?.name === 'recordPatiently');
      });
      await sql`alter table instruction_recipient_away rename to instruction_recipient`.execute(desk.owner);
      await until('the reply recorded', async () => (await desk.projection(id, 'ARS-44')).state === 'done');
      await desk.settle(id);
      return id;
    },
  },
  {
    name: 'turn-taken-written-whole',
    async play(desk) {
      const { id } = await desk.release(to('ARS-76'));
      await sql`update instruction set seq = seq + 1, fingerprint = 'lost' where id = ${id}`.execute(desk.database.sql);
      await desk.reply(id, 'ARS-76', 'takenInCharge');
      await desk.settle(id);
      return id;
    },
  },
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
  {
    name: 'continued-as-new',
    suggestContinueAsNew: 30,
    async play(desk) {
      const { id } = await desk.release(to('ARS-84'));
      for (let percent = 1; percent <= 15; percent += 1) await desk.reply(id, 'ARS-84', 'progress', { percent });
      await desk.settle(id);
      return id;
    },
  },
  {
    name: 'support-asked-given-and-left-open',
    async play(desk) {
      const { id } = await desk.release(to('ARS-84'));
      const ask = {
        kind: 'askSupport',
        organisation: 'ARS-84',
        by: { sub: 'ars-84', organisation: 'ARS-84' },
      } as const;
      await desk.command(id, { ...ask, reason: 'Un régulateur.', phone: '+33491555001' });
      await desk.command(id, { ...ask, reason: 'Un médecin.', urgency: 'urgent' });
      const call = { kind: 'recordSupport', organisation: 'ARS-84', answeredBy: 'Dr Roy', by: RELEASER } as const;
      await desk.command(id, { ...call, request: 1, outcome: 'Accordé.' });
      await desk.reply(id, 'ARS-84', 'done');
      await desk.settle(id);
      await desk.advance(id, 73 * HOUR);
      return id;
    },
  },
  {
    name: 'cancelled-by-another-message',
    async play(desk) {
      const { first } = await overtaken(desk);
      return first;
    },
  },
  {
    name: 'cancels-another-message',
    async play(desk) {
      const { second } = await overtaken(desk);
      return second;
    },
  },
];

/** A message that is cancelled while one has answered and one has not, and the one that cancels it. */
async function overtaken(desk: InstructionDesk): Promise<{ readonly first: string; readonly second: string }> {
  const { id: first, number } = await desk.release(to('ARS-84', 'ARS-53'));
  await desk.reply(first, 'ARS-84', 'done');
  const refersTo = { instruction: first, number, relation: 'cancellation' } as const;
  const { id: second } = await desk.release(
    { ...to('ARS-84', 'ARS-53'), nature: 'information', deadline: '24H' },
    refersTo,
  );
  await desk.settle(first);
  await desk.reply(second, 'ARS-84', 'read');
  await desk.advance(first, 73 * HOUR);
  await desk.advance(second, 25 * HOUR);
  return { first, second };
}
