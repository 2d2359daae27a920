import type { Fact, TaskKind, TurnRecord } from './changes.ts';
import type { DeliveryOutcome, DeliveryPurpose } from './events.ts';
import type { FollowUp } from './follow-up-state.ts';
import type { Instant } from './instant.ts';
import type { Channel, InstructionStatus, LadderTarget, OrganisationId } from './instruction.ts';
import type { Supersession } from './relation.ts';
import { patched } from './turn-record.ts';

/** A delivery as the audit knows it. `planned` also while it is on its way: its outcome is not known yet. */
export interface KnownDelivery {
  readonly organisation: OrganisationId;
  readonly purpose: DeliveryPurpose;
  readonly target: LadderTarget | 'desk';
  readonly channel: Channel;
  readonly step: number;
  readonly round: number;
  readonly status: 'planned' | DeliveryOutcome;
  readonly plannedAt: Instant;
  /** When its outcome was known; null while it is not. */
  readonly at: Instant | null;
}

export interface KnownTask {
  readonly kind: TaskKind;
  readonly organisation: OrganisationId;
  readonly step: number;
  readonly openedAt: Instant;
}

/** The message that has overtaken an instruction, and when the instruction heard of it. */
export type KnownSupersession = Supersession & { readonly at: Instant };

type Whole = Omit<NonNullable<TurnRecord['whole']>, 'supersededBy'>;

/** What was known of an instruction, from its audit alone. */
export interface KnownState {
  readonly status: InstructionStatus | 'deleted';
  /** Last turn recorded; 0 for a draft. */
  readonly seq: number;
  readonly process: (Whole & { readonly endedAt: Instant | null }) | null;
  readonly supersededBy: KnownSupersession | null;
  readonly closedAt: Instant | null;
  readonly followUps: readonly FollowUp[];
  readonly deliveries: readonly KnownDelivery[];
  readonly tasks: readonly KnownTask[];
}

type TurnData = TurnRecord & {
  readonly seq: number;
  readonly status: InstructionStatus;
  readonly closedAt?: Instant;
  readonly plans?: readonly (readonly [
    OrganisationId,
    DeliveryPurpose,
    KnownDelivery['target'],
    Channel,
    number,
    number,
  ])[];
  readonly withdrawals?: readonly (readonly [OrganisationId, readonly DeliveryPurpose[]])[];
  readonly tasks?: readonly (readonly [TaskKind, OrganisationId, number, boolean])[];
};

/** Thrown for a chain whose release does not carry the state: recorded by a version that did not keep it. */
export class AuditWithoutState extends Error {}

const DRAFTING: Readonly<Record<string, KnownState['status']>> = {
  drafted: 'draft',
  edited: 'draft',
  draftDeleted: 'deleted',
};

/**
 * Rebuilds a state from the facts of one instruction's chain, fed in their order. The facts of a turn count once its last
 * entry (`turnRecorded`) has come: a state between two turns never was.
 * @throws AuditWithoutState
 */
export class AuditState {
  #status: KnownState['status'] | undefined;
  #seq = 0;
  #process: KnownState['process'] = null;
  #supersededBy: KnownSupersession | null = null;
  #closedAt: Instant | null = null;
  #pending: Fact[] = [];
  readonly #followUps = new Map<OrganisationId, FollowUp>();
  readonly #deliveries = new Map<string, KnownDelivery>();
  readonly #tasks = new Map<string, KnownTask>();

