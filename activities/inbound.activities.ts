import type { KeyRing } from '../config/keys.ts';
import type { MailParser } from '../channels/inbound/parse.ts';
import type { Database } from '../db/database.ts';
import { hasTwin, readStoredMail, setMailAside, storeUnderstanding } from '../db/stores/process/inbound-mail.ts';
import type { StoredMail, Understanding } from '../db/stores/process/inbound-mail.ts';
import type { InboundActivities } from './contract.ts';
import { duplicate, quarantined, understand } from './mail-understanding.ts';
import { understandReturned } from './returned-mails.ts';

export interface InboundDeps {
  readonly database: Database;
  readonly keys: KeyRing;
  readonly mailReplyDomain: string;
  readonly parser: MailParser;
}

/** Reading of received mails. Any error thrown is worth another try: whatever the mail is made of is an outcome. */
export function createInboundActivities(deps: InboundDeps): InboundActivities {
  const { database } = deps;
  return {
    async understandMail(id, now) {
      const stored = await readStoredMail(database.sql, id);
      if (stored === undefined) return null; // a database restored to an earlier instant
      if (stored.understood) return stored.signal;
      const found = await readOnce(deps, stored);
      if (await storeUnderstanding({ sql: database.sql, keys: deps.keys }, stored, found, now)) return found.signal;
      return (await readStoredMail(database.sql, id))?.signal ?? null;
    },
    setMailAside: (id) => setMailAside(database.sql, id),
  };
}

async function readOnce(deps: InboundDeps, stored: StoredMail): Promise<Understanding> {
  const { sql } = deps.database;
  if (await hasTwin(sql, stored)) return duplicate();
  const parsed = await deps.parser.parse(stored.raw);
  if (parsed.outcome === 'quarantined') return quarantined(parsed.reason, stored.tie);
  const returned = await understandReturned(sql, deps.mailReplyDomain, stored, parsed.mail);
  return returned ?? understand(sql, deps.mailReplyDomain, stored, parsed.mail);
}
