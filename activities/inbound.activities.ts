import type { KeyRing } from '../config/keys.ts';
import type { MailParser } from '../channels/inbound/parse.ts';
import type { Spreadsheets } from '../channels/spreadsheets/spreadsheets.ts';
import type { Database, Sql } from '../db/database.ts';
import { whoOwes } from '../db/stores/desk/survey-answer-reading.ts';
import type { Instant } from '../domain/instant.ts';
import type { MailSequel, MailSignal, SurveyMailKept } from '../domain/mail-reading.ts';
import { hasTwin, readStoredMail, setMailAside, storeUnderstanding } from '../db/stores/process/inbound-mail.ts';
import type { StoredMail, Understanding } from '../db/stores/process/inbound-mail.ts';
import type { InboundActivities } from './contract.ts';
import { duplicate, quarantined, understand } from './mail-understanding.ts';
import { understandSheet } from './mailed-sheets.ts';
import { understandReturned } from './returned-mails.ts';

export interface InboundDeps {
  readonly database: Database;
  readonly keys: KeyRing;
  readonly mailReplyDomain: string;
  readonly parser: MailParser;
  readonly spreadsheets: Spreadsheets;
  /**
   * Hands a notice over to its instruction. False: it may not have arrived, and the workflow tells it. By the worker's own
   * call it costs one write of Temporal; told by the workflow, a transfer and a second workflow task.
   */
  readonly tell: (signal: MailSignal) => Promise<boolean>;
}

/** Reading of received mails. Any error thrown is worth another try: whatever the mail is made of is an outcome. */
export function createInboundActivities(deps: InboundDeps): InboundActivities {
  return {
    async understandMail(id, now) {
      const kept = await keptOf(deps, id, now);
      if (kept === null) return null;
      if ('mailing' in kept) return answeredOf(deps.database.sql, kept);
      return (await deps.tell(kept)) ? null : kept;
    },
    setMailAside: (id) => setMailAside(deps.database.sql, id),
  };
}

/** The answer has committed: only now is it seen whether somebody else still owes one. */
async function answeredOf(sql: Sql, { mailing, answered }: SurveyMailKept): Promise<MailSequel | null> {
  const complete = answered !== null && (await whoOwes(sql, answered, null)) === null ? answered : null;
  return mailing === null && complete === null ? null : { mailing, complete };
}

async function keptOf(deps: InboundDeps, id: string, now: Instant): Promise<StoredMail['signal']> {
  const { sql } = deps.database;
  const stored = await readStoredMail(sql, id);
  if (stored === undefined) return null; // a database restored to an earlier instant
  if (stored.understood) return stored.signal;
  const found = await readOnce(deps, stored);
  const isStored = await storeUnderstanding({ sql, keys: deps.keys }, stored, found, now);
  if (isStored && found.sheet === undefined) return found.signal;
  return (await readStoredMail(sql, id))?.signal ?? null;
}

async function readOnce(deps: InboundDeps, stored: StoredMail): Promise<Understanding> {
  const { sql } = deps.database;
  if (await hasTwin(sql, stored)) return duplicate();
  const parsed = await deps.parser.parse(stored.raw);
  if (parsed.outcome === 'quarantined') return quarantined(parsed.reason, stored.tie);
  const { spreadsheets, mailReplyDomain: domain } = deps;
  const sheet = await understandSheet({ sql, domain, spreadsheets }, stored, parsed.mail);
  if (sheet !== undefined) return sheet;
  const returned = await understandReturned(sql, deps.mailReplyDomain, stored, parsed.mail);
  return returned ?? understand(sql, deps.mailReplyDomain, stored, parsed.mail);
}
