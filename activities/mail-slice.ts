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

const BATCH = 20;
/** Mails of one slice: then the activity ends, and whoever else has mails gets its turn. */
const SLICE = 400;
/** After so many failures of the relay in a row nothing more is tried. */
const AWAY_AFTER = 3;
const HEARTBEAT_MS = 2_000;
/** What became of mails is written with the end of their batch, of a slow relay every second: a commit a mail cost more than the mail. */
const WRITE_EVERY_MS = 1_000;
/** Of five lines to the relay, two for a mailing: an instruction never waits behind a thousand partners. */
const LINES = 2;

/** What one mailing sends, and how. */
export interface Mailing {
  readonly id: string;
  readonly table: MailTable;
  readonly now: Instant;
  /** Takes back what need not leave any more; before each batch. */
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

/** Sends one slice of any mailing: rows claimed by batches, each right before its mail; heartbeats meanwhile. */
export async function sendSlice(deps: SliceDeps, mailing: Mailing): Promise<MailingSlice> {
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat(), HEARTBEAT_MS);
  try {
    const slice = new Slice(deps, mailing);
    await slice.run();
    return { tried: slice.left, waiting: await countUnsentMails(deps.sql, mailing.table, mailing.id) };
  } finally {
    clearInterval(beat);
  }
}

class Slice {
  /** Mails with an outcome: the relay is there. */
  left = 0;
  readonly #deps: SliceDeps;
  readonly #mailing: Mailing;
  readonly #writer: CoalescedWriter<FinishedMail>;
  /** Known, not yet written. */
  readonly #finished: FinishedMail[] = [];
  readonly #tried: string[] = [];
  readonly #begun = performance.now();
  #failures = 0;
  #written = this.#begun;

  constructor(deps: SliceDeps, mailing: Mailing) {
    this.#deps = deps;
    this.#mailing = mailing;
    this.#writer = new CoalescedWriter((items) => finishMails(deps.sql, mailing.table, items));
  }

  async run(): Promise<void> {
    const { id, table, withdraw } = this.#mailing;
    while (this.#tried.length < SLICE && this.#failures < AWAY_AFTER && !cancelled()) {
      await withdraw();
      const claim = { at: this.#clock(), tried: this.#tried, most: BATCH };
      const claimed = await claimMails(this.#deps.sql, table, id, claim);
      if (claimed.length === 0) return;
      await this.#send(claimed);
    }
  }

  #clock(): Instant {
    return this.#mailing.now + Math.round(performance.now() - this.#begun);
  }

  /** @throws when the database is away, after what is under way has come to its end */
  async #send(batch: readonly ClaimedMail[]): Promise<void> {
    this.#tried.push(...batch.map(({ id }) => id));
    const queue = [...batch];
    const line = async (): Promise<void> => {
      for (let mail = queue.shift(); mail !== undefined; mail = queue.shift()) {
        this.#finished.push(await this.#one(mail));
        if (performance.now() - this.#written > WRITE_EVERY_MS) await this.#write();
      }
    };
    const lines = Math.min(LINES, this.#deps.sender.lines);
    const ended = await Promise.allSettled(Array.from({ length: lines }, line));
    await this.#write();
    const failed = ended.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async #write(): Promise<void> {
    this.#written = performance.now();
    await Promise.all(this.#finished.splice(0).map((mail) => this.#writer.add(mail)));
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
