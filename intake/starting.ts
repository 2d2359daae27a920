import { setTimeout as pause } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { StoredMail } from '../gateway/inbound-gateway.ts';

/** A stored mail whose reading is to be started. */
export interface MailToRead extends StoredMail {
  /** Of its reply address; null: nobody knows yet. */
  readonly instruction: string | null;
}

/** Has a stored mail read. */
export type StartReading = (mail: MailToRead) => Promise<void>;

export interface Starter {
  readonly start: StartReading;
  /** Mails that are being stored now: those of a burst are stored first, and read then. */
  readonly storing: <T>(work: () => Promise<T>) => Promise<T>;
}

/**
 * A call to Temporal has two seconds. Four at once are answered well within them on a machine that does everything, and ask
 * for more than the worker reads.
 */
const AT_ONCE = 4;
/** What was started this lately is at work, however long its turn takes. */
const REMEMBERED_MS = 10 * 60_000;
/** That many mails stored at once are a burst: each reading costs ten times a storing, and senders wait for the storing. */
const BURST = 8;
const LONGEST_HOLD_MS = 10_000;
const LOOK_AGAIN_MS = 50;

/**
 * Starts no more than a few readings at once, so that a burst of mails waits here instead of running into deadlines there,
 * and each once: who asks for a mail that waits, or was started lately, is told of that start. Mails to one instruction are
 * started one after the other: what it hears together it records in one turn.
 */
export function boundedStarter(startNow: (mail: StoredMail) => Promise<void>): Starter {
  const limit = pLimit(AT_ONCE);
  const known = new Map<string, { readonly started: Promise<void>; readonly at: number }>();
  const waiting: { readonly mail: MailToRead; readonly answer: (started: Promise<void>) => void }[] = [];
  let current: string | null = null;
  let stored = 0;
  const calm = async (): Promise<void> => {
    for (const end = Date.now() + LONGEST_HOLD_MS; stored >= BURST && Date.now() < end;) await pause(LOOK_AGAIN_MS);
  };
  const startNext = async (): Promise<void> => {
    await calm();
    const same = waiting.findIndex(({ mail }) => mail.instruction !== null && mail.instruction === current);
    const [next] = waiting.splice(Math.max(same, 0), 1);
    if (next === undefined) return;
    current = next.mail.instruction;
    const started = startNow(next.mail);
    next.answer(started);
    await started.catch(() => undefined); // told to who asked
  };
  const start: StartReading = (mail) => {
    forgetOld(known);
    const found = known.get(mail.id);
    if (found !== undefined) return found.started;
    const started = new Promise<void>((answer) => waiting.push({ mail, answer })).catch((error: unknown) => {
      known.delete(mail.id);
      throw error;
    });
    known.set(mail.id, { started, at: Date.now() });
    void limit(startNext);
    return started;
  };
  return {
    start,
    storing: async (work) => {
      stored += 1;
      try {
        return await work();
      } finally {
        stored -= 1;
      }
    },
  };
}

/** Oldest first, as they were put in. */
function forgetOld(known: Map<string, { readonly at: number }>): void {
  const before = Date.now() - REMEMBERED_MS;
  for (const [id, { at }] of known) {
    if (at >= before) return;
    known.delete(id);
  }
}
