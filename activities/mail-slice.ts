import { Context } from '@temporalio/activity';
import type { Outgoing } from '../channels/compose.ts';
import type { Sender } from '../channels/sender.ts';
import type { Sql } from '../db/database.ts';
import {
  claimMails,
  countUnsentMails,
  finishMails,
  type ClaimedMail,
  type FinishedMail,
  type MailTable,
} from '../db/stores/process/mail-rows.ts';
import type { Instant } from '../domain/instant.ts';
import type { MailingSlice } from './contract.ts';
import { composing, finishSending } from './delivery-sending.ts';
import { CoalescedWriter } from './delivery-writer.ts';

/** Rows taken at once, while so few of those before are left that the lines to the relay never wait for the database. */
const CLAIM = 12;
const LOW = 3;
/** Mails of one slice: then the activity ends, and whoever else has mails gets its turn. */
const SLICE = 400;
/** After so many failures of the relay in a row nothing more is tried. */
const AWAY_AFTER = 3;
const HEARTBEAT_MS = 2_000;
/** What became of mails is written with the next claim, of a slow relay every second: a commit a mail cost more than the mail. */
const WRITE_EVERY_MS = 1_000;
/** Of five lines to the relay, two for a mailing: an instruction never waits behind a thousand partners. */
const LINES = 2;

/** What one mailing sends, and how. */
export interface Mailing {
  readonly id: string;
  readonly table: MailTable;
  readonly now: Instant;
  /** Takes back what need not leave any more; before each claim. */
  readonly withdraw: () => Promise<void>;
  readonly compose: (mail: ClaimedMail) => Promise<() => Outgoing>;
  /**
   * A mail of which nobody knows whether the relay has taken it: `again` sends it once more with the same Message-ID, where a
   * duty hangs on it; `unconfirmed` leaves it for a person to see, where many would get the same twice.
   */
  readonly inDoubt: 'again' | 'unconfirmed';
}

interface SliceDeps {
  readonly sql: Sql;
  readonly sender: Sender;
}

/** Sends one slice of any mailing: rows claimed a few at a time, right before their mails; heartbeats meanwhile. */
export async function sendSlice(deps: SliceDeps, mailing: Mailing): Promise<MailingSlice> {
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat(), HEARTBEAT_MS);
  try {
    const slice = new Slice(deps, mailing);
    await slice.run();
    return { tried: slice.left, ...(await countUnsentMails(deps.sql, mailing.table, mailing.id)) };
  } finally {
    clearInterval(beat);
  }
}

/** What no claim finds again. */
const DONE: ReadonlySet<FinishedMail['status']> = new Set(['sent', 'failed', 'unconfirmed']);

class Slice {
  /** Mails with an outcome: the relay is there. */
  left = 0;
  readonly #deps: SliceDeps;
  readonly #mailing: Mailing;
  readonly #writer: CoalescedWriter<FinishedMail>;
  /** Known, not yet written. */
  readonly #finished: FinishedMail[] = [];
  /** Claimed by this slice and not done with, as far as is written: not to be claimed again. */
  readonly #held = new Set<string>();
  #claimed = 0;
  /** Claimed, on no line yet. */
  readonly #queue: ClaimedMail[] = [];
  #claiming: Promise<void> | undefined;
  /** Nothing more is claimed. */
  #over = false;
  #broken: { readonly error: unknown } | null = null;
  readonly #begun = performance.now();
  #failures = 0;
  #written = this.#begun;

  constructor(deps: SliceDeps, mailing: Mailing) {
    this.#deps = deps;
    this.#mailing = mailing;
    this.#writer = new CoalescedWriter((items) => finishMails(deps.sql, mailing.table, items));
  }

  /** @throws when the database is away, after what is under way has come to its end */
  async run(): Promise<void> {
    const lines = Math.min(LINES, this.#deps.sender.lines);
    const ended = await Promise.allSettled(Array.from({ length: lines }, () => this.#line()));
    await this.#claiming;
    await this.#write();
    const failed = ended.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    if (this.#broken !== null) throw this.#broken.error;
  }

  async #line(): Promise<void> {
    try {
      for (let mail = await this.#next(); mail !== undefined; mail = await this.#next()) {
        this.#finished.push(await this.#one(mail));
        if (performance.now() - this.#written > WRITE_EVERY_MS) await this.#write();
      }
    } catch (error) {
      this.#over = true;
      throw error;
    }
  }

  /** The next mail; more are claimed while the last ones of the claim before leave. */
  async #next(): Promise<ClaimedMail | undefined> {
    this.#refill();
    while (this.#queue.length === 0 && this.#claiming !== undefined) {
      await this.#claiming;
      this.#refill();
    }
    return this.#queue.shift();
  }

  #refill(): void {
    if (this.#over || this.#queue.length > LOW || this.#claiming !== undefined) return;
    this.#claiming = this.#claim()
      .catch((error: unknown) => {
        this.#over = true;
        this.#broken = { error }; // thrown once the lines have come to their end
      })
      .finally(() => (this.#claiming = undefined));
  }

  async #claim(): Promise<void> {
    const [most, away] = [Math.min(CLAIM, SLICE - this.#claimed), this.#failures >= AWAY_AFTER];
    if (most === 0 || away || cancelled()) {
      this.#over = true;
      return;
    }
    await this.#write();
    const { id, table, withdraw } = this.#mailing;
    await withdraw();
    const claimed = await claimMails(this.#deps.sql, table, id, { at: this.#clock(), held: [...this.#held], most });
    this.#over = claimed.length === 0;
    this.#claimed += claimed.length;
    for (const { id: mail } of claimed) this.#held.add(mail);
    this.#queue.push(...claimed);
  }

  #clock(): Instant {
    return this.#mailing.now + Math.round(performance.now() - this.#begun);
  }

  async #write(): Promise<void> {
    this.#written = performance.now();
    if (this.#finished.length === 0) return;
    const finished = this.#finished.splice(0);
    await Promise.all(finished.map((mail) => this.#writer.add(mail)));
    for (const { id, status } of finished) if (DONE.has(status)) this.#held.delete(id);
  }

  async #one(mail: ClaimedMail): Promise<FinishedMail> {
    const untried = { id: mail.id, at: this.#clock(), inDoubt: false, status: 'planned', error: null } as const;
    if (cancelled() || this.#failures >= AWAY_AFTER) return untried;
    const composed = composing(await this.#mailing.compose(mail));
    const outcome = 'outcome' in composed ? composed : await this.#deps.sender.send(composed);
    const away = outcome.outcome === 'later' && outcome.relayAway;
    this.#failures = away ? this.#failures + 1 : 0;
    if (!away) this.left += 1;
    const finished = finishSending(mail, outcome, this.#clock());
    const unconfirmed = outcome.outcome === 'doubt' && this.#mailing.inDoubt === 'unconfirmed';
    return unconfirmed ? { ...finished, status: 'unconfirmed' } : finished;
  }
}

const cancelled = (): boolean => Context.current().cancellationSignal.aborted;
