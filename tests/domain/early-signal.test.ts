import { describe, expect, test } from '@jest/globals';
import {
  isLate,
  statusOf,
  taskOf,
  type EarlySignal,
  type SignalCommand,
  type SignalMailReport,
  type SignalMessage,
} from '../../domain/early-signal.ts';
import { SIGNAL_LADDERS } from '../../domain/early-signal-delays.ts';
import { isOver, newSignal, nextDue, step } from '../../domain/early-signal-step.ts';
import { HOUR, MINUTE, SECOND, type Instant } from '../../domain/instant.ts';
import { OFFICER, RELEASED } from './arrange.ts';
import {
  DUE,
  stored,
  sent,
  command,
  followed,
  act,
  after,
  plansOf,
  acknowledge,
  complete,
  ask,
  answer,
  close,
  withdraw,
} from './early-signal-arrange.ts';

test('the first turn tells the desk at once, and counts its reminders from then, not from the storing', () => {
  const late = step(stored(), [], after(50));
  expect(plansOf(late)).toEqual(['raised desk 0']);
  expect(nextDue(late.signal)).toBe(after(55));
  expect([statusOf(late.signal), taskOf(late.signal)]).toEqual([
    'raised',
    { kind: 'signalToAcknowledge', since: RELEASED },
  ]);
});

describe('the table of commands', () => {
  const reach = (...commands: readonly SignalCommand[]): EarlySignal =>
    commands.reduce((signal, one, index) => act(signal, { ...one }, after(1 + index)).signal, followed());
  const STATES = {
    raised: [],
    'raised and complete': [complete],
    acknowledged: [acknowledge],
    complete: [acknowledge, complete],
    'details asked': [ask],
    'details answered': [ask, answer],
    closed: [close],
    withdrawn: [withdraw],
  } as const;
  const OTHER: Readonly<Record<string, SignalCommand>> = {
    acknowledge: { ...acknowledge, entry: 'a2' },
    complete: { ...complete, entry: 'c2' },
    askDetails: { ...ask, entry: 'q2' },
    answerDetails: { ...answer, entry: 'r2' },
    close: { ...close, entry: 'z2' },
    withdraw: { ...withdraw, entry: 'w2' },
  };
  /** The status after it, or the code of the refusal. */
  const TABLE: Readonly<Record<keyof typeof STATES, readonly string[]>> = {
    //                       acknowledge     complete        askDetails      answerDetails     close     withdraw
    raised: ['acknowledged', 'raised', 'acknowledged', '!unknownRequest', 'closed', 'withdrawn'],
    'raised and complete': ['complete', '!complete', 'complete', '!unknownRequest', 'closed', 'withdrawn'],
    acknowledged: ['!acknowledged', 'complete', 'acknowledged', '!unknownRequest', 'closed', 'withdrawn'],
    complete: ['!acknowledged', '!complete', 'complete', '!unknownRequest', 'closed', 'withdrawn'],
    'details asked': ['!acknowledged', 'complete', 'acknowledged', 'acknowledged', 'closed', 'withdrawn'],
    'details answered': ['!acknowledged', 'complete', 'acknowledged', '!answered', 'closed', 'withdrawn'],
    closed: ['!ended', '!ended', '!ended', '!ended', '!ended', '!ended'],
    withdrawn: ['!ended', '!ended', '!ended', '!ended', '!ended', '!ended'],
  };
  const cases = Object.entries(TABLE).flatMap(([state, row]) =>
    Object.keys(OTHER).map((kind, index) => [state as keyof typeof STATES, kind, row[index] ?? ''] as const),
  );

  test.each(cases)('%s, %s: %s', (state, kind, expected) => {
    const before = reach(...STATES[state]);
    const turn = act(before, OTHER[kind]!, after(20));
    const [said] = turn.answers;
    expect(said?.accepted === false ? `!${said.code}` : statusOf(turn.signal)).toBe(expected);
    const told = (turn.changes?.facts ?? []).filter(({ actor }) => actor.sub !== 'vigie');
    expect(told.length > 0).toBe(said?.accepted === true);
  });
});

