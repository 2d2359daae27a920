import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { spanOf } from '../../domain/deadline.ts';
import { DAY, MINUTE, SECOND } from '../../domain/instant.ts';
import { DEADLINE_CLASSES, LADDER_TARGETS, type LadderStep } from '../../domain/instruction.ts';
import { defaultLadder } from '../../domain/ladder.ts';
import { at, Telling } from './arrange.ts';

test('without delay: 15 minutes, steps at 5, 10, 15, 20, 30 and 45 minutes, up to the head of desk', () => {
  expect(spanOf('DEL0')).toBe(15 * MINUTE);
  expect(defaultLadder('DEL0').map((step) => step.after / MINUTE)).toEqual([5, 10, 15, 20, 30, 45]);
  expect(defaultLadder('DEL0').map((step) => step.target)).toEqual([...LADDER_TARGETS]);
});

test.each(DEADLINE_CLASSES)(
  '%s: proportional, the first step never later than half the time, each with a reason',
  (one) => {
    const ladder = defaultLadder(one);
    expect(ladder[0]?.after).toBeLessThanOrEqual(spanOf(one) / 2);
    expect(ladder.map((step) => step.after / spanOf(one))).toEqual(
      [5, 10, 15, 20, 30, 45].map((minutes) => minutes / 15),
    );
    for (const { reason } of ladder) expect(reason.length).toBeGreaterThan(20);
  },
);

test('whatever the time left, the steps follow each other by a second at least', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 366 * DAY }), (span) => {
      const delays = defaultLadder(span).map((step) => step.after);
      expect(delays.every((delay, index) => delay - (delays[index - 1] ?? 0) >= SECOND)).toBe(true);
      if (span >= 2 * SECOND) expect(delays[0]).toBeLessThanOrEqual(span / 2);
    }),
  );
});

const step = fc.record({
  after: fc.integer({ min: 1, max: 90 }),
  target: fc.constantFrom(...LADDER_TARGETS),
  channel: fc.constant('mail' as const),
});
const ladders = fc
  .uniqueArray(step, { minLength: 1, maxLength: 20, selector: (one) => one.after })
  .map((steps): LadderStep[] =>
    steps.sort((a, b) => a.after - b.after).map((one) => ({ ...one, after: one.after * MINUTE })),
  );

test('any ladder: each step once, in order, at its time, then unreachable', () => {
  fc.assert(
    fc.property(ladders, fc.boolean(), (ladder, leads) => {
      const told = new Telling({ ladder, span: 10 * DAY }, leads ? null : 'ARS-93').sent(0);
      const done = told.pass(60 * 24);
      if (!leads) expect(done).toEqual(ladder.map(({ after, target }) => `${after / MINUTE}:${target}`));
      expect(done).toHaveLength(ladder.filter((one) => !leads || one.target !== 'zoneArs').length);
      expect(told.followUp).toMatchObject({ state: 'unreachable', closed: false, ladderStep: ladder.length });
    }),
  );
});

test('any ladder, an outage at any moment: one step on return, then the spacing as it was', () => {
  fc.assert(
    fc.property(ladders, fc.integer({ min: 1, max: 500 }), (ladder, back) => {
      const told = new Telling({ ladder, span: 10 * DAY }).sent(0);
      const overdue = (ladder[0]?.after ?? 0) <= back * MINUTE;
      told.due(back);
      expect(told.effects.plans.filter((plan) => plan.purpose === 'ladder')).toHaveLength(overdue ? 1 : 0);
      const first = overdue ? back : (ladder[0]?.after ?? 0) / MINUTE;
      const minutes = told.pass(60 * 24).map((one) => Number(one.split(':')[0]));
      const all = overdue ? [back, ...minutes] : minutes;
      expect(all).toEqual(ladder.map((one) => first + (one.after - (ladder[0]?.after ?? 0)) / MINUTE));
    }),
  );
});

test('any ladder, an answer at any moment: nothing until its pause ends, then the next undone step', () => {
  fc.assert(
    fc.property(ladders, fc.integer({ min: 0, max: 100 }), (ladder, answer) => {
      const told = new Telling({ ladder, span: 10 * DAY, takenInChargeExpires: 30 * MINUTE }).sent(0);
      const before = told.pass(answer).length;
      told.says(answer, 'takenInCharge');
      expect(told.pass(answer + 29.9)).toEqual([]);
      expect(told.followUp.pausedUntil).toBe(at(answer + 30));
      const after = told.pass(60 * 24 * 9);
      expect(before + after.length).toBe(ladder.length);
      if (after.length > 0) expect(after[0]).toBe(`${answer + 30}:${ladder[before]?.target ?? ''}`);
    }),
  );
});
