import { expect, test } from '@jest/globals';
import { HOUR, MINUTE } from '../../domain/instant.ts';
import { nextStep } from '../../domain/follow-up.ts';
import { at, ladderOf, OFFICER, Telling } from './arrange.ts';

const LADDER = { ladder: ladderOf('alertBox', 'secondary', 'onCall', 'director') };
const iso = (minutes: number): string => new Date(at(minutes)).toISOString();

test('nothing is due before the first mail is sent, except the deadline', () => {
  const told = new Telling(LADDER);
  expect(told.followUp.state).toBe('pending');
  expect(told.nextMinute()).toBe(240);
  expect(told.pass(200)).toEqual([]);
});

test('the ladder and a deadline given as a class count from the outcome of the first mail', () => {
  const told = new Telling(LADDER).sent(7);
  expect(told.followUp).toMatchObject({ state: 'sent', sentAt: at(7), deadline: at(247), orderedDeadline: at(247) });
  expect(told.pass(60)).toEqual(['17:alertBox', '27:secondary', '37:onCall', '47:director']);
});

test('an absolute deadline does not move with the sending', () => {
  const told = new Telling({ ...LADDER, span: null, deadline: at(120) }).sent(7);
  expect(told.followUp.deadline).toBe(at(120));
});

test('a deadline moved before the sending is not counted again from it', () => {
  const told = new Telling(LADDER).event(1, { kind: 'moveDeadline', deadline: at(300), by: OFFICER }).sent(7);
  expect(told.followUp.deadline).toBe(at(300));
});

test('a failed first mail goes to the next contact at once; the ladder counts from the first mail that left', () => {
  const told = new Telling(LADDER).report(3, 'failed', 0);
  expect(told.nextMinute()).toBe(3);
  expect(told.due(3).effects.plans).toMatchObject([{ purpose: 'ladder', step: 1, target: 'alertBox' }]);
  expect(told.followUp.state).toBe('pending');
  expect(told.nextMinute()).toBe(240);
  told.report(5, 'sent', 1);
  expect(told.followUp).toMatchObject({ state: 'sent', sentAt: at(5) });
  expect(told.pass(60)).toEqual(['25:secondary', '35:onCall', '45:director']);
});

test('when every contact fails the recipient is unreachable, still open, and the desk is told once', () => {
  const told = new Telling({ ladder: ladderOf('alertBox', 'secondary') }).report(0, 'failed', 0).due(0);
  told.report(0, 'failed', 1).due(0);
  expect(told.planned()).toEqual(['ladder', 'unreachable']);
  expect(told.tasks()).toEqual(['+unreachable']);
  told.report(1, 'failed', 2);
  expect(told.planned()).toEqual([]);
  expect(told.followUp).toMatchObject({ state: 'unreachable', closed: false });
});

test('a mail refused for good (5xx) hands over to the next contact at once, the later steps keep their time', () => {
  const told = new Telling(LADDER).sent(0);
  told.pass(10);
  told.report(11, 'failed', 1);
  expect(told.pass(60)).toEqual(['11:secondary', '30:onCall', '40:director']);
  expect(told.followUp.steps.map((step) => step.status)).toEqual(['failed', 'planned', 'planned', 'planned']);
});

test('a failure known only after the next step was done hastens nothing', () => {
  const told = new Telling(LADDER).sent(0);
  told.pass(20);
  told.report(21, 'failed', 1);
  expect(told.nextMinute()).toBe(30);
});

test('a step without contact is passed and the next one done in its place', () => {
  const told = new Telling(LADDER).sent(0);
  told.pass(10);
  told.report(10, 'noContact', 1);
  expect(told.facts()).toEqual(['stepPassed']);
  expect(told.pass(60)).toEqual(['10:secondary', '30:onCall', '40:director']);
  expect(told.followUp.steps[0]?.status).toBe('passed');
});

