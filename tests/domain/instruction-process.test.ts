import { expect, test } from '@jest/globals';
import type { Command, DeliveryReport, Message } from '../../domain/events.ts';
import { fingerprintOf } from '../../domain/fingerprint.ts';
import { MINUTE, SECOND } from '../../domain/instant.ts';
import { LISTENING, newProcess, nextDue, step, type Step } from '../../domain/instruction-process.ts';
import type { Terms } from '../../domain/instruction.ts';
import type { InstructionProcess } from '../../domain/process.ts';
import { at, ladderOf, OFFICER, RELEASED, reply, terms } from './arrange.ts';

const RECIPIENTS = ['ARS-84', 'ARS-94', 'ARS-93'];

const released = (changes: Partial<Terms> = {}, recipients = RECIPIENTS): InstructionProcess =>
  newProcess({
    instruction: 'i1',
    number: 'MINSANTE N°2026_001',
    terms: terms({ ladder: ladderOf('alertBox', 'secondary', 'onCall'), ...changes }),
    releasedAt: RELEASED,
    recipients,
    zoneLeads: { 'ARS-94': 'ARS-93' },
  });

const command = (minute: number, one: Command): Message => ({ kind: 'command', at: at(minute), command: one });
const says = (minute: number, organisation: string, kind: Parameters<typeof reply>[0], more = {}): Message =>
  command(minute, { kind: 'reply', reply: reply(kind, { organisation, ...more }) });
const sentTo = (minute: number, organisations = RECIPIENTS, waiting = 0): Message => ({
  kind: 'dispatched',
  at: at(minute),
  waiting,
  reports: organisations.map((organisation): DeliveryReport => ({
    organisation,
    purpose: 'instruction',
    step: 0,
    round: 0,
    outcome: 'sent',
    at: 0,
  })),
});

/** Runs turns one after the other: minute, then its messages. */
function run(process: InstructionProcess, ...turns: readonly (readonly [number, ...Message[]])[]): Step {
  let last: Step = { process, changes: null, answers: [], dispatch: false, ended: false };
  for (const [minute, ...messages] of turns) last = step(last.process, messages, at(minute));
  return last;
}

test('a turn in which nothing happens changes nothing, not even the process', () => {
  const process = released();
  expect(step(process, [], at(5))).toEqual({ process, changes: null, answers: [], dispatch: false, ended: false });
});

test('one timer for all: the earliest due instant of every recipient', () => {
  const { process } = run(released(), [1, sentTo(1, ['ARS-94'])], [3, sentTo(3, ['ARS-84'])]);
  expect(nextDue(process)).toBe(at(11));
  const { changes } = run(process, [11]);
  expect(changes?.plans).toMatchObject([{ organisation: 'ARS-94', purpose: 'ladder', step: 1, round: 0 }]);
  expect(changes?.followUps.map((one) => one.organisation)).toEqual(['ARS-94']);
});

test('an answer that comes with a due instant wins: the step is not planned', () => {
  const { process } = run(released(), [0, sentTo(0)]);
  const { changes } = run(process, [10, says(10, 'ARS-94', 'takenInCharge')]);
  expect(changes?.plans.map((plan) => plan.organisation)).toEqual(['ARS-84', 'ARS-93']);
  expect(changes?.withdrawals).toContainEqual({ organisation: 'ARS-94', purposes: ['ladder'] });
});

test('after an outage nobody gets two steps, whatever was missed', () => {
  const { process } = run(released(), [0, sentTo(0)]);
  const { changes, process: after } = run(process, [95]);
  expect(changes?.plans).toHaveLength(3);
  expect(nextDue(after)).toBe(at(105));
});

test('the same messageId counts once: replayed, no change, also in one turn', () => {
  const { process } = run(released(), [1, says(1, 'ARS-84', 'takenInCharge')]);
  const again = run(process, [2, says(2, 'ARS-84', 'done', { messageId: 'm-takenInCharge' })]);
  expect(again.changes).toBeNull();
  expect(again.answers).toMatchObject([{ accepted: true, replayed: true, followUps: [{ state: 'takenInCharge' }] }]);
  const twice = run(released(), [1, says(1, 'ARS-84', 'read'), says(1, 'ARS-84', 'read')]);
  expect(twice.changes?.replies).toHaveLength(1);
  const other = run(process, [2, says(2, 'ARS-94', 'done', { messageId: 'm-takenInCharge' })]);
  expect(other.answers).toMatchObject([{ accepted: true, replayed: false }]);
});

test('a reply for nobody of this instruction, or for a closed recipient, is refused; only the API leaves no trace', () => {
  const { process } = run(released(), [1, says(1, 'ARS-84', 'done')]);
  const api = run(process, [2, says(2, 'ARS-11', 'done'), says(2, 'ARS-84', 'read')]);
  expect(api.answers).toMatchObject([{ refusal: { code: 'notRecipient' } }, { refusal: { code: 'closed' } }]);
  expect(api.changes).toBeNull();
  const signal = run(process, [2, says(2, 'ARS-11', 'done', { channel: 'signal' })]);
  expect(signal.changes?.facts).toMatchObject([{ kind: 'replyRefused', organisation: null }]);
  expect(signal.process.seen).toEqual(process.seen);
});

