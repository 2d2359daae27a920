import { expect, test } from '@jest/globals';
import { HOUR, MINUTE } from '../../domain/instant.ts';
import { nextStep } from '../../domain/follow-up.ts';
import { at, ladderOf, OFFICER, Telling } from './arrange.ts';

const LADDER = { ladder: ladderOf('alertBox', 'secondary', 'onCall', 'director') };
const iso = (minutes: number): string => new Date(at(minutes)).toISOString();

test('received and read are recorded, never lower a state and do not stop the ladder', () => {
  const told = new Telling(LADDER).sent(0).says(1, 'read').says(2, 'received');
  expect(told.followUp).toMatchObject({ state: 'read', lastReply: { kind: 'received' }, acknowledgedAt: at(1) });
  expect(told.withdrawn()).toEqual([]);
  expect(told.pass(10)).toEqual(['10:alertBox']);
  told.says(11, 'takenInCharge').says(12, 'read');
  expect(told.followUp.state).toBe('takenInCharge');
});

test('taken in charge stops the ladder until half the remaining time, then it goes on at the next undone step', () => {
  const told = new Telling(LADDER).sent(0);
  told.pass(10);
  told.says(40, 'takenInCharge');
  expect(told.followUp).toMatchObject({ state: 'takenInCharge', pausedUntil: at(140) });
  expect(told.withdrawn()).toEqual(['ladder']);
  expect(nextStep(told.followUp)).toEqual({ target: 'secondary', channel: 'mail', at: at(140) });
  expect(told.pass(239)).toEqual(['140:secondary', '150:onCall', '160:director']);
});

test.each([
  ['the default is at least 15 minutes', 230, null, 240],
  ['the desk’s own expiry counts', 30, 45 * MINUTE, 75],
  ['no pause outlasts the deadline', 220, 45 * MINUTE, 240],
])('pause: %s', (_fact, minute, takenInChargeExpires, until) => {
  const told = new Telling({ ...LADDER, takenInChargeExpires }).sent(0).says(minute, 'takenInCharge');
  expect(told.followUp.pausedUntil).toBe(at(until));
});

test('the default pause is 15 minutes when less than 30 remain', () => {
  const told = new Telling({ ...LADDER, span: 2 * HOUR }).sent(0).says(100, 'takenInCharge');
  expect(told.followUp.pausedUntil).toBe(at(115));
});

test('an answer after the deadline stops the ladder all the same', () => {
  const told = new Telling({ ladder: ladderOf('alertBox'), span: 5 * MINUTE }).sent(0);
  told.pass(5);
  told.says(8, 'takenInCharge');
  expect(told.followUp).toMatchObject({ late: true, pausedUntil: at(23) });
  expect(told.pass(22)).toEqual([]);
});

test('an answer in the very turn in which its deadline has passed is late and still stops the ladder', () => {
  const told = new Telling({ ...LADDER, span: 5 * MINUTE }).sent(0).says(12, 'takenInCharge');
  expect(told.facts()).toEqual(['replied', 'deadlinePassed']);
  expect(told.followUp).toMatchObject({ late: true, pausedUntil: at(27) });
  expect(told.due(12).planned()).toEqual([]);
});

test('a percent lower than before needs a comment', () => {
  const told = new Telling().sent(0).says(1, 'progress', { percent: 60 });
  told.says(2, 'progress', { percent: 40 });
  expect(told.refusal).toMatchObject({ code: 'invalid', errors: [{ pointer: '/comment' }] });
  expect(told.followUp.percent).toBe(60);
  told.says(3, 'progress', { percent: 40, comment: 'recomptage' });
  expect(told.followUp).toMatchObject({ state: 'inProgress', percent: 40 });
});

test('a deferral moves the deadline; afterwards the ladder starts again at its first step, in a new round', () => {
  const told = new Telling(LADDER).sent(0);
  told.pass(20);
  told.says(25, 'deferred', { until: iso(600) });
  expect(told.followUp).toMatchObject({ state: 'deferred', deadline: at(600), pausedUntil: at(600), late: false });
  expect(told.pass(700)).toEqual(['600:alertBox', '620:secondary', '630:onCall', '640:director']);
  expect(told.followUp).toMatchObject({ round: 1, late: true, returns: 0, state: 'unreachable' });
});

