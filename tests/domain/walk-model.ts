import { isDeepStrictEqual } from 'node:util';
import type { Changes, PlannedDelivery } from '../../domain/changes.ts';
import { canonicalJson } from '../../domain/canonical-json.ts';
import type { DeliveryReport, Message } from '../../domain/events.ts';
import { fingerprintOf } from '../../domain/fingerprint.ts';
import type { FollowUp } from '../../domain/follow-up-state.ts';
import { firstDelivery } from '../../domain/follow-up.ts';
import type { Instant } from '../../domain/instant.ts';
import { newProcess, nextDue, step, type Step } from '../../domain/instruction-process.ts';
import type { MailNotice } from '../../domain/mail-notice.ts';
import type { InstructionProcess } from '../../domain/process.ts';
import { describe } from '../../domain/timeline.ts';
import { walkOf } from '../support/walk.ts';
import { RELEASED } from './arrange.ts';

/** Says that an invariant does not hold; the walk's seed is in fast-check's counterexample. */
function hold(invariant: boolean, words: string, ...about: readonly unknown[]): void {
  if (!invariant) throw new Error([words, ...about.map((one) => JSON.stringify(one))].join('\n'));
}

const STOPS = new Set(['takenInCharge', 'progress', 'done', 'refused', 'deferred']);

/** Walks at random over a process, plays the part of the relay, and checks after each turn what must always hold. */
export function wanderer(seed: number) {
  const walk = walkOf(seed);
  const { random } = walk;
  const facts = new Set<string>();
  const states = new Set<string>(['pending']);
  const keys = new Set<string>();
  const tasks = new Set<string>();
  const lastStepAt = new Map<string, Instant>();
  let outbox: PlannedDelivery[] = walk.recipients.map(firstDelivery);
  let now = RELEASED;
  let process: InstructionProcess = newProcess({
    instruction: '0198c0de-0000-7000-8000-000000000001',
    number: 'MINSANTE N°2026_001',
    terms: walk.terms,
    releasedAt: now,
    recipients: walk.recipients,
    zoneLeads: walk.zoneLeads,
  });

  const messagesOf = (): Message[] => {
    const action = walk.next(process, now);
    if (action.kind === 'advance') now += action.millis;
    const rubbish: Message = { kind: 'rubbish', at: now, door: 'signal', errors: ['illisible'], base64: 'e30=' };
    return [
      ...(random() < 0.03 ? [rubbish] : []),
      ...(random() < 0.7 ? [deliver()] : []),
      ...(action.kind === 'command' ? [{ kind: 'command' as const, at: now, command: action.command }] : []),
      ...(action.kind === 'mail' ? [mailed(action.notice)] : []),
    ];
  };

  /** Absence and bounce bring the next step at once, even at the instant of the one before. */
  const mailed = (notice: MailNotice): Message => {
    if (notice.said.kind === 'outOfOffice' || notice.said.kind === 'bounce') lastStepAt.delete(notice.organisation);
    return { kind: 'mail', at: now, notice };
  };

  const deliver = (): Message => {
    const waiting = outbox.filter(() => random() < 0.1);
    const reports = outbox.filter((plan) => !waiting.includes(plan)).map((plan) => reportOf(plan, random()));
    outbox = waiting;
    return { kind: 'dispatched', at: now, waiting: waiting.length, reports };
  };

  const reportOf = ({ organisation, purpose, step: number, round }: PlannedDelivery, dice: number): DeliveryReport => {
    const outcome = dice < 0.75 ? 'sent' : dice < 0.9 ? 'failed' : 'noContact';
    if (outcome !== 'sent') lastStepAt.delete(organisation);
    return { organisation, purpose, step: number, round, outcome, at: now };
  };

  const turn = (messages: readonly Message[]): void => {
    const before = random() < 0.3 ? (JSON.parse(JSON.stringify(process)) as InstructionProcess) : process;
    const taken = step(deepFreeze(before), messages, now);
    checkStep(before, taken, messages, now);
    if (taken.changes !== null) follow(taken.changes);
    process = taken.process;
    checkTasks(process, tasks);
  };

  const follow = (changes: Changes): void => {
    for (const fact of changes.facts) {
      facts.add(fact.kind);
      const words = describe(fact);
      hold(!/undefined|NaN|inconnue|null|non reconnu/.test(words) && words.length > 10, 'a fact is told', words, fact);
    }
    for (const { state } of changes.followUps) states.add(state);
    outbox = outbox.filter(
      (plan) =>
        !changes.withdrawals.some(
          (one) => one.organisation === plan.organisation && one.purposes.includes(plan.purpose),
        ),
    );
    for (const plan of changes.plans) {
      const { detail: _, ...key } = plan;
      hold(!keys.has(canonicalJson(key)), 'a delivery is planned once', plan);
      keys.add(canonicalJson(key));
      if (plan.purpose === 'ladder') noteStep(plan, changes.at);
    }
    outbox.push(...changes.plans);
    for (const { kind, organisation, step: number, open } of changes.tasks) {
      if (open) tasks.add(`${organisation} ${kind} ${number}`);
      else tasks.delete(`${organisation} ${kind} ${number}`);
    }
  };

  /** Two steps at one instant only when the first had failed in between. */
  const noteStep = ({ organisation }: PlannedDelivery, at: Instant): void => {
    hold(lastStepAt.get(organisation) !== at, 'never two steps at the same instant', organisation, at);
    lastStepAt.set(organisation, at);
  };

  return {
    facts,
    states,
    walk(turns: number): void {
      for (let count = 0; count < turns && process.endedAt === undefined; count += 1) turn(messagesOf());
      // Left alone it comes to rest: nothing is due for ever.
      for (let count = 0; nextDue(process) !== null; count += 1) {
        hold(count < 200, 'a process left alone comes to rest', process);
        now = Math.max(now, nextDue(process) ?? now);
        turn(outbox.length > 0 ? [deliver()] : []);
      }
    },
  };
}

