import { CancelledFailure, Context } from '@temporalio/activity';
import { compileInstruction } from '../channels/compose.ts';
import { INLINE_LIMIT, type Outcome } from '../channels/views.ts';
import {
  claimDeliveries,
  countUnsent,
  finishDeliveries,
  unreportedDeliveries,
  type ClaimedDelivery,
  type FinishedDelivery,
} from '../db/stores/process/delivery.ts';
import { readDispatchMatter, readOutcomes } from '../db/stores/process/delivery-matter.ts';
import type { DeliveryReport } from '../domain/events.ts';
import type { Instant } from '../domain/instant.ts';
import type { DispatchActivities, DispatchResult } from './contract.ts';
import { sendDelivery, type Dispatch, type DispatchDeps } from './delivery-sending.ts';
import { CoalescedWriter } from './delivery-writer.ts';

export type { DispatchDeps } from './delivery-sending.ts';

/** First mails of an instruction taken at once. */
const BATCH = 20;
/** After so many failures of a channel in a row the rest of its deliveries are put off untried. */
const AWAY_AFTER = 3;
const HEARTBEAT_MS = 2_000;

/** The activities of the dispatch queue. */
export function createDispatchActivities(deps: DispatchDeps): DispatchActivities {
  return {
    /**
     * Sends everything planned of one instruction: claim, send, mark. Trouble with mail is an outcome; only a database that
     * is away (or a cancellation) makes it throw, and what is known then is in the rows.
     */
    dispatchInstruction: async (instruction, now) => {
      const context = Context.current();
      const beat = setInterval(() => context.heartbeat(), HEARTBEAT_MS);
      try {
        return await dispatchAll(deps, instruction, now);
      } finally {
        clearInterval(beat);
      }
    },
  };
}

async function dispatchAll(deps: DispatchDeps, id: string, now: Instant): Promise<DispatchResult> {
  const begun = performance.now();
  const clock = (): Instant => now + Math.round(performance.now() - begun);
  const { database } = deps;
  // An attempt before this one may have died between marking and reporting.
  const again = Context.current().info.attempt > 1 ? await unreportedDeliveries(database.sql, id) : [];
  const run = new Run(deps, id, clock);
  const claim = { most: BATCH, few: deps.sender.lines };
  for (;;) {
    const claimed = await claimDeliveries(database.sql, id, { ...claim, at: clock(), tried: run.tried });
    if (claimed.length === 0) break;
    await run.send(claimed);
  }
  return { reports: [...again, ...run.reports], waiting: await countUnsent(database.sql, id) };
}

/** One call of the activity. */
class Run {
  readonly reports: DeliveryReport[] = [];
  readonly tried: string[] = [];
  readonly #deps: DispatchDeps;
  readonly #id: string;
  readonly #clock: () => Instant;
  readonly #writer: CoalescedWriter<FinishedDelivery>;
  readonly #failures = new Map<string, number>();
  #dispatch: Dispatch | undefined;

  constructor(deps: DispatchDeps, id: string, clock: () => Instant) {
    this.#deps = deps;
    this.#id = id;
    this.#clock = clock;
    this.#writer = new CoalescedWriter((items) => finishDeliveries(deps.database.sql, items));
  }

  /** Sends a batch over the sender's lines. @throws CancelledFailure after giving back what was not tried */
  async send(batch: readonly ClaimedDelivery[]): Promise<void> {
    this.tried.push(...batch.map(({ id }) => id));
    const dispatch = await this.#matterFor(batch);
    const queue = [...batch];
    const line = async (): Promise<void> => {
      try {
        for (let delivery = queue.shift(); delivery !== undefined; delivery = queue.shift()) {
          await this.#one(dispatch, delivery);
        }
      } catch (error) {
        // The database is away: nothing more is begun, what is under way comes to its end before the activity fails.
        queue.length = 0;
        throw error;
      }
    };
    const lines = await Promise.allSettled(Array.from({ length: this.#deps.sender.lines }, line));
    const failed = lines.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    if (cancelled()) throw new CancelledFailure('the worker stops, or the workflow asks no more');
  }

  async #one(dispatch: Dispatch, delivery: ClaimedDelivery): Promise<void> {
    const untried = { id: delivery.id, at: this.#clock(), inDoubt: false };
    if (cancelled()) return this.#writer.add({ ...untried, status: 'planned', error: null });
    if ((this.#failures.get(delivery.channel) ?? 0) >= AWAY_AFTER) {
      return this.#writer.add({ ...untried, status: 'waiting', error: 'the relay is away' });
    }
    const { finished, relayAway } = await sendDelivery(dispatch, delivery);
    this.#failures.set(delivery.channel, relayAway ? (this.#failures.get(delivery.channel) ?? 0) + 1 : 0);
    await this.#writer.add(finished);
    if (finished.status === 'sent' || finished.status === 'failed') {
      this.reports.push(reportOf(delivery, finished.status, finished.at));
    }
  }

  /** The instruction is read and its words rendered once for the call; states of recipients only for a result. */
  async #matterFor(batch: readonly ClaimedDelivery[]): Promise<Dispatch> {
    const { sql } = this.#deps.database;
    const outcomes: readonly Outcome[] = batch.some(({ purpose }) => purpose === 'result')
      ? await readOutcomes(sql, this.#id)
      : [];
    this.#dispatch ??= {
      deps: this.#deps,
      instruction: compileInstruction(await readDispatchMatter(sql, this.#id, INLINE_LIMIT)),
      outcomes,
      clock: this.#clock,
    };
    return { ...this.#dispatch, outcomes };
  }
}

const cancelled = (): boolean => Context.current().cancellationSignal.aborted;

function reportOf(delivery: ClaimedDelivery, outcome: 'sent' | 'failed', at: Instant): DeliveryReport {
  const { id, about, purpose, step, round } = delivery;
  return { delivery: id, organisation: about.id, purpose, step, round, outcome, at };
}
