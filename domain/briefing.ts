import { DateTime } from 'luxon';
import type { SignalStatus, SignalUrgency } from './early-signal.ts';
import type { Instant, Millis } from './instant.ts';
import type { ReplyKind } from './reply-kinds.ts';
import { PARIS } from './wording.ts';

/** What the desk is told every morning; exercises are never in it. */
export interface Briefing {
  readonly at: Instant;
  /** The same hour of the day before, in Paris. */
  readonly since: Instant;
  readonly openInstructions: number;
  readonly openFollowUps: number;
  readonly lateFollowUps: number;
  /** Follow-ups that gave an answer between the two. */
  readonly answeredFollowUps: number;
  readonly open: readonly {
    readonly id: string;
    readonly number: string;
    readonly subject: string;
    readonly deadline: Instant | null;
    readonly awaited: number;
    readonly recipients: number;
    readonly late: number;
  }[];
  readonly late: readonly {
    readonly number: string;
    readonly organisation: string;
    readonly name: string;
    readonly deadline: Instant;
  }[];
  readonly answered: readonly {
    readonly number: string;
    readonly organisation: string;
    readonly name: string;
    readonly kind: ReplyKind;
    readonly at: Instant;
  }[];
  /** Early signals that nobody has closed, the most urgent first. */
  readonly signals: readonly {
    readonly id: string;
    readonly reference: string;
    readonly organisation: string;
    readonly name: string;
    readonly subject: string;
    readonly urgency: SignalUrgency;
    readonly status: SignalStatus;
    readonly late: boolean;
    readonly raisedAt: Instant;
  }[];
  /** Slowest first. */
  readonly medians: readonly {
    readonly organisation: string;
    readonly name: string;
    readonly answers: number;
    readonly medianMillis: Millis;
  }[];
}

/** The same hour on the wall, the day before: 23 or 25 hours when the clock changed in between. */
export const dayBefore = (at: Instant): Instant =>
  DateTime.fromMillis(at, { zone: PARIS }).minus({ days: 1 }).toMillis();

/** The civil day of Paris: `2026-11-27`. */
export const parisDay = (at: Instant): string => DateTime.fromMillis(at, { zone: PARIS }).toFormat('yyyy-MM-dd');