test('a refused reply does not use up its messageId', () => {
  const { process } = run(released({ evidence: 'required' }), [1, says(1, 'ARS-84', 'done', { messageId: 'm' })]);
  const { answers } = run(process, [2, says(2, 'ARS-84', 'done', { messageId: 'm', comment: 'fait' })]);
  expect(answers).toMatchObject([{ accepted: true, replayed: false }]);
});

test('rubbish is a fact and disturbs nothing', () => {
  const rubbish: Message = { kind: 'rubbish', at: at(1), door: 'signal', errors: ['illisible'], base64: 'AA==' };
  const { changes, answers } = run(released(), [1, rubbish, says(1, 'ARS-84', 'read')]);
  expect(changes?.facts.map((fact) => fact.kind)).toEqual(['rubbishReceived', 'replied']);
  expect(answers.map((answer) => answer?.accepted ?? null)).toEqual([null, true]);
});

test('a moved deadline is all or nothing; «all» means those still open', () => {
  const { process } = run(released(), [1, says(1, 'ARS-84', 'done')]);
  const move = (organisations: readonly string[] | 'all', deadline = at(500)): Message =>
    command(2, { kind: 'moveDeadline', organisations, deadline, by: OFFICER });
  expect(run(process, [2, move(['ARS-94', 'ARS-84'])])).toMatchObject({ changes: null });
  expect(run(process, [2, move(['ARS-94', 'ARS-11'])]).answers).toMatchObject([{ refusal: { code: 'notRecipient' } }]);
  expect(run(process, [2, move('all', at(1))]).answers).toMatchObject([
    { refusal: { code: 'invalid', errors: [{ pointer: '/deadline', code: 'past' }] } },
  ]);
  const all = run(process, [2, move('all'), move('all', at(600))]);
  expect(all.answers[0]).toMatchObject({ accepted: true, followUps: [{ deadline: at(600) }, { deadline: at(600) }] });
  expect(all.changes?.plans).toMatchObject([
    { organisation: 'ARS-94', purpose: 'deadline', step: 3, detail: { deadline: at(600) } },
    { organisation: 'ARS-93', purpose: 'deadline', step: 3 },
  ]);
});

test('the instruction closes with its last follow-up, the desk gets one result, a return re-opens within 72 h', () => {
  const closing = run(
    released({}, ['ARS-84', 'ARS-94']),
    [1, says(1, 'ARS-84', 'done')],
    [2, says(2, 'ARS-94', 'refused')],
  );
  expect(closing.changes).toMatchObject({ status: 'closed', closedAt: at(2) });
  expect(closing.changes?.plans.map((plan) => plan.purpose)).toEqual(['refused', 'result']);
  expect(closing.changes?.plans.at(-1)).toMatchObject({
    organisation: 'CORRUSS',
    detail: { states: { done: 1, refused: 1 } },
  });
  expect(nextDue(closing.process)).toBe(at(2) + LISTENING);
  const back = command(60, { kind: 'return', organisation: 'ARS-94', reason: 'à faire', by: OFFICER });
  const reopened = run(closing.process, [60, back]);
  expect(reopened.changes).toMatchObject({ status: 'open', closedAt: null });
  expect(reopened.changes?.facts.map((fact) => fact.kind)).toEqual(['returned', 'reopened']);
  expect(reopened.changes?.withdrawals).toContainEqual({ organisation: 'CORRUSS', purposes: ['result'] });
  const again = run(reopened.process, [61, says(61, 'ARS-94', 'done')]);
  expect(again.changes?.plans.at(-1)).toMatchObject({ purpose: 'result', step: again.process.seq });
});

test('72 h after closing it ends, once; after that every command proposes a new instruction', () => {
  const closing = run(released({}, ['ARS-94']), [0, says(0, 'ARS-94', 'refused')]);
  expect(run(closing.process, [71 * 60 + 59])).toMatchObject({ ended: false, changes: null });
  const ended = run(closing.process, [72 * 60]);
  expect(ended).toMatchObject({ ended: true, changes: { status: 'closed', facts: [{ kind: 'ended' }] } });
  expect(ended.changes?.tasks).toEqual([{ kind: 'refused', organisation: 'ARS-94', step: 0, open: false }]);
  expect(nextDue(ended.process)).toBeNull();
  const after = run(ended.process, [72 * 60 + 1, command(0, { kind: 'accept', organisation: 'ARS-94', by: OFFICER })]);
  expect(after).toMatchObject({ changes: null, answers: [{ refusal: { code: 'ended' } }] });
});

test('a return in the very turn that would end the instruction re-opens it', () => {
  const closing = run(released({}, ['ARS-94']), [0, says(0, 'ARS-94', 'done')]);
  const back = command(72 * 60, { kind: 'return', organisation: 'ARS-94', reason: 'à faire', by: OFFICER });
  expect(run(closing.process, [72 * 60, back])).toMatchObject({ ended: false, process: { status: 'open' } });
});

