import { expect, test } from '@jest/globals';
import { AuditState } from '../../domain/audit-state.ts';
import type { Fact, TurnRecord } from '../../domain/changes.ts';
import type { Command, Message } from '../../domain/events.ts';
import { LISTENING, newProcess, nextDue, step } from '../../domain/instruction-process.ts';
import type { InstructionProcess } from '../../domain/process.ts';
import type { Supersession } from '../../domain/relation.ts';
import type { ReplyKind } from '../../domain/reply-kinds.ts';
import { turnFact, wholeTurn } from '../../domain/turn-record.ts';
import { at, ladderOf, OFFICER, RELEASED, reply, report, terms } from './arrange.ts';

const BY: Supersession = {
  instruction: '0198c0de-0000-7000-8000-000000000002',
  number: 'MINSANTE N°2026_002',
  relation: 'cancellation',
  by: OFFICER,
};
const cancelled = (minutes: number, by: Partial<Supersession> = {}): Message => ({
  kind: 'superseded',
  at: at(minutes),
  by: { ...BY, ...by },
});
const command = (minutes: number, asked: Command): Message => ({ kind: 'command', at: at(minutes), command: asked });
const says = (minutes: number, organisation: string, kind: ReplyKind, more: object = {}): Message =>
  command(minutes, {
    kind: 'reply',
    reply: reply(kind, { organisation, messageId: `${organisation} ${kind}`, ...more }),
  });

/** Sent to two agencies at minute 0. */
function sent(changes: Parameters<typeof terms>[0] = {}): InstructionProcess {
  const process = newProcess({
    instruction: '0198c0de-0000-7000-8000-000000000001',
    number: 'MINSANTE N°2026_001',
    terms: terms({ ladder: ladderOf('secondary', 'onCall', 'director'), ...changes }),
    releasedAt: RELEASED,
    recipients: ['ARS-94', 'ARS-76'],
    zoneLeads: {},
  });
  const reports = ['ARS-94', 'ARS-76'].map((organisation) => report('sent', 0, { organisation }));
  return step(process, [{ kind: 'dispatched', at: at(0), waiting: 0, reports }], at(0)).process;
}

const stateOf = ({ followUps }: InstructionProcess, organisation = 'ARS-94') =>
  followUps.find((one) => one.organisation === organisation);

/** What brings ARS-94 into a state, and whether it is closed there. */
const STATES: readonly (readonly [string, readonly Message[], Partial<Parameters<typeof terms>[0]>, boolean])[] = [
  ['sent', [], {}, false],
  ['received', [says(1, 'ARS-94', 'received')], {}, false],
  ['read', [says(1, 'ARS-94', 'read')], {}, false],
  ['takenInCharge', [says(1, 'ARS-94', 'takenInCharge')], {}, false],
  ['inProgress', [says(1, 'ARS-94', 'progress', { percent: 40 })], {}, false],
  ['deferred', [says(1, 'ARS-94', 'deferred', { until: new Date(at(300)).toISOString() })], {}, false],
  ['refused', [says(1, 'ARS-94', 'refused')], {}, true],
  ['done', [says(1, 'ARS-94', 'done')], {}, true],
  ['done', [says(1, 'ARS-94', 'done')], { acceptance: 'required' }, false],
  [
    'accepted',
    [says(1, 'ARS-94', 'done'), command(1, { kind: 'accept', organisation: 'ARS-94', by: OFFICER })],
    { acceptance: 'required' },
    true,
  ],
];

test.each(STATES)(
  'a cancellation finds ARS-94 %s: what is open ends, what is closed stays',
  (state, messages, given, closed) => {
    const before = step(sent(given), messages, at(1)).process;
    expect(stateOf(before)).toMatchObject({ state, closed });
    const { process, changes } = step(before, [cancelled(2)], at(2));
    expect(stateOf(process)).toMatchObject({ state: closed ? state : 'cancelled', closed: true });
    expect(stateOf(process, 'ARS-76')).toMatchObject({ state: 'cancelled', closed: true });
    expect(process).toMatchObject({ status: 'cancelled', closedAt: at(2), supersededBy: BY });
    expect(changes?.facts.at(-1)).toMatchObject({
      kind: 'superseded',
      actor: OFFICER,
      data: { stopped: closed ? 1 : 2 },
    });
    // The desk hears of the result; nobody is reminded any more, and the rest of the life is listening.
    expect(changes?.plans.map(({ purpose }) => purpose)).toEqual(['result']);
    expect(nextDue(process)).toBe(at(2) + LISTENING);
    expect(step(process, [], at(2) + LISTENING).ended).toBe(true);
  },
);

