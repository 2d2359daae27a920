import pLimit from 'p-limit';
import type { KeyRing } from '../config/keys.ts';
import type { Database } from '../db/database.ts';
import { type InboundMail, type Keeping, keepInboundMails } from '../db/stores/desk/inbound-mail.ts';

/** Resolves once the mail is committed. @throws when the database is away */
export type KeepMail = (mail: InboundMail) => Promise<Keeping>;

/** Transactions at once: while one commits, the next is being filled. */
const LANES = 2;
/** One transaction holds this many at most, and closes with the mail that passes the bytes. */
const MOST_MAILS = 64;
const MOST_BYTES = 4 * 1024 * 1024;

interface Waiting {
  readonly mail: InboundMail;
  readonly answer: (keeping: Promise<Keeping>) => void;
}

/**
 * Keeps mails by group commit: those that come while a transaction is under way share the next one, so that a burst costs a
 * handful of commits and a single mail waits for nobody. A group that fails is kept one by one: no mail fails with another.
 */
export function groupKeeper(database: Database, keys: KeyRing): KeepMail {
  const waiting: Waiting[] = [];
  const lane = pLimit(LANES);
  const alone = async (mail: InboundMail): Promise<Keeping> => {
    const [keeping] = await keepInboundMails(database, keys, [mail]);
    if (keeping === undefined) throw new Error('nothing was told of a mail');
    return keeping;
  };
  const keepNext = async (): Promise<void> => {
    const group = nextGroup(waiting);
    if (group.length === 0) return; // taken with the ones before
    const keeping = keepInboundMails(
      database,
      keys,
      group.map(({ mail }) => mail),
    ).catch((error: unknown) => {
      if (group.length === 1) throw error;
      return null;
    });
    group.forEach(({ mail, answer }, index) => answer(keeping.then((all) => all?.[index] ?? alone(mail))));
    await keeping.catch(() => undefined); // told to its only mail
  };
  return (mail) =>
    new Promise((answer) => {
      waiting.push({ mail, answer });
      void lane(keepNext);
    });
}

function nextGroup(waiting: Waiting[]): Waiting[] {
  let bytes = 0;
  const end = waiting.slice(0, MOST_MAILS).findIndex(({ mail }) => (bytes += mail.raw.length) > MOST_BYTES);
  return waiting.splice(0, end === -1 ? MOST_MAILS : end + 1);
}
