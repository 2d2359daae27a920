import { expect, test } from '@jest/globals';
import { at, ladderOf, OFFICER, Telling } from './arrange.ts';

const LADDER = { ladder: ladderOf('alertBox', 'secondary', 'onCall', 'director') };
const iso = (minutes: number): string => new Date(at(minutes)).toISOString();

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

test('a completion that waits for acceptance does not become late', () => {
  const told = new Telling({ ...LADDER, acceptance: 'required' }).sent(0).says(5, 'done');
  told.pass(1000);
  expect(told.followUp).toMatchObject({ late: false, state: 'done' });
});

test('the head of desk ends what nothing else ends; a cancellation withdraws everything planned', () => {
  const told = new Telling(LADDER).event(1, { kind: 'close', reason: 'injoignable', by: OFFICER });
  expect(told.followUp).toMatchObject({ state: 'cancelled', closed: true });
  expect(told.withdrawn()).toEqual(expect.arrayContaining(['instruction', 'ladder', 'return', 'deadline']));
  const cancelled = new Telling(LADDER).event(1, { kind: 'cancel', reason: 'levée', by: OFFICER });
  expect(cancelled.effects.facts.at(-1)).toMatchObject({ kind: 'closedByHead', data: { cancelled: true } });
  expect(cancelled.says(2, 'done').refusal?.code).toBe('closed');
});
