import type { Logger } from 'pino';
import type { KeyRing } from '../config/keys.ts';
import type { Database } from '../db/database.ts';
import { contentHash, readHeaders } from './headers.ts';
import { groupKeeper } from './keep.ts';
import type { Starter } from './starting.ts';

/** A mail as a road brought it. */
export interface ArrivedMail {
  readonly raw: Buffer;
  /** Empty for the null sender; of a mailbox, what `Return-Path` says. */
  readonly envelopeFrom: string;
  readonly envelopeTo: readonly string[];
}

/** Resolves once the mail is committed: only then may whoever brought it forget it. @throws when the database is away */
export type TakeMail = (mail: ArrivedMail) => Promise<void>;

export interface TakeSettings {
  readonly database: Database;
  readonly keys: KeyRing;
  readonly log: Logger;
  /** Has stored mails read; a start that fails is made up for by the sweep. */
  readonly starter: Starter;
}

/** The one path of every road (SMTP, IMAP): raw mail committed first, then its reading started, without waiting for it. */
export function mailTaker({ database, keys, log, starter }: TakeSettings): TakeMail {
  const keep = groupKeeper(database, keys);
  return async ({ raw, envelopeFrom, envelopeTo }) => {
    const sha256 = contentHash(raw);
    const headers = readHeaders(raw, sha256);
    const arrived = {
      receivedAt: Date.now(),
      envelopeFrom: printable(envelopeFrom),
      envelopeTo: envelopeTo.map(printable),
      raw,
      sha256,
      ...headers,
    };
    const { id, kept, delivery, instruction } = await starter.storing(() => keep(arrived));
    log.info({ size: raw.length, kept, tied: delivery !== null }, 'mail received');
    if (!kept) return;
    starter.start({ id, messageId: headers.messageId, instruction }).catch((error: unknown) => {
      log.warn({ err: error, mail: id }, 'reading not started, the sweep will');
    });
  };
}

/** Addresses of the envelope are the sender's to choose: NUL and halves of characters cannot be stored. */
const printable = (text: string): string => text.replaceAll('\0', '').toWellFormed();