test('a zone lead’s own zone step is passed at once and the next one done in its place', () => {
  const told = new Telling({ ladder: ladderOf('alertBox', 'zoneArs', 'corrussHead') }, null).sent(0);
  expect(told.pass(60)).toEqual(['10:alertBox', '20:corrussHead']);
  expect(told.followUp.state).toBe('unreachable');
});

test('after an outage the first overdue step is done at once and the later ones keep their spacing', () => {
  const told = new Telling(LADDER).sent(0);
  told.due(95);
  expect(told.effects.plans.map((plan) => plan.target)).toEqual(['alertBox']);
  expect(told.effects.facts).toMatchObject([{ kind: 'stepDone', data: { due: at(10) } }]);
  expect(told.pass(200)).toEqual(['105:secondary', '115:onCall', '125:director']);
});

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

test('a return whose mail fails goes to the first contact at once; reports of the older round move nothing', () => {
  const told = new Telling(LADDER).sent(0);
  told.pass(10);
  told.says(11, 'done').event(12, { kind: 'return', reason: 'incomplet', deadline: at(100), by: OFFICER });
  const before = told.followUp;
  told.report(13, 'failed', 1, { round: 0 });
  told.report(13, 'failed', 0, { round: 0 });
  expect(told.followUp).toEqual(before);
  told.report(14, 'failed', 2, { purpose: 'return' });
  expect(told.pass(14)).toEqual(['14:alertBox']);
  told.report(15, 'failed', 1, { round: 0 });
  expect(told.followUp.steps[0]?.status).toBe('planned');
  expect(told.nextMinute()).toBe(32);
});

