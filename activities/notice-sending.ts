import { Context } from '@temporalio/activity';
import { InvalidAddress, mailAddress } from '../channels/address.ts';
import type { OutgoingMail } from '../channels/compose.ts';
import { describeError, type SendOutcome } from '../channels/outcome.ts';
import type { Letter } from '../channels/templates/blocks.ts';
import { renderLetter } from '../channels/templates/layout.ts';
import type { Sender } from '../channels/sender.ts';
import type { Sql } from '../db/database.ts';
import {
  claimNotice,
  countUnsentNotices,
  finishNotice,
  type ClaimedNotice,
  type FinishedNotice,
  type NoticeSource,
} from '../db/stores/process/notices.ts';
import { HOUR, type Instant } from '../domain/instant.ts';

export interface NoticeDeps {
  readonly sender: Sender;
  readonly mailFrom: string;
  readonly mailReplyDomain: string;
}

/** A notice that no relay takes for so long is told in vain: the shift is over. */
const PATIENCE = 12 * HOUR;

/**
 * Sends what is planned of one source, one after the other: claimed, sent, marked. A mail whose attempt told no outcome goes again
 * with the same Message-ID. @returns how many are left to be tried again
 */
export async function sendNotices(
  database: Sql,
  deps: NoticeDeps,
  { source, now }: { readonly source: NoticeSource; readonly now: Instant },
): Promise<number> {
  const begun = performance.now();
  const clock = (): Instant => now + Math.round(performance.now() - begun);
  const tried: string[] = [];
  for (;;) {
    Context.current().cancellationSignal.throwIfAborted();
    const notice = await claimNotice(database, source, { at: clock(), tried });
    if (notice === undefined) return countUnsentNotices(database, source);
    tried.push(notice.id);
    const outcome = await sendNotice(deps, notice);
    await finishNotice(database, finished(notice, outcome, clock()));
    Context.current().heartbeat();
    // The relay is away: the others wait as well.
    if (outcome.outcome === 'later' && outcome.relayAway) return countUnsentNotices(database, source);
  }
}

async function sendNotice(deps: NoticeDeps, notice: ClaimedNotice): Promise<SendOutcome> {
  let mail: OutgoingMail;
  try {
    mail = outgoing(deps, notice);
  } catch (error) {
    const words = error instanceof InvalidAddress ? error.message : `not composed: ${describeError(error)}`;
    return { outcome: 'refused', error: words };
  }
  return deps.sender.send({ kind: 'mail', mail });
}

/** Mails of one signal show together, those of duty by organisation. */
const threadOf = ({ key, organisation }: ClaimedNotice): string =>
  /^signal\/([^/]+)\//.exec(key)?.[1]?.replace(/^/, 'signal-') ?? `duty-${organisation}`;

function outgoing({ mailFrom, mailReplyDomain }: NoticeDeps, notice: ClaimedNotice): OutgoingMail {
  const { subject, text, html } = renderLetter(notice.letter as Letter);
  return {
    from: mailAddress(mailFrom, 'CORRUSS'),
    to: mailAddress(notice.address, notice.name),
    // What comes back names the notice, and reaches the intake.
    envelopeFrom: `${notice.id}@${mailReplyDomain}`,
    replyTo: null,
    messageId: notice.messageId,
    thread: `${threadOf(notice)}@${mailReplyDomain}`,
    firstThread: null,
    subject,
    text,
    html,
    urgent: notice.urgent === true,
    answers: null,
    attachments: [],
  };
}

function finished({ id, plannedAt }: ClaimedNotice, outcome: SendOutcome, at: Instant): FinishedNotice {
  const ended = { id, at, inDoubt: outcome.outcome === 'doubt' };
  if (outcome.outcome === 'sent') return { ...ended, status: 'sent', error: null };
  const givenUp = outcome.outcome === 'refused' || at - plannedAt >= PATIENCE;
  return { ...ended, status: givenUp ? 'failed' : 'waiting', error: outcome.error };
}