  take(fact: Fact): void {
    const drafting = DRAFTING[fact.kind];
    if (drafting !== undefined) this.#status = drafting;
    else if (fact.kind === 'turnRecorded') this.#turn(fact.at, fact.data as unknown as TurnData);
    else if (fact.kind === 'supportGiven' && this.#ended) this.#calledLate(fact);
    else this.#pending.push(fact);
  }

  /** Undefined when nothing was known yet. */
  get state(): KnownState | undefined {
    if (this.#status === undefined) return undefined;
    return {
      status: this.#status,
      seq: this.#seq,
      process: this.#process,
      supersededBy: this.#supersededBy,
      closedAt: this.#closedAt,
      followUps: [...this.#followUps.values()],
      deliveries: [...this.#deliveries.values()],
      tasks: [...this.#tasks.values()],
    };
  }

  #turn(at: Instant, data: TurnData): void {
    if (data.whole !== undefined) this.#begin(at, data.whole);
    if (this.#process === null) throw new AuditWithoutState('The chain does not begin with a whole state');
    this.#process = { ...this.#process, endedAt: data.endedAt ?? null };
    this.#supersededBy = this.#pending.reduce((known, fact) => supersessionIn(fact) ?? known, this.#supersededBy);
    this.#status = data.status;
    this.#seq = data.seq;
    this.#closedAt = data.closedAt ?? null;
    for (const [organisations, patch] of data.followUps) {
      for (const one of organisations) this.#followUps.set(one, patched(this.#followUps.get(one), one, patch));
    }
    this.#settleDeliveries(at, data);
    this.#settleTasks(at, data);
    this.#pending = [];
  }

  /** A state told whole counts for itself: what was known before is lost with the turns that it was written over. */
  #begin(at: Instant, { supersededBy: by, ...whole }: NonNullable<TurnRecord['whole']>): void {
    this.#followUps.clear();
    this.#process = { ...whole, endedAt: null };
    const known = this.#supersededBy;
    if (by === undefined) this.#supersededBy = null;
    else if (known?.instruction !== by.instruction) this.#supersededBy = { ...by, at };
  }

  /** Outcomes first, as they came before what the turn then decided; withdrawals never reach the plans of their own turn. */
  #settleDeliveries(at: Instant, { withdrawals = [], plans = [] }: TurnData): void {
    const plan = (): void => {
      for (const [organisation, purpose, target, channel, step, round] of plans) {
        const one = { organisation, purpose, target, channel, step, round };
        const key = keyOf(organisation, purpose, step, round);
        this.#deliveries.set(key, { ...one, status: 'planned', plannedAt: at, at: null });
      }
    };
    for (const fact of this.#pending) this.#outcome(fact);
    for (const [organisation, purposes] of withdrawals) {
      for (const [key, one] of this.#deliveries) {
        const meant = one.organisation === organisation && purposes.includes(one.purpose);
        if (meant && one.status === 'planned') this.#deliveries.set(key, { ...one, status: 'withdrawn', at });
      }
    }
    plan();
  }

  #outcome({ at, organisation, data: { purpose, step, round, reason } }: Fact): void {
    const key = keyOf(organisation, purpose, step, round);
    const known = this.#deliveries.get(key);
    if (known === undefined || !isOutcome(reason)) return;
    this.#deliveries.set(key, { ...known, status: reason, at });
  }

  get #ended(): boolean {
    return this.#process !== null && this.#process.endedAt !== null;
  }

  /** After the last turn no other follows: a call that was still owed then stands alone. */
  #calledLate({ organisation, data }: Fact): void {
    this.#tasks.delete(`${organisation ?? ''} support ${String(data['request'])}`);
  }

  #settleTasks(at: Instant, { tasks = [] }: TurnData): void {
    for (const [kind, organisation, step, open] of tasks) {
      const key = `${organisation} ${kind} ${step}`;
      if (!open) this.#tasks.delete(key);
      else if (!this.#tasks.has(key)) this.#tasks.set(key, { kind, organisation, step, openedAt: at });
    }
  }
}

const keyOf = (...parts: readonly unknown[]): string => parts.map(String).join(' ');

const OUTCOMES: ReadonlySet<unknown> = new Set<DeliveryOutcome>(['sent', 'failed', 'noContact', 'withdrawn']);
const isOutcome = (value: unknown): value is DeliveryOutcome => OUTCOMES.has(value);

function supersessionIn({ kind, at, actor, data }: Fact): KnownSupersession | null {
  if (kind !== 'superseded') return null;
  const { instruction, number, relation } = data as unknown as Omit<Supersession, 'by'>;
  return { instruction, number, relation, by: actor, at };
}
