import { isDeepStrictEqual } from 'node:util';
import type { DispatchResult, RecordResult } from '../../activities/contract.ts';
import type { Changes } from '../../domain/changes.ts';
import type { Command, Message } from '../../domain/events.ts';
import { step } from '../../domain/instruction-process.ts';
import type { MailNotice } from '../../domain/mail-notice.ts';
import type { InstructionProcess } from '../../domain/process.ts';
import type { Observer } from '../support/observer.ts';

/** One instruction as the pure rules see it, fed with what its workflow got from outside, in the order in which it came. */
export interface Followed {
  readonly process: InstructionProcess;
  /** Said before a command is given. */
  expect(command: Command): void;
  /** Said before a mail is handed over. */
  expectMail(notice: MailNotice): void;
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

  expectMail(notice: MailNotice): void {
    this.pending.push({ kind: 'mail', at: Infinity, notice });
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

  /** Which of the messages not yet taken in make this very turn? */
  private explain(changes: Changes): InstructionProcess | undefined {
    const wanted: unknown = JSON.parse(JSON.stringify(changes));
    for (const messages of arrangements(this.pending)) {
      const taken = step(this.process, messages, changes.at);
      if (!isDeepStrictEqual(JSON.parse(JSON.stringify(taken.changes)), wanted)) continue;
      this.pending = this.pending.filter((one) => !messages.includes(one));
      this.explained += 1;
      return taken.process;
    }
    const kinds = changes.facts.map(({ kind, organisation }) => `${kind} ${organisation ?? ''}`);
    this.differences.push(`turn ${changes.seq}: ${kinds.join(', ')}; pending ${JSON.stringify(this.pending)}`);
    return undefined;
  }
}

const FEW = 5;

/**
 * What the workflow may have taken in at once: the messages in the order in which they were seen here, first; else some of
 * them in another. A message that changed nothing was taken in without a trace, and an activity may end, seen from here,
 * before what its workflow hears first.
 */
function* arrangements(pending: readonly Message[]): Generator<readonly Message[]> {
  for (let count = 0; count <= pending.length; count += 1) yield pending.slice(0, count);
  yield* arranged([], pending.slice(-FEW));
}

function* arranged(taken: readonly Message[], left: readonly Message[]): Generator<readonly Message[]> {
  for (const one of left) {
    const next = [...taken, one];
    yield next;
    yield* arranged(
      next,
      left.filter((other) => other !== one),
    );
  }
}