test('an instruction with mail still to leave does not end before it has', () => {
  const closing = run(released({}, ['ARS-94']), [0, says(0, 'ARS-94', 'done'), sentTo(0, [], 1)]);
  expect(run(closing.process, [73 * 60])).toMatchObject({ ended: false, dispatch: true });
});

test('deliveries put off are tried again after 5 s, 15 s, 30 s, then every 60 s; a success starts over', () => {
  let process = released();
  const delays: number[] = [];
  for (let count = 0; count < 6; count += 1) {
    const now = process.dispatchAt ?? RELEASED;
    const due = step(process, [], now);
    expect([due.dispatch, due.changes]).toEqual([process.dispatchAt !== null, null]);
    const put = step(due.process, [{ kind: 'dispatched', at: now, waiting: 2, reports: [] }], now);
    expect([put.changes, put.dispatch]).toEqual([null, false]);
    process = put.process;
    delays.push(((process.dispatchAt ?? 0) - now) / SECOND);
    expect(nextDue(process)).toBe(process.dispatchAt);
  }
  expect(delays).toEqual([5, 15, 30, 60, 60, 60]);
  const well = step(process, [{ kind: 'dispatched', at: at(9), waiting: 0, reports: [] }], at(9));
  expect(well.process).toMatchObject({ dispatchAt: null, dispatchAttempts: 0 });
});

test('a due re-dispatch is asked for once', () => {
  const waiting = step(released(), [{ kind: 'dispatched', at: at(0), waiting: 1, reports: [] }], at(0)).process;
  const due = step(waiting, [], at(1));
  expect([due.dispatch, due.process.dispatchAt, step(due.process, [], at(1)).dispatch]).toEqual([true, null, false]);
});

test('an information closes when all have read, or at its term with the list of who has not', () => {
  const process = released({ nature: 'information', ladder: [] }, ['ARS-84', 'ARS-94']);
  const one = run(process, [0, sentTo(0, ['ARS-84', 'ARS-94'])], [5, says(5, 'ARS-84', 'read')]);
  expect(one.process.status).toBe('open');
  const ended = run(one.process, [240]);
  expect(ended.changes?.plans).toMatchObject([{ purpose: 'result', detail: { unread: ['ARS-94'] } }]);
  expect(run(one.process, [6, says(6, 'ARS-94', 'read')]).changes?.plans).toMatchObject([{ detail: { unread: [] } }]);
});

test('reports of the result mail are told and move no follow-up', () => {
  const sent: DeliveryReport = {
    organisation: 'CORRUSS',
    purpose: 'result',
    step: 4,
    round: 0,
    outcome: 'sent',
    at: 0,
  };
  const { changes } = run(released(), [1, { kind: 'delivery', at: at(1), report: sent }]);
  expect(changes).toMatchObject({ followUps: [], facts: [{ kind: 'sent', organisation: 'CORRUSS' }] });
});

test('the fingerprint is of the process alone: key order, copies and the cache do not matter', () => {
  const { process, changes } = run(released(), [1, says(1, 'ARS-84', 'read')]);
  const shuffled = Object.fromEntries(Object.entries(process).reverse()) as unknown as InstructionProcess;
  expect(changes?.fingerprint).toMatch(/^[0-9a-f]{64}$/);
  expect(fingerprintOf({ ...shuffled, followUps: structuredClone(process.followUps) })).toBe(changes?.fingerprint);
  expect(fingerprintOf({ ...process, seq: 9 })).not.toBe(changes?.fingerprint);
});

test('500 recipients: a turn touches only those that changed', () => {
  const many = Array.from({ length: 500 }, (_, index) => `ARS-${index + 1000}`);
  const { process } = run(released({}, many), [0, sentTo(0, many)]);
  const { changes } = run(process, [1, says(1, 'ARS-1007', 'takenInCharge')]);
  expect(changes?.followUps.map((one) => one.organisation)).toEqual(['ARS-1007']);
  expect(run(process, [10]).changes?.plans).toHaveLength(500);
});

test('acknowledgeWithin and a step due at the same instant make one step', () => {
  const { process } = run(released({ acknowledgeWithin: 10 * MINUTE }, ['ARS-94']), [0, sentTo(0, ['ARS-94'])]);
  const { changes, process: after } = run(process, [10]);
  expect(changes?.facts.map((fact) => fact.kind)).toEqual(['acknowledgementMissed', 'stepDone']);
  expect(nextDue(after)).toBe(at(20));
});

test('a deadline moved to and fro in one minute makes at most one step a second', () => {
  let { process } = run(released({ ladder: ladderOf('alertBox', 'secondary', 'onCall') }, ['ARS-94']), [
    0,
    sentTo(0, ['ARS-94']),
  ]);
  const plans = [1, 2, 3].flatMap((hours) => {
    const move: Command = { kind: 'moveDeadline', organisations: 'all', deadline: at(90 - hours * 25), by: OFFICER };
    const moved = step(process, [command(1, move)], at(1));
    process = moved.process;
    return moved.changes?.plans.filter((plan) => plan.purpose === 'ladder') ?? [];
  });
  expect(plans).toHaveLength(1);
  expect(nextDue(process)).toBe(at(1) + SECOND);
});