test.each([
  ['past its limit', 240 + 24 * 60 + 1, null, 'tooLate'],
  ['past the desk’s own limit', 240 + 61, HOUR, 'tooLate'],
  ['into the past', 5, null, 'past'],
])('a deferral %s is refused', (_fact, minute, deferralLimit, code) => {
  const told = new Telling({ ...LADDER, deferralLimit }).sent(0).says(10, 'deferred', { until: iso(minute) });
  expect(told.refusal).toMatchObject({ code: 'invalid', errors: [{ pointer: '/until', code }] });
});

test('deferrals cannot be chained past the limit', () => {
  const told = new Telling(LADDER).sent(0).says(10, 'deferred', { until: iso(240 + 24 * 60) });
  told.says(20, 'deferred', { until: iso(240 + 24 * 60 + 1) });
  expect(told.refusal?.code).toBe('invalid');
});

test('a refusal closes, tells the desk at once and may be returned', () => {
  const told = new Telling(LADDER).sent(0).says(5, 'refused');
  expect(told.followUp).toMatchObject({ state: 'refused', closed: true });
  expect([told.planned(), told.tasks()]).toEqual([['refused'], ['+refused']]);
  expect(told.nextMinute()).toBeNull();
  told.event(9, { kind: 'return', reason: 'à faire', by: OFFICER });
  expect(told.followUp).toMatchObject({ state: 'sent', closed: false, returns: 1, round: 1, deadline: at(249) });
  expect(told.tasks()).toContain('-refused');
  expect(told.effects.plans).toMatchObject([{ purpose: 'return', round: 1, detail: { reason: 'à faire' } }]);
  expect(told.pass(60)).toEqual(['19:alertBox', '29:secondary', '39:onCall', '49:director']);
});

test.each(['automatic', 'required'] as const)('the ARS takes back its done within 30 minutes (%s)', (acceptance) => {
  const told = new Telling({ ...LADDER, acceptance }).sent(0).says(5, 'done');
  const late = new Telling({ ...LADDER, acceptance }).sent(0).says(5, 'done').says(36, 'takenInCharge');
  expect(late.refusal?.code).toBe(acceptance === 'automatic' ? 'closed' : 'notAllowed');
  told.says(35, 'progress', { percent: 20 });
  expect(told.followUp).toMatchObject({ state: 'inProgress', closed: false, percent: 20, doneAt: null });
  expect(told.tasks()).toEqual(acceptance === 'required' ? ['-acceptance'] : []);
});

test('the desk does not take back a done on behalf of an ARS', () => {
  const told = new Telling().sent(0).says(5, 'done').says(6, 'takenInCharge', { onBehalfBy: 'corruss-chef' });
  expect(told.refusal?.code).toBe('closed');
});

test('required evidence: a comment or a file', () => {
  const told = new Telling({ evidence: 'required' }).sent(0).says(1, 'done');
  expect(told.refusal).toMatchObject({ code: 'invalid', errors: [{ pointer: '/comment' }] });
  expect(told.says(2, 'done', { evidence: ['0198c0de-0000-7000-8000-000000000001'] }).followUp.closed).toBe(true);
});

test('information: closed by read, no ladder, no other reply; at its term it ends unread', () => {
  const information = { nature: 'information', ladder: [] } as const;
  const told = new Telling(information).sent(0).says(1, 'received').says(2, 'done');
  expect(told.refusal?.code).toBe('notAllowed');
  expect(told.says(3, 'read').followUp).toMatchObject({ state: 'read', closed: true });
  const unread = new Telling(information).sent(0).due(240);
  expect(unread.followUp).toMatchObject({ state: 'sent', closed: true, late: true });
  expect([unread.facts(), unread.planned()]).toEqual([['deadlinePassed'], []]);
});
