import { isDeepStrictEqual } from 'node:util';
import type { DispatchResult, RecordResult } from '../../activities/contract.ts';
import type { Changes } from '../../domain/changes.ts';
import type { Command, Message } from '../../domain/events.ts';
import { step } from '../../domain/instruction-process.ts';
import type { InstructionProcess } from '../../domain/process.ts';
import type { Observer } from '../support/instruction-desk.ts';

/** One instruction as the pure rules see it, fed with what its workflow got from outside, in the order in which it came. */
export interface Followed {
  readonly process: InstructionProcess;
  /** Said before a command is given. */
  expect(command: Command): void;
  /** Turns of the workflow that the rules would not have made; empty when the two agree. */
  readonly differences: readonly string[];
}

/** Follows every instruction of a desk: each recorded turn must be the one that the rules make of the same messages. */
export function createFollower(): { observer: Observer; of(instruction: string): Followed; turns(): number } {
  const all = new Map<string, Follower>();
  const of = (instruction: string): Follower => {
    const follower = all.get(instruction);
    if (follower === undefined) throw new Error(`${instruction} was not released here`);
    return follower;
  };
  const observer: Observer = {
    released(process) {
      if (!all.has(process.instruction)) all.set(process.instruction, new Follower(process));
    },
    turn: (changes, result) => of(changes.instruction).turn(changes, result),
    whole: (process) => of(process.instruction).resume(process),
    dispatched: (instruction, result) => of(instruction).dispatched(result),
  };
  const turns = () => [...all.values()].reduce((sum, one) => sum + one.explained, 0);
  return { observer, of, turns };
}

class Follower implements Followed {
  process: InstructionProcess;
  readonly differences: string[] = [];
  /** Turns found to be those of the rules. */
  explained = 0;
  private pending: Message[] = [];

  constructor(process: InstructionProcess) {
    this.process = process;
  }

  expect(command: Command): void {
    this.pending.push({ kind: 'command', at: Infinity, command });
  }

  dispatched({ reports, waiting }: DispatchResult): void {
    this.pending.push({ kind: 'dispatched', at: 0, reports, waiting });
  }

  /** A workflow task that was lost after recording (a busy machine): the workflow decided again, and its word counts. */
  resume(process: InstructionProcess): void {
    this.process = process;
    this.pending = [];
  }

  turn(changes: Changes, result: RecordResult): void {
    if (changes.seq <= this.process.seq || result.outcome !== 'recorded') return; // recorded before, or to be written whole
    this.process = this.explain(changes) ?? this.process;
    for (const report of result.noContact) this.pending.push({ kind: 'delivery', at: changes.at, report });
  }

  /** Which of the messages not yet taken in make this very turn? (Those that change nothing make none.) */
  private explain(changes: Changes): InstructionProcess | undefined {
    for (let count = 0; count <= this.pending.length; count += 1) {
      const taken = step(this.process, this.pending.slice(0, count), changes.at);
      if (!isDeepStrictEqual(JSON.parse(JSON.stringify(taken.changes)), JSON.parse(JSON.stringify(changes)))) continue;
      this.pending = this.pending.slice(count);
      this.explained += 1;
      return taken.process;
    }
    const kinds = changes.facts.map(({ kind, organisation }) => `${kind} ${organisation ?? ''}`);
    this.differences.push(`turn ${changes.seq}: ${kinds.join(', ')}; pending ${JSON.stringify(this.pending)}`);
    return undefined;
  }
}
