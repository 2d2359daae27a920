import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  mailKey,
  type EarlySignal,
  type SignalCommand,
  type SignalMailReport,
  type SignalMessage,
} from '../../domain/early-signal.ts';
import { nextDue, step } from '../../domain/early-signal-step.ts';
import { MINUTE, type Instant } from '../../domain/instant.ts';
import { RELEASED } from './arrange.ts';
import { stored, command, acknowledge, complete, ask, answer, close, withdraw } from './early-signal-arrange.ts';

interface Move {
  readonly minutes: number;
  readonly wanted: SignalCommand | null;
  readonly fresh: boolean;
  readonly outcome: SignalMailReport['outcome'] | null;
}

function messagesOf(
  before: EarlySignal,
  { wanted, fresh, outcome }: Move,
  now: Instant,
  index: number,
): SignalMessage[] {
  const reports = outcome === null ? [] : before.mails.map((mail): SignalMailReport => ({ ...mail, outcome, at: now }));
  return [
    ...(wanted === null ? [] : [command(fresh ? ({ ...wanted, entry: String(index) } as SignalCommand) : wanted, now)]),
    ...(outcome === null ? [] : [{ kind: 'mails', at: now, reports, waiting: 0 } as const]),
  ];
}

test('whatever happens in whatever order: ends are final, entries count once, no mail is planned twice, time goes on', () => {
  const kinds = fc.constantFrom<SignalCommand>(acknowledge, complete, ask, answer, close, withdraw, { kind: 'raise' });
  const move = fc.record({
    minutes: fc.integer({ min: 0, max: 300 }),
    wanted: fc.option(kinds),
    fresh: fc.boolean(),
    outcome: fc.constantFrom('sent' as const, 'failed' as const, null),
  });
  fc.assert(
    fc.property(fc.array(move, { maxLength: 30 }), (moves) => {
      let now = RELEASED;
      let turn = step(stored('urgent'), [], now);
      const planned = [...(turn.changes?.plans ?? [])].map((mail) => mailKey('', mail));
      moves.forEach((one, index) => {
        now += one.minutes * MINUTE;
        const before = turn.signal;
        const messages = messagesOf(before, one, now, index);
        turn = step(before, messages, now);
        const { signal, changes } = turn;
        planned.push(...(changes?.plans ?? []).map((mail) => mailKey('', mail)));
        expect(signal.seq - before.seq).toBe(changes === null ? 0 : 1);
        if (before.ending !== null) expect([signal.ending, signal.awaited]).toEqual([before.ending, before.awaited]);
        expect(signal.ladder === null).toBe(signal.acknowledged !== null || signal.ending !== null);
        // Nothing that is due is left, so that a workflow never turns without an end.
        expect(nextDue(signal) ?? now + 1).toBeGreaterThan(now);
        if (one.wanted === null || one.wanted.kind === 'raise' || turn.answers[0]?.accepted !== true) return;
        expect(step(signal, messages.slice(0, 1), now).answers).toEqual([{ accepted: true, replayed: true }]);
      });
      expect(new Set(planned).size).toBe(planned.length);
    }),
    { numRuns: 500 },
  );
});
