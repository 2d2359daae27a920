import { expect, test } from '@jest/globals';
import { HOUR, MINUTE } from '../../domain/instant.ts';
import { at, ladderOf, OFFICER, Telling } from './arrange.ts';

const LADDER = { ladder: ladderOf('alertBox', 'secondary', 'onCall', 'director') };

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

test('a passed deadline: late, the desk is told, and a paused ladder goes on at once', () => {
  const told = new Telling({ ...LADDER, takenInChargeExpires: 10 * HOUR }).sent(0);
  told.says(5, 'takenInCharge');
  told.due(240);
  expect(told.facts()).toEqual(['deadlinePassed', 'pauseEnded', 'stepDone']);
  expect(told.planned()).toEqual(['late', 'ladder']);
  expect(told.followUp).toMatchObject({ late: true, state: 'takenInCharge', pausedUntil: null });
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
