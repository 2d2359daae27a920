import { expect, test } from '@jest/globals';
import { RECIPIENT_STATES, type FollowUp, type RecipientState } from '../../domain/follow-up-state.ts';
import { apply, nextDue, type FollowUpEvent } from '../../domain/follow-up.ts';
import { ACCEPTANCES, type Acceptance } from '../../domain/instruction.ts';
import { REPLY_KINDS } from '../../domain/reply-kinds.ts';
import { at, ladderOf, OFFICER, reply, report, Telling } from './arrange.ts';

/** What each event makes of each state: the next state (`!` closed), or `-` and why it is refused. */
const NOW = 30;
const by = OFFICER;
const until = new Date(at(300)).toISOString();

const EVENTS: Readonly<Record<string, FollowUpEvent>> = {
  ...Object.fromEntries(
    REPLY_KINDS.map((kind) => [
      kind,
      { kind: 'reply', reply: reply(kind, kind === 'deferred' ? { until } : {}) } satisfies FollowUpEvent,
    ]),
  ),
  return: { kind: 'return', reason: 'à compléter', by },
  accept: { kind: 'accept', by },
  close: { kind: 'close', reason: 'sans objet', by },
  cancel: { kind: 'cancel', reason: 'annulée', by },
  moveDeadline: { kind: 'moveDeadline', deadline: at(300), by },
  recordCall: { kind: 'recordCall', step: 1, answeredBy: 'Dr Roy', outcome: 'rappelle', by },
  askSupport: { kind: 'askSupport', reason: 'renfort', by },
  recordSupport: { kind: 'recordSupport', request: 1, answeredBy: 'Dr Roy', outcome: 'accordé', by },
  sent: { kind: 'report', report: report('sent') },
  failed: { kind: 'report', report: report('failed') },
  noContact: { kind: 'report', report: report('noContact') },
  withdrawn: { kind: 'report', report: report('withdrawn') },
  stepSent: { kind: 'report', report: report('sent', 1) },
  due: { kind: 'due' },
};

/** Each state as it is really reached, 5 to 25 minutes after the release; `done` waits for its acceptance. */
function reach(state: RecipientState, acceptance: Acceptance): FollowUp {
  const told = new Telling({ acceptance, ladder: ladderOf('alertBox') });
  const story: Readonly<Record<RecipientState, () => Telling>> = {
    pending: () => told,
    sent: () => told.sent(25),
    received: () => told.sent(25).says(26, 'received'),
    read: () => told.sent(25).says(26, 'read'),
    takenInCharge: () => told.sent(5).says(20, 'takenInCharge'),
    inProgress: () => told.sent(5).says(20, 'progress', { percent: 40 }),
    done: () => told.sent(5).says(20, 'done'),
    accepted: () => told.sent(5).says(20, 'done').event(21, { kind: 'accept', by }),
    refused: () => told.sent(5).says(20, 'refused'),
    deferred: () => told.sent(5).says(20, 'deferred', { until: new Date(at(280)).toISOString() }),
    unreachable: () => told.sent(5).due(15),
    cancelled: () => told.sent(5).event(20, { kind: 'close', reason: 'sans objet', by }),
  };
  const { followUp } = story[state]();
  expect(followUp.state).toBe(state);
  return followUp;
}

function outcome(followUp: FollowUp, event: FollowUpEvent, acceptance: Acceptance): string {
  const { context } = new Telling({ acceptance, ladder: ladderOf('alertBox') });
  const applied = apply(followUp, event, at(NOW), context);
  if ('refusal' in applied) return `-${applied.refusal.code}`;
  const { state, closed } = applied.followUp;
  return `${state}${closed ? '!' : ''}`;
}

const ANSWERS = {
  takenInCharge: 'takenInCharge',
  progress: 'inProgress',
  done: 'done!',
  refused: 'refused!',
  deferred: 'deferred',
};
const OPEN = {
  ...ANSWERS,
  return: '-notAllowed',
  accept: '-notAllowed',
  close: 'cancelled!',
  cancel: 'cancelled!',
  recordCall: '-invalid',
  recordSupport: '-invalid',
};
const CLOSED = {
  ...Object.fromEntries(Object.keys(EVENTS).map((event) => [event, '-closed'])),
  // What was asked for before is still noted.
  recordSupport: '-invalid',
};
const stays = (state: string): Record<string, string> =>
  Object.fromEntries([...Object.keys(EVENTS)].map((event) => [event, state]));
/** Reports and the clock never refuse. */
const reported = (state: string): Record<string, string> =>
  Object.fromEntries(
    ['sent', 'failed', 'noContact', 'withdrawn', 'stepSent', 'due'].map((event) => [event, state] as const),
  );

/** Acceptance automatic. What is not named stays in its state. */
const TABLE: Readonly<Record<RecipientState, Readonly<Record<string, string>>>> = {
  pending: { ...stays('pending'), ...OPEN, received: 'received', read: 'read', sent: 'sent' },
  sent: { ...stays('sent'), ...OPEN, received: 'received', read: 'read' },
  received: { ...stays('received'), ...OPEN, read: 'read' },
  read: { ...stays('read'), ...OPEN },
  takenInCharge: { ...stays('takenInCharge'), ...OPEN },
  inProgress: { ...stays('inProgress'), ...OPEN, takenInCharge: 'inProgress' },
  deferred: { ...stays('deferred'), ...OPEN },
  unreachable: { ...stays('unreachable'), ...OPEN },
  done: { ...CLOSED, ...reported('done!'), takenInCharge: 'takenInCharge', progress: 'inProgress', return: 'sent' },
  refused: { ...CLOSED, ...reported('refused!'), return: 'sent' },
  cancelled: { ...CLOSED, ...reported('cancelled!') },
  accepted: { ...CLOSED, ...reported('accepted!'), return: 'sent' },
};

/** Acceptance required: what differs. */
const REQUIRED: Readonly<Partial<Record<RecipientState, Readonly<Record<string, string>>>>> = {
  done: {
    ...stays('done'),
    takenInCharge: 'takenInCharge',
    progress: 'inProgress',
    refused: '-notAllowed',
    deferred: '-notAllowed',
    return: 'sent',
    accept: 'accepted!',
    close: 'cancelled!',
    cancel: 'cancelled!',
    recordCall: '-invalid',
    recordSupport: '-invalid',
  },
};

const CASES = ACCEPTANCES.flatMap((acceptance) =>
  RECIPIENT_STATES.filter((state) => acceptance === 'required' || state !== 'accepted').map(
    (state) => [state, acceptance] as const,
  ),
);

test.each(CASES)('every event upon «%s» (acceptance %s)', (state, acceptance) => {
  const followUp = reach(state, acceptance);
  const expected = { ...TABLE[state], ...(acceptance === 'required' ? (REQUIRED[state] ?? {}) : {}) };
  if (acceptance === 'required' && !followUp.closed && state !== 'done') expected['done'] = 'done';
  const found = Object.fromEntries(
    Object.entries(EVENTS).map(([name, event]) => [name, outcome(followUp, event, acceptance)]),
  );
  expect(found).toEqual(expected);
});

test.each(CASES)(
  'nothing changes «%s» in place, and a closed one waits for nothing (acceptance %s)',
  (state, acceptance) => {
    const followUp = reach(state, acceptance);
    const before = structuredClone(followUp);
    for (const event of Object.values(EVENTS)) outcome(followUp, event, acceptance);
    expect(followUp).toEqual(before);
    if (followUp.closed) expect(nextDue(followUp)).toBeNull();
  },
);
