import { HOUR, MINUTE } from '../../domain/instant.ts';
import { HEAD, RELEASER } from '../support/desk-actions.ts';
import type { InstructionDesk } from '../support/instruction-desk.ts';
import { DUTY_SCENARIOS } from './duty-scenarios.ts';
import { SURVEY_SCENARIOS } from './survey-scenarios.ts';
import { SURVEY_SERIES_SCENARIOS } from './survey-series-scenarios.ts';
import { EARLY_SIGNAL_SCENARIOS } from './early-signal-scenarios.ts';
import { INBOUND_SCENARIOS } from './inbound-scenarios.ts';
import { MAIL_SCENARIOS } from './mail-scenarios.ts';
import { RELAY_SCENARIOS } from './relay-scenarios.ts';
import { to, type Scenario } from './scenario.ts';
import { TROUBLE_SCENARIOS } from './trouble-scenarios.ts';

/** Every path that has a recorded history. */
export const SCENARIOS: readonly Scenario[] = [
  ...DUTY_SCENARIOS,
  ...SURVEY_SCENARIOS,
  ...SURVEY_SERIES_SCENARIOS,
  ...INBOUND_SCENARIOS,
  ...EARLY_SIGNAL_SCENARIOS,
  ...MAIL_SCENARIOS,
  ...RELAY_SCENARIOS,
  ...TROUBLE_SCENARIOS,
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
