import type { KeyRing } from '../config/keys.ts';
import type { Database } from '../db/database.ts';
import { groupCommit } from '../db/group-commit.ts';
import { type InboundMail, type Keeping, keepInboundMails } from '../db/stores/desk/inbound-mail.ts';

/** Resolves once the mail is committed. @throws when the database is away */
export type KeepMail = (mail: InboundMail) => Promise<Keeping>;

const LANES = 2;
/** One transaction holds this many at most, and closes with the mail that passes the bytes. */
const MOST_MAILS = 64;
const MOST_BYTES = 4 * 1024 * 1024;

/** Keeps mails by group commit: a burst costs a handful of commits, a single mail waits for nobody (ADR 0026). */
export function groupKeeper(database: Database, keys: KeyRing): KeepMail {
  return groupCommit({
    lanes: LANES,
    nameOf: () => 'mails',
    together: mailsTogether,
    commit: (mails) => keepInboundMails(database, keys, mails),
  });
}

function mailsTogether(waiting: readonly InboundMail[]): number {
  let bytes = 0;
  const last = waiting.slice(0, MOST_MAILS).findIndex(({ raw }) => (bytes += raw.length) > MOST_BYTES);
  return last === -1 ? MOST_MAILS : last + 1;
}