test('done closes where acceptance is automatic; where it is required the desk is reminded after 2 h and accepts', () => {
  expect(new Telling().sent(0).says(5, 'done').followUp).toMatchObject({ state: 'done', closed: true });
  const told = new Telling({ ...LADDER, acceptance: 'required' }).sent(0).says(5, 'done');
  expect(told.followUp).toMatchObject({ state: 'done', closed: false });
  expect([told.facts(), told.tasks()]).toEqual([['replied', 'acceptanceAwaited'], ['+acceptance']]);
  expect(told.nextMinute()).toBe(125);
  expect(told.due(125).planned()).toEqual(['acceptance']);
  expect(told.nextMinute()).toBeNull();
  told.event(130, { kind: 'accept', by: OFFICER });
  expect([told.followUp.state, told.followUp.closed, told.tasks()]).toEqual(['accepted', true, ['-acceptance']]);
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

test('a moved deadline shifts the undone steps by the difference and ends the lateness', () => {
  const told = new Telling(LADDER).sent(0);
  told.pass(10);
  told.event(12, { kind: 'moveDeadline', deadline: at(300), by: OFFICER });
  expect(told.planned()).toEqual(['deadline']);
  expect(told.pass(150)).toEqual(['80:secondary', '90:onCall', '100:director']);
  told.pass(300);
  expect(told.followUp.late).toBe(true);
  told.event(310, { kind: 'moveDeadline', deadline: at(400), by: OFFICER });
  expect(told.followUp.late).toBe(false);
});

test('a deadline shortened so far that steps are overdue: one now, the others spaced as before', () => {
  const told = new Telling(LADDER).sent(0).event(5, { kind: 'moveDeadline', deadline: at(60), by: OFFICER });
  expect(told.due(5).planned()).toEqual(['ladder']);
  expect(told.pass(59)).toEqual(['15:secondary', '25:onCall', '35:director']);
});

test('a moved deadline moves the pause of a deferral, and cuts that of an answer', () => {
  const deferred = new Telling(LADDER).sent(0).says(1, 'deferred', { until: iso(600) });
  expect(deferred.event(2, { kind: 'moveDeadline', deadline: at(700), by: OFFICER }).followUp.pausedUntil).toBe(
    at(700),
  );
  const taken = new Telling(LADDER).sent(0).says(0, 'takenInCharge');
  expect(taken.event(2, { kind: 'moveDeadline', deadline: at(60), by: OFFICER }).followUp.pausedUntil).toBe(at(60));
  expect(taken.event(3, { kind: 'moveDeadline', deadline: at(900), by: OFFICER }).followUp.pausedUntil).toBe(at(60));
});

test('a passed deadline: late, the desk is told, and a paused ladder goes on at once', () => {
  const told = new Telling({ ...LADDER, takenInChargeExpires: 10 * HOUR }).sent(0);
  told.says(5, 'takenInCharge');
  told.due(240);
  expect(told.facts()).toEqual(['deadlinePassed', 'pauseEnded', 'stepDone']);
  expect(told.planned()).toEqual(['late', 'ladder']);
  expect(told.followUp).toMatchObject({ late: true, state: 'takenInCharge', pausedUntil: null });
});

test('a completion that waits for acceptance does not become late', () => {
  const told = new Telling({ ...LADDER, acceptance: 'required' }).sent(0).says(5, 'done');
  told.pass(1000);
  expect(told.followUp).toMatchObject({ late: false, state: 'done' });
});

test('no reply of any kind within acknowledgeWithin: the first undone step is done now', () => {
  const told = new Telling({ ...LADDER, acknowledgeWithin: 4 * MINUTE }).sent(0);
  expect(told.pass(60)).toEqual(['4:alertBox', '20:secondary', '30:onCall', '40:director']);
  const read = new Telling({ ...LADDER, acknowledgeWithin: 4 * MINUTE }).sent(0).says(3, 'received');
  expect(read.pass(9)).toEqual([]);
});

test('after the last step the ARS is unreachable until it answers; then the desk’s task is closed', () => {
  const told = new Telling({ ladder: ladderOf('alertBox') }).sent(0);
  told.due(10);
  expect([told.facts(), told.planned(), told.tasks()]).toEqual([
    ['stepDone', 'unreachable'],
    ['ladder', 'unreachable'],
    ['+unreachable'],
  ]);
  expect(told.says(11, 'read').followUp.state).toBe('unreachable');
  expect(told.says(12, 'takenInCharge').followUp.state).toBe('takenInCharge');
  expect(told.tasks()).toEqual(['-unreachable']);
  told.due(126);
  expect([told.followUp.state, told.planned()]).toEqual(['unreachable', ['unreachable']]);
});

test('a call is a task and no mail; the officer who rang ticks it, an answer makes it needless', () => {
  const ladder = [{ after: 10 * MINUTE, target: 'onCall', channel: 'call' }] as const;
  const told = new Telling({ ladder: [...ladder, { after: 20 * MINUTE, target: 'director', channel: 'call' }] }).sent(
    0,
  );
  told.due(10);
  expect([told.planned(), told.tasks()]).toEqual([[], ['+call']]);
  told.event(11, { kind: 'recordCall', step: 1, answeredBy: 'Dr Roy', outcome: 'rappelle', by: OFFICER });
  expect([told.tasks(), told.followUp.steps[0]?.status]).toEqual([['-call'], 'sent']);
  told.event(12, { kind: 'recordCall', step: 1, answeredBy: 'Dr Roy', outcome: 'rappelle', by: OFFICER });
  expect(told.refusal?.code).toBe('notAllowed');
  told.due(20).says(21, 'done');
  expect(told.tasks()).toEqual(['-unreachable', '-call']);
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

test('the head of desk ends what nothing else ends; a cancellation withdraws everything planned', () => {
  const told = new Telling(LADDER).event(1, { kind: 'close', reason: 'injoignable', by: OFFICER });
  expect(told.followUp).toMatchObject({ state: 'cancelled', closed: true });
  expect(told.withdrawn()).toEqual(expect.arrayContaining(['instruction', 'ladder', 'return', 'deadline']));
  const cancelled = new Telling(LADDER).event(1, { kind: 'cancel', reason: 'levée', by: OFFICER });
  expect(cancelled.effects.facts.at(-1)).toMatchObject({ kind: 'closedByHead', data: { cancelled: true } });
  expect(cancelled.says(2, 'done').refusal?.code).toBe('closed');
});
