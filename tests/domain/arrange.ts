import type { Effects, FollowUpContext, FollowUpEvent } from '../../domain/follow-up-turn.ts';
import { apply, newFollowUp, nextDue } from '../../domain/follow-up.ts';
import type { FollowUp } from '../../domain/follow-up-state.ts';
import type { Refusal } from '../../domain/answers.ts';
import type { Actor, DeliveryPurpose, DeliveryReport } from '../../domain/events.ts';
import { HOUR, MINUTE, type Instant } from '../../domain/instant.ts';
import type { Terms } from '../../domain/instruction.ts';
import { defaultLadder } from '../../domain/ladder.ts';
import type { Organisation } from '../../domain/organisation.ts';
import type { ReplyInput, ReplyKind } from '../../domain/reply-kinds.ts';

/** Tuesday 24 November 2026, 14:30 in Paris. */
export const RELEASED: Instant = Date.parse('2026-11-24T13:30:00Z');
export const OFFICER: Actor = { sub: 'corruss-chef', organisation: 'CORRUSS' };

export const terms = (changes: Partial<Terms> = {}): Terms => ({
  nature: 'action',
  exercise: false,
  span: 4 * HOUR,
  deadline: null,
  acknowledgeWithin: null,
  acceptance: 'automatic',
  evidence: 'optional',
  takenInChargeExpires: null,
  deferralLimit: null,
  ladder: defaultLadder('4H').map(({ after, target, channel }) => ({ after, target, channel })),
  ...changes,
});

/** Steps at 10, 20, 30… minutes. */
export const ladderOf = (...targets: readonly Terms['ladder'][number]['target'][]): Terms['ladder'] =>
  targets.map((target, index) => ({ after: 10 * (index + 1) * MINUTE, target, channel: 'mail' }));

export const reply = (kind: ReplyKind, more: Partial<ReplyInput> = {}): ReplyInput => ({
  organisation: 'ARS-94',
  kind,
  from: 'ars-94',
  channel: 'api',
  verified: true,
  messageId: `m-${kind}`,
  ...(kind === 'refused' || kind === 'deferred' ? { comment: 'motif' } : {}),
  ...more,
});

export const report = (
  outcome: DeliveryReport['outcome'],
  step = 0,
  more: Partial<DeliveryReport> = {},
): DeliveryReport => ({
  organisation: 'ARS-94',
  purpose: step === 0 ? 'instruction' : 'ladder',
  step,
  round: 0,
  outcome,
  at: 0,
  ...more,
});

/** One follow-up, told event by event: `at` in minutes after the release. */
export class Telling {
  followUp: FollowUp;
  effects: Effects = { facts: [], plans: [], withdrawals: [], tasks: [] };
  refusal: Refusal | null = null;
  readonly context: FollowUpContext;

  constructor(changes: Partial<Terms> = {}, zoneLead: string | null = 'ARS-93') {
    this.context = { terms: terms(changes), releasedAt: RELEASED, zoneLead, seq: 2 };
    this.followUp = newFollowUp('ARS-94', this.context.terms, RELEASED);
  }

  event(minutes: number, event: FollowUpEvent): this {
    const applied = apply(this.followUp, event, at(minutes), this.context);
    this.refusal = 'refusal' in applied ? applied.refusal : null;
    if (!('refusal' in applied)) {
      this.followUp = applied.followUp;
      this.effects = applied.effects;
    }
    return this;
  }

  sent(minutes = 0): this {
    return this.event(minutes, { kind: 'report', report: report('sent') });
  }

  says(minutes: number, kind: ReplyKind, more: Partial<ReplyInput> = {}): this {
    return this.event(minutes, { kind: 'reply', reply: reply(kind, more) });
  }

  report(minutes: number, outcome: DeliveryReport['outcome'], step: number, more: Partial<DeliveryReport> = {}): this {
    return this.event(minutes, {
      kind: 'report',
      report: report(outcome, step, { round: this.followUp.round, ...more }),
    });
  }

  due(minutes: number): this {
    return this.event(minutes, { kind: 'due' });
  }

  /** Lets time pass until `minutes`, doing what is due when it is due; gives the steps done, as `minute:target`. */
  pass(minutes: number): string[] {
    const done: string[] = [];
    for (let due = nextDue(this.followUp); due !== null && due <= at(minutes); due = nextDue(this.followUp)) {
      const minute = (due - RELEASED) / MINUTE;
      this.due(minute);
      for (const { purpose, target } of this.effects.plans) if (purpose === 'ladder') done.push(`${minute}:${target}`);
    }
    return done;
  }

  planned(): DeliveryPurpose[] {
    return this.effects.plans.map((plan) => plan.purpose);
  }

  facts(): string[] {
    return this.effects.facts.map((fact) => fact.kind);
  }

  /** `+call`, `-unreachable`. */
  tasks(): string[] {
    return this.effects.tasks.map((task) => `${task.open ? '+' : '-'}${task.kind}`);
  }

  withdrawn(): DeliveryPurpose[] {
    return this.effects.withdrawals.flatMap((withdrawal) => withdrawal.purposes);
  }

  nextMinute(): number | null {
    const due = nextDue(this.followUp);
    return due === null ? null : (due - RELEASED) / MINUTE;
  }
}

export const at = (minutes: number): Instant => RELEASED + Math.round(minutes * MINUTE);

const ars = (code: string, zone: string, zoneLead: boolean): Organisation => ({
  id: `ARS-${code}`,
  kind: 'ars',
  name: `ARS ${code}`,
  regionCode: code,
  departments: [],
  zone: `ZONE-${zone}`,
  zoneLead,
  timeZone: 'Europe/Paris',
});

export const ORGANISATIONS: readonly Organisation[] = [
  ars('84', 'SUD_EST', true),
  ars('93', 'SUD', true),
  ars('94', 'SUD', false),
  ars('76', 'SUD', false),
  ars('11', 'PARIS', true),
  {
    id: 'CORRUSS',
    kind: 'national',
    name: 'CORRUSS',
    regionCode: null,
    departments: [],
    zone: null,
    zoneLead: false,
    timeZone: 'Europe/Paris',
  },
];
