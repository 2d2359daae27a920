import { ApplicationFailure } from '@temporalio/common';
import { isUrgentMail, signalLetter } from '../channels/templates/early-signal.ts';
import type { KeyRing } from '../config/keys.ts';
import type { Database } from '../db/database.ts';
import {
  addressMails,
  noticeSource,
  recordSignalTurn,
  SignalAhead,
  signalMatter,
  storedSignal,
  type AddressedMail,
  type SignalMatter,
} from '../db/stores/process/early-signals.ts';
import { noticeOutcomes, type NewNotice } from '../db/stores/process/notices.ts';
import { mailKey, type SignalChanges, type SignalMailReport } from '../domain/early-signal.ts';
import type { SignalActivities, SignalMailActivities } from './contract.ts';
import { sendNotices, type NoticeDeps } from './notice-sending.ts';

export interface SignalDeps {
  readonly database: Database;
  readonly keys: KeyRing;
  readonly mailReplyDomain: string;
}

/** What an early signal writes: quick, on the coordination queue. */
export const createSignalActivities = ({ database, keys, mailReplyDomain }: SignalDeps): SignalActivities => ({
  openSignal: async (signal) => (await storedSignal(database.sql, signal)) ?? null,
  async recordSignal(changes) {
    const { after, plans, at } = changes;
    const matter = await signalMatter(database.sql, after.signal);
    const addressed = await addressMails(database.sql, after.organisation, plans, at);
    const notices = addressed.flatMap((one) => noticeOf(changes, matter, one));
    const store = { sql: database.sql, keys, mailReplyDomain };
    await recordSignalTurn(store, changes, { notices, entries: matter.entries }).catch(ahead);
    return addressed.flatMap(({ mail, to }): SignalMailReport[] =>
      to === null ? [{ ...mail, outcome: 'noContact', at }] : [],
    );
  },
});

/** Its mails, on the dispatch queue. */
export const createSignalMailActivities = ({
  database,
  ...deps
}: NoticeDeps & { readonly database: Database }): SignalMailActivities => ({
  async sendSignalMails(signal, now) {
    const source = noticeSource(signal);
    const waiting = await sendNotices(database.sql, deps, { source, now });
    const outcomes = await noticeOutcomes(database.sql, source);
    const reports = outcomes.flatMap(({ key, outcome }) => {
      const mail = MAIL.exec(key)?.groups;
      return mail === undefined
        ? []
        : [{ ...mail, number: Number(mail['number']), outcome, at: now } as SignalMailReport];
    });
    return { reports, waiting };
  },
});

const MAIL = /^signal\/[^/]+\/(?<purpose>\w+)\/(?<target>\w+)\/(?<number>\d+)$/;

function noticeOf({ after, at }: SignalChanges, matter: SignalMatter, { mail, to }: AddressedMail): NewNotice[] {
  if (to === null) return [];
  const letter = signalLetter({ ...matter, signal: after, now: at }, mail);
  return [{ key: mailKey(after.signal, mail), ...to, letter, urgent: isUrgentMail(after, mail) }];
}

/** Tried again until somebody has reconciled: the wait and its reason show in the Temporal UI. */
function ahead(error: unknown): never {
  if (!(error instanceof SignalAhead)) throw error;
  throw ApplicationFailure.create({ type: 'Database-ahead', message: `${error.message}: run npm run reconcile` });
}
