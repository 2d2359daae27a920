import type { Changes, Fact, PlannedDelivery, TaskChange, Withdrawal } from './changes.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { Applied, Effects, FollowUpContext } from './follow-up-turn.ts';
import type { FollowUp } from './follow-up-state.ts';
import type { Instant } from './instant.ts';
import type { OrganisationId } from './instruction.ts';
import type { InstructionProcess } from './process.ts';
import type { Supersession } from './relation.ts';
import type { ReplyInput } from './reply-kinds.ts';
import { turnBetween } from './turn-record.ts';

/** What one turn writes while it runs; alive only inside `step`. */
export interface Ledger {
  readonly before: InstructionProcess;
  readonly now: Instant;
  /** The number of the turn, if it comes to be recorded. */
  readonly seq: number;
  readonly followUps: Map<OrganisationId, FollowUp>;
  readonly seen: Set<string>;
  readonly facts: Fact[];
  readonly replies: { readonly at: Instant; readonly reply: ReplyInput }[];
  status: InstructionProcess['status'];
  closedAt: Instant | null;
  endedAt: Instant | null;
  dispatchAt: Instant | null;
  dispatchAttempts: number;
  echoesAt: Instant | null;
  supersededBy: Supersession | null;
  contextOf(followUp: FollowUp): FollowUpContext;
  /** Takes what an event did to a follow-up; a refusal changes nothing. */
  take(applied: Applied): void;
  plan(delivery: PlannedDelivery): void;
  withdraw(withdrawal: Withdrawal): void;
  task(task: TaskChange): void;
  /** What is planned, withdrawn and opened so far. */
  outcome(): Pick<Effects, 'plans' | 'withdrawals' | 'tasks'>;
}

export function openLedger(before: InstructionProcess, now: Instant): Ledger {
  const seq = before.seq + 1;
  const followUps = new Map(before.followUps.map((one) => [one.organisation, one]));
  const facts: Fact[] = [];
  const book = openBook();
  return {
    before,
    now,
    seq,
    followUps,
    seen: new Set(before.seen),
    facts,
    replies: [],
    status: before.status,
    closedAt: before.closedAt,
    endedAt: before.endedAt ?? null,
    dispatchAt: before.dispatchAt,
    dispatchAttempts: before.dispatchAttempts,
    echoesAt: before.echoesAt ?? null,
    supersededBy: before.supersededBy ?? null,
    contextOf: (followUp) => ({
      terms: before.terms,
      releasedAt: before.releasedAt,
      zoneLead: before.zoneLeads[followUp.organisation] ?? null,
      seq,
    }),
    take(applied) {
      if ('refusal' in applied) return;
      const { followUp, effects } = applied;
      followUps.set(followUp.organisation, followUp);
      facts.push(...effects.facts);
      effects.withdrawals.forEach(book.withdraw);
      effects.plans.forEach(book.plan);
      effects.tasks.forEach(book.task);
    },
    ...book,
  };
}

function openBook(): Pick<Ledger, 'plan' | 'withdraw' | 'task' | 'outcome'> {
  const plans = new Map<string, PlannedDelivery>();
  const withdrawals = new Map<string, Withdrawal>();
  const tasks = new Map<string, TaskChange>();
  return {
    // Two of one purpose in one turn (a deadline moved twice): the latest words count.
    plan: (delivery) => void plans.set(deliveryKey(delivery), delivery),
    withdraw(withdrawal) {
      withdrawals.set(`${withdrawal.organisation} ${withdrawal.purposes.join()}`, withdrawal);
      for (const [key, { organisation, purpose }] of plans) {
        if (organisation === withdrawal.organisation && withdrawal.purposes.includes(purpose)) plans.delete(key);
      }
    },
    task(task) {
      const key = `${task.organisation} ${task.kind} ${task.step}`;
      // Opened and closed in the same turn: nobody has anything to do. Re-opened: the last word counts.
      if (tasks.get(key)?.open === true && !task.open) tasks.delete(key);
      else tasks.set(key, task);
    },
    outcome: () => ({
      plans: [...plans.values()],
      withdrawals: [...withdrawals.values()],
      tasks: [...tasks.values()],
    }),
  };
}

const deliveryKey = ({ organisation, purpose, target, channel, step, round }: PlannedDelivery): string =>
  [organisation, purpose, target, channel, step, round].join(' ');

/** The process after the turn and, when something is to be told, the changes to record under the next number. */
export function closeLedger(ledger: Ledger): { process: InstructionProcess; changes: Changes | null } {
  const { before, now, seq, facts, replies } = ledger;
  const changed = before.followUps.filter((one) => ledger.followUps.get(one.organisation) !== one);
  const recorded = facts.length > 0 || changed.length > 0 || replies.length > 0;
  if (!recorded && !isDispatchMoved(ledger)) return { process: before, changes: null };
  const process = processAfter(ledger, recorded ? seq : before.seq);
  if (!recorded) return { process, changes: null };
  const followUps = changed.flatMap((one) => ledger.followUps.get(one.organisation) ?? []);
  const { status, closedAt } = ledger;
  const changes: Changes = {
    instruction: before.instruction,
    seq,
    at: now,
    status,
    closedAt,
    followUps,
    facts,
    replies,
    ...ledger.outcome(),
    turn: turnBetween(before, process),
    fingerprint: fingerprintOf(process),
  };
  return { process, changes };
}

const isDispatchMoved = ({ before, dispatchAt, dispatchAttempts, echoesAt }: Ledger): boolean =>
  before.dispatchAt !== dispatchAt ||
  before.dispatchAttempts !== dispatchAttempts ||
  (before.echoesAt ?? null) !== echoesAt;

function processAfter(ledger: Ledger, seq: number): InstructionProcess {
  const { status, closedAt, endedAt, dispatchAt, dispatchAttempts, echoesAt, supersededBy, seen } = ledger;
  const { echoesAt: _before, ...before } = ledger.before;
  return {
    ...before,
    seq,
    status,
    closedAt,
    followUps: [...ledger.followUps.values()],
    seen: seen.size === before.seen.length ? before.seen : [...seen],
    dispatchAt,
    dispatchAttempts,
    ...(echoesAt === null ? {} : { echoesAt }),
    ...(supersededBy === null ? {} : { supersededBy }),
    ...(endedAt === null ? {} : { endedAt }),
  };
}