describe('until somebody of the desk acknowledges', () => {
  test.each(['immediate', 'urgent', 'routine'] as const)(
    '%s: the desk, whoever is on duty, the head, and the head again without end',
    (urgency) => {
      const { steps, repeat } = SIGNAL_LADDERS[urgency];
      let signal = followed(urgency);
      const climbed: string[] = [];
      const instants = [...steps.map((one) => one.after), (steps.at(-1)?.after ?? 0) + repeat];
      for (const instant of instants) {
        expect(signal.ladder?.at).toBe(RELEASED + instant);
        const turn = step(signal, [], RELEASED + instant);
        climbed.push(...plansOf(turn).filter((plan) => plan.startsWith('reminder')));
        signal = step(turn.signal, [sent(turn.signal, RELEASED + instant)], RELEASED + instant).signal;
      }
      expect(climbed).toEqual([
        'reminder desk 1',
        'reminder onCall 2',
        'reminder corrussHead 3',
        'reminder corrussHead 4',
      ]);
    },
  );

  test('after an outage the first overdue step is done at once, the later ones keep their spacing', () => {
    const turn = step(followed(), [], after(60));
    expect(plansOf(turn)).toEqual(['reminder desk 1']);
    expect(nextDue(turn.signal)).toBe(after(65));
  });

  test('an acknowledgement that comes with a due reminder stops it, and takes back what is planned', () => {
    const turn = step(followed(), [command(acknowledge, after(5))], after(5));
    expect(plansOf(turn)).toEqual(['acknowledged alertBox 0']);
    expect(turn.changes?.withdrawals).toEqual([{ purpose: 'reminder', number: null }]);
    expect(turn.signal.ladder).toBeNull();
  });

  test('a first mail or a reminder that reaches nobody brings the next step at once, a repeated one does not', () => {
    const failing = (signal: EarlySignal, at: Instant): SignalMessage => ({
      kind: 'mails',
      at,
      reports: signal.mails.map((mail): SignalMailReport => ({ ...mail, outcome: 'noContact', at })),
      waiting: null,
    });
    let turn = step(stored(), [], RELEASED);
    const climbed: string[] = [];
    for (let tries = 0; tries < 8; tries += 1) {
      turn = step(turn.signal, [failing(turn.signal, RELEASED + tries)], RELEASED + tries);
      climbed.push(...plansOf(turn));
    }
    expect(climbed).toEqual(['reminder desk 1', 'reminder onCall 2', 'reminder corrussHead 3']);
    expect(nextDue(turn.signal)).toBeGreaterThan(after(25));
  });

  test('whatever an officer does is an acknowledgement', () => {
    for (const wanted of [ask, close]) {
      const turn = act(followed(), wanted, after(2));
      expect(turn.signal.acknowledged).toMatchObject({ by: OFFICER });
      expect(plansOf(turn)).toContain('acknowledged alertBox 0');
    }
  });
});

describe('what the ARS owes', () => {
  const acknowledged = () => {
    const turn = act(followed(), acknowledge, after(2));
    return step(turn.signal, [sent(turn.signal, after(3))], after(3)).signal;
  };

  test('it is reminded half an hour before its promise; late, the desk is told and has a task', () => {
    const reminded = step(acknowledged(), [], DUE - 30 * MINUTE);
    expect(plansOf(reminded)).toEqual(['due alertBox 0']);
    const late = step(reminded.signal, [], DUE);
    expect(plansOf(late)).toEqual(['late alertBox 0', 'late desk 0']);
    expect([isLate(late.signal), taskOf(late.signal)]).toEqual([true, { kind: 'signalLate', since: DUE }]);
    expect(plansOf(step(late.signal, [], DUE + 24 * HOUR))).toEqual([]);
  });

  test('a short promise is not reminded in its first half', () => {
    const short = newSignal({ ...stored(), dueAt: RELEASED + 20 * MINUTE });
    expect(short.awaited[0]?.remindAt).toBe(RELEASED + 10 * MINUTE);
  });

  test('a reminder and its term that an outage has eaten are one mail', () => {
    expect(plansOf(step(acknowledged(), [], DUE + HOUR))).toEqual(['late alertBox 0', 'late desk 0']);
  });

  test('the complete signal ends the lateness; the desk is told, and is to close', () => {
    const late = step(acknowledged(), [], DUE).signal;
    const turn = act(late, complete, DUE + HOUR);
    expect(plansOf(turn)).toEqual(['complete desk 0']);
    expect(turn.changes?.facts.map(({ kind, data }) => [kind, data['late']])).toEqual([['signalCompleted', HOUR]]);
    expect([isLate(turn.signal), taskOf(turn.signal)?.kind]).toEqual([false, 'signalToClose']);
  });

  test('an answer to the desk has its own term; both answers in, the desk is to close', () => {
    const asked = act(act(acknowledged(), complete, after(4)).signal, ask, after(5));
    expect(plansOf(asked)).toEqual(['details alertBox 1']);
    expect(taskOf(asked.signal)).toBeNull();
    const late = step(asked.signal, [], after(90));
    expect(plansOf(late)).toEqual(['late alertBox 1', 'late desk 1']);
    const answered = act(late.signal, answer, after(91));
    expect(plansOf(answered)).toEqual(['answered desk 1']);
    expect(taskOf(answered.signal)).toEqual({ kind: 'signalToClose', since: after(91) });
  });

  test('a promise that passes before anybody has acknowledged is told as well', () => {
    const turn = step(followed('routine'), [], DUE);
    expect(plansOf(turn)).toEqual(['reminder desk 1', 'late alertBox 0', 'late desk 0']);
    expect(taskOf(turn.signal)?.kind).toBe('signalToAcknowledge');
  });
});

test('it is over once it has ended and everybody has been told', () => {
  const closed = act(followed(), close, after(3)).signal;
  expect([isOver(closed), nextDue(closed)]).toEqual([false, null]);
  const told = step(closed, [sent(closed, after(4))], after(4)).signal;
  expect(isOver(told)).toBe(true);
});

test('mails that are put off are asked for again, later each time', () => {
  const putOff = (signal: EarlySignal, at: Instant) =>
    step(signal, [{ kind: 'mails', at, reports: [], waiting: 1 }], at);
  const first = putOff(step(stored(), [], RELEASED).signal, RELEASED);
  expect([first.changes, nextDue(first.signal)]).toEqual([null, RELEASED + 5 * SECOND]);
  const again = step(first.signal, [], RELEASED + 5 * SECOND);
  expect([again.dispatch, again.changes]).toEqual([true, null]);
  expect(nextDue(putOff(again.signal, RELEASED + 6 * SECOND).signal)).toBe(RELEASED + 21 * SECOND);
});
