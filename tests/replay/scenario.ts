import type { InstructionDesk } from '../support/instruction-desk.ts';

/** One path through the workflow. Few recipients: a history is read by people too. */
export interface Scenario {
  /** Name of its file. */
  readonly name: string;
  /** Plays it; returns the instruction's id. */
  play(desk: InstructionDesk): Promise<string>;
  /** Whose history it is; default: the instruction's. */
  readonly workflowId?: (id: string) => string;
  /** On a server that suggests a new run after this many events. */
  readonly suggestContinueAsNew?: number;
}

/** A draft’s audience: these alone. */
export const to = (...organisations: string[]) => ({ audience: { organisations } });
