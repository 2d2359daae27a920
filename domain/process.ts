import type { FollowUp } from './follow-up-state.ts';
import type { Instant } from './instant.ts';
import type { Terms } from './instruction.ts';
import type { Supersession } from './relation.ts';

/** The whole state of one instruction in progress: what its workflow holds and carries over `continueAsNew`. */
export interface InstructionProcess {
  readonly version: 1;
  readonly instruction: string;
  /** `MINSANTE N°2026_001`. */
  readonly number: string;
  readonly terms: Terms;
  /** Number of the last turn recorded; the release is turn 1. */
  readonly seq: number;
  readonly releasedAt: Instant;
  readonly status: 'open' | 'closed' | 'cancelled';
  readonly closedAt: Instant | null;
  /** Set by the last turn, 72 h after closing: nothing is taken in any more. */
  readonly endedAt?: Instant;
  /** The message that has overtaken this one; absent: none has. */
  readonly supersededBy?: Supersession;
  readonly followUps: readonly FollowUp[];
  /** Zone lead of each recipient that is not itself the lead (`ARS-94` → `ARS-93`): a `zoneArs` step of a lead is passed. */
  readonly zoneLeads: Readonly<Record<string, string>>;
  /** `organisation messageId` already counted. */
  readonly seen: readonly string[];
  /** When deliveries put off by a transient failure (4xx, relay away) are tried again; null when none waits. */
  readonly dispatchAt: Instant | null;
  /** When the echoes that wait for one another leave; absent when none does. */
  readonly echoesAt?: Instant;
  /** How many dispatches in a row left something waiting: the delay grows with it. */
  readonly dispatchAttempts: number;
}
