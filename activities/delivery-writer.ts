import { setTimeout as sleep } from 'node:timers/promises';

/** Tries of one write before the activity gives up and is retried whole: about 6 s, enough for a restart of PostgreSQL. */
const TRIES = 6;
const FIRST_PAUSE_MS = 200;

interface Batch<Item> {
  readonly items: Item[];
  readonly written: Promise<void>;
}

/**
 * Writes outcomes as soon as they are known, together while a write is under way: one statement at a time, none delayed
 * for the sake of grouping. What was sent and cannot be written would be sent again, hence the patience.
 */
export class CoalescedWriter<Item> {
  readonly #write: (items: readonly Item[]) => Promise<void>;
  #next: Batch<Item> | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(write: (items: readonly Item[]) => Promise<void>) {
    this.#write = write;
  }

  /** Resolves when the item is written; rejects when the database stays away. */
  add(item: Item): Promise<void> {
    this.#next ??= this.#open();
    this.#next.items.push(item);
    return this.#next.written;
  }

  #open(): Batch<Item> {
    const items: Item[] = [];
    const written = this.#last.then(async () => {
      this.#next = undefined;
      await this.#patiently(items);
    });
    // Whoever added to a batch learns that it failed; the next batch only waits for its end.
    this.#last = written.catch(() => undefined);
    return { items, written };
  }

  async #patiently(items: readonly Item[]): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#write(items);
        return;
      } catch (error) {
        if (attempt === TRIES) throw error;
        await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1));
      }
    }
  }
}
