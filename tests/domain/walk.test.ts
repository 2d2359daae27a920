import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { wanderer } from './walk-model.ts';

const RUNS = 500;

test('random walks of replies, mails, commands of the desk and time keep every invariant of a process', () => {
  const seed = Date.now() % 2_147_483_647;
  process.stdout.write(`random walks: fast-check seed ${seed}\n`);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0x7fff_ffff }), (walkSeed) => {
      wanderer(walkSeed).walk(30);
    }),
    { seed, numRuns: RUNS },
  );
});

test('walks see the whole table: every kind of fact of a process, every state, re-openings and ends', () => {
  const facts = new Set<string>();
  const states = new Set<string>();
  for (let seed = 1; seed <= 120; seed += 1) {
    const walked = wanderer(seed);
    walked.walk(30);
    walked.facts.forEach((kind) => facts.add(kind));
    walked.states.forEach((state) => states.add(state));
  }
  expect([...facts]).toEqual(expect.arrayContaining(SEEN));
  expect(states.size).toBe(12);
});

const SEEN = [
  ...['sent', 'deliveryFailed', 'stepDone', 'stepPassed', 'replied', 'replyRefused', 'rubbishReceived', 'pauseEnded'],
  ...[
    'acknowledgementMissed',
    'deadlinePassed',
    'unreachable',
    'returned',
    'accepted',
    'closedByHead',
    'deadlineMoved',
  ],
  ...['acceptanceAwaited', 'callRecorded', 'closed', 'reopened', 'ended'],
  ...['mailUnclear', 'mailClassified', 'mailAutomatic', 'outOfOffice', 'bounced'],
];