function checkStep(before: InstructionProcess, taken: Step, messages: readonly Message[], now: Instant): void {
  const { process, changes, answers } = taken;
  hold(answers.length === messages.length, 'one answer a message');
  messages.forEach((message, index) => {
    hold((answers[index] !== null) === (message.kind === 'command'), 'commands alone are answered', message);
  });
  const due = nextDue(process);
  hold(due === null || due > now, 'nothing due is left undone', due, now, process);
  hold((process.status === 'closed') === process.followUps.every((one) => one.closed), 'closed with the last one');
  hold((process.status === 'closed') === (process.closedAt !== null), 'closed has its instant');
  if (changes === null) {
    hold(process.seq === before.seq, 'no turn without changes');
    return;
  }
  hold(changes.seq === before.seq + 1 && process.seq === changes.seq, 'seq goes up by one a turn');
  if (changes.seq % 8 === 0) {
    const again = JSON.parse(JSON.stringify(process)) as InstructionProcess;
    hold(isDeepStrictEqual(again, process), 'a process survives JSON', process);
    hold(
      changes.fingerprint === fingerprintOf(again),
      'the fingerprint is that of the process, however it was carried',
    );
  }
  const changed = process.followUps.filter((one, index) => one !== before.followUps[index]);
  hold(isDeepStrictEqual(changed, changes.followUps), 'the changes carry every follow-up that changed, and only those');
  process.followUps.forEach((one, index) => checkFollowUp(before.followUps[index] ?? one, one, changes));
}

function checkFollowUp(before: FollowUp, after: FollowUp, changes: Changes): void {
  const { organisation } = after;
  const plans = changes.plans.filter((plan) => plan.organisation === organisation);
  const steps = plans.filter((plan) => plan.purpose === 'ladder');
  hold(steps.length <= 1, 'one step a turn', steps);
  const others = plans.filter((plan) => plan.purpose !== 'mailAnswer');
  if (before.closed && after.closed) hold(others.length === 0, 'a closed follow-up only answers mails', others);
  const stopped = changes.replies.some(({ reply }) => reply.organisation === organisation && STOPS.has(reply.kind));
  const returned = changes.facts.some((fact) => fact.organisation === organisation && fact.kind === 'returned');
  if (stopped && !returned) hold(steps.length === 0, 'an answer stops the ladder at that very moment', after);
  const stillPaused = before.pausedUntil !== null && before.pausedUntil > changes.at && after.pausedUntil !== null;
  if (stillPaused) hold(steps.length === 0, 'an answered recipient is left in peace until its pause ends', after);
  const lastDone = Math.max(0, ...after.steps.filter((one) => one.status !== 'waiting').map((one) => one.number));
  hold(after.ladderStep === lastDone, 'ladderStep is the last step done', after);
  hold(after.pausedUntil === null || !after.closed, 'a closed follow-up waits for nothing', after);
  hold(after.acknowledgeBy === null || after.acknowledgeAwaited, 'what is awaited says so', after);
  hold(before.returns <= after.returns && before.round <= after.round, 'rounds only go up', after);
}

/** The open tasks follow from the states: nothing waits for a person that needs none, and nothing is forgotten. */
function checkTasks(process: InstructionProcess, open: ReadonlySet<string>): void {
  const expected = process.followUps.flatMap(({ organisation, state, closed, steps }) => [
    ...(state === 'unreachable' && !closed ? [`${organisation} unreachable 0`] : []),
    ...(state === 'refused' && process.endedAt === undefined ? [`${organisation} refused 0`] : []),
    ...(state === 'done' && !closed ? [`${organisation} acceptance 0`] : []),
    ...steps
      .filter((one) => one.channel === 'call' && one.status === 'planned')
      .map((one) => `${organisation} call ${one.number}`),
  ]);
  hold(isDeepStrictEqual([...open].sort(), expected.sort()), 'the open tasks are those owed', [...open], expected);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