test('a reminder planned in that very turn does not leave', () => {
  const due = step(sent(), [cancelled(10)], at(10));
  expect(due.changes?.plans.map(({ purpose }) => purpose)).toEqual(['result']);
});

test('the last answer and the cancellation at the same moment: whichever comes first counts, and only that', () => {
  const before = step(sent(), [says(1, 'ARS-76', 'done')], at(1)).process;
  const answered = step(before, [says(2, 'ARS-94', 'done'), cancelled(2)], at(2));
  expect(answered.process).toMatchObject({ status: 'closed', supersededBy: BY });
  expect(stateOf(answered.process)?.state).toBe('done');
  expect(answered.changes?.facts.map(({ kind }) => kind)).toEqual(['replied', 'superseded', 'closed']);

  const stopped = step(before, [cancelled(2), says(2, 'ARS-94', 'done')], at(2));
  expect(stopped.process.status).toBe('cancelled');
  expect(stateOf(stopped.process)?.state).toBe('cancelled');
  expect(stopped.answers[1]).toMatchObject({
    accepted: false,
    refusal: { code: 'closed', detail: expect.stringContaining('annulée par MINSANTE N°2026_002') },
  });
  expect(stopped.changes?.replies).toEqual([]);
});

test('the audit alone names the message that has overtaken, and since when, however the turn was recorded', () => {
  const before = sent();
  const { process, changes } = step(before, [cancelled(2)], at(2));
  const known = { ...BY, at: at(2) };
  const entry = (turn: TurnRecord, seq: number, minutes: number) =>
    turnFact({ ...changes!, at: at(minutes), seq, turn, plans: [], withdrawals: [], tasks: [] });
  const audit = new AuditState();
  const take = (...facts: readonly Fact[]): void => facts.forEach((fact) => audit.take(fact));
  take(entry(wholeTurn(before), 1, 0));
  expect(audit.state?.supersededBy).toBeNull();
  take(...changes!.facts, turnFact(changes!));
  expect(audit.state?.supersededBy).toEqual(known);
  // Recorded again: whole, by a workflow that has not heard of it, then by one that has.
  take(entry(wholeTurn(process), process.seq, 8));
  expect(audit.state?.supersededBy).toEqual(known);
  take(entry(wholeTurn(before), before.seq, 9));
  expect(audit.state?.supersededBy).toBeNull();
  take(entry(wholeTurn(process), process.seq, 10));
  expect(audit.state?.supersededBy).toEqual({ ...BY, at: at(10) });
});

test('told twice, or by another message after it, it changes nothing', () => {
  const once = step(sent(), [cancelled(2)], at(2)).process;
  const again = step(
    once,
    [cancelled(3), cancelled(4, { number: 'MINSANTE N°2026_003', relation: 'allClear' })],
    at(4),
  );
  expect([again.process, again.changes]).toEqual([once, null]);
});

test('an instruction that was closed stays closed, and cannot be returned any more', () => {
  const closed = step(sent(), [says(1, 'ARS-94', 'done'), says(1, 'ARS-76', 'done')], at(1)).process;
  const lifted = step(closed, [cancelled(5, { relation: 'allClear' })], at(5));
  expect(lifted.process).toMatchObject({ status: 'closed', closedAt: at(1) });
  expect(lifted.changes?.plans).toEqual([]);
  const back = step(
    lifted.process,
    [command(6, { kind: 'return', organisation: 'ARS-94', reason: 'incomplet', by: OFFICER })],
    at(6),
  );
  expect(back.answers[0]).toMatchObject({ accepted: false, refusal: { code: 'closed' } });
});
