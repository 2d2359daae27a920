import { isDeepStrictEqual } from 'node:util';
import type { DispatchResult, Recorded, RecordResult } from '../../activities/contract.ts';
import type { Changes } from '../../domain/changes.ts';
import type { Command, Message } from '../../domain/events.ts';
import { step } from '../../domain/instruction-process.ts';
import type { Instant } from '../../domain/instant.ts';
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
  /** Said when all is at rest, at `now` of the workflow: what made no turn must be what the rules make none of. */
  rests(now: Instant): void;
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
    whole: (changes, process, result) => of(process.instruction).resume(changes, process, result),
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
  /** Handed over from outside: one at a time, for the walk waits until all is at rest. */
  private given: Message | null = null;
  /** Endings of the dispatching activity, one after the other. */
  private dispatches: Message[] = [];
  /** Reports that the workflow puts into its own inbox when its recording comes back. */
  private own: Message[] = [];
  private lastTurnAt: Instant;
  /** What was seen lately, for whoever reads a difference. */
  private readonly seen: string[] = [];

  constructor(process: InstructionProcess) {
    this.process = process;
    this.lastTurnAt = process.releasedAt;
  }

  expect(command: Command): void {
    this.give({ kind: 'command', at: Infinity, command });
  }

  expectMail(notice: MailNotice): void {
    this.give({ kind: 'mail', at: Infinity, notice });
  }

  private give(message: Message): void {
    if (this.given !== null) this.differences.push(`two messages at once: ${JSON.stringify([this.given, message])}`);
    this.given = message;
    this.see('given', message);
  }

  private see(what: string, about: unknown): void {
    this.seen.push(`${new Date().toISOString()} ${what} ${JSON.stringify(about)}`);
    if (this.seen.length > 12) this.seen.shift();
  }

  dispatched({ reports, waiting }: DispatchResult): void {
    this.dispatches.push({ kind: 'dispatched', at: 0, reports, waiting });
    this.see('dispatched', { reports, waiting });
  }

  /** Nothing is kept for later: fed again, what changed nothing at its own time might change something at another. */
  rests(now: Instant): void {
    const left = [...(this.given === null ? [] : [this.given]), ...this.dispatches, ...this.own];
    const { process, changes } = step(this.process, left, Math.max(now, this.lastTurnAt));
    this.process = process;
    this.see('rests', { now, left });
    if (changes !== null) this.differences.push(`without a turn: ${factsOf(changes)} of ${JSON.stringify(left)}`);
    this.forgetAll();
  }

  /** A workflow task that was lost after recording (a busy machine): the workflow decided again, and its word counts. */
  resume({ at }: Changes, process: InstructionProcess, result: RecordResult): void {
    this.see('resumed', { seq: process.seq, at, outcome: result.outcome });
    if (result.outcome !== 'recorded') return;
    this.process = process;
    this.lastTurnAt = at;
    this.forgetAll();
    this.reported(at, result);
  }

  /** The workflow puts into its own inbox whom its recording could not reach. */
  private reported(at: Instant, { noContact }: Recorded): void {
    this.own = noContact.map((report) => ({ kind: 'delivery', at, report }));
  }

  private forgetAll(): void {
    this.given = null;
    this.dispatches = [];
    this.own = [];
  }

  turn(changes: Changes, result: RecordResult): void {
    this.see('turn', { seq: changes.seq, at: changes.at, facts: factsOf(changes), outcome: result.outcome });
    if (changes.seq <= this.process.seq || result.outcome !== 'recorded') return; // recorded before, or to be written whole
    this.process = this.explain(changes) ?? this.process;
    this.lastTurnAt = changes.at;
    this.reported(changes.at, result);
  }

  /** What the workflow had in its inbox when it made this very turn. */
  private explain(changes: Changes): InstructionProcess | undefined {
    const wanted: unknown = JSON.parse(JSON.stringify(changes));
    for (const messages of this.inboxes()) {
      const taken = step(this.process, messages, changes.at);
      if (!isDeepStrictEqual(JSON.parse(JSON.stringify(taken.changes)), wanted)) continue;
      if (this.given !== null && messages.includes(this.given)) this.given = null;
      this.dispatches = this.dispatches.filter((one) => !messages.includes(one));
      this.explained += 1;
      return taken.process;
    }
    const ours = JSON.stringify(step(this.process, [], changes.at).changes);
    this.differences.push(
      `turn ${changes.seq}: ${JSON.stringify(changes)}; none of ${JSON.stringify([...this.inboxes()])}; of an empty inbox ${ours}; lately:\n${this.seen.join('\n')}`,
    );
    return undefined;
  }

  /**
   * Three roads lead to the inbox. What the workflow puts in itself is there at once, behind all that came while it recorded, and
   * its next turn takes all of it. A message from outside, and the ending of an activity, are seen here before the workflow hears of
   * them: each may still be on its way. (Only the last ending may: an activity starts when the one before was heard.) Which of the two
   * is first is decided by the server; within one task the SDK hands signals and updates over before anything else.
   */
  private *inboxes(): Generator<readonly Message[]> {
    const { given, dispatches, own } = this;
    const heard = [dispatches, ...(dispatches.length > 0 ? [dispatches.slice(0, -1)] : [])];
    for (const ended of heard) {
      yield [...ended, ...own];
      if (given === null) continue;
      yield [given, ...ended, ...own];
      if (ended.length > 0) yield [...ended, given, ...own];
    }
  }
}

const factsOf = ({ facts }: Changes): string =>
  facts.map(({ kind, organisation }) => `${kind} ${organisation ?? ''}`).join(', ');
