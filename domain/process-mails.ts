import { differs } from './follow-up-echo.ts';
import type { FollowUp } from './follow-up-state.ts';
import type { FollowUpEvent } from './follow-up-turn.ts';
import { apply } from './follow-up.ts';
import type { Instant } from './instant.ts';
import type { MailNotice, MailTaken } from './mail-notice.ts';
import type { Ledger } from './process-ledger.ts';
import { takeReply } from './process-replies.ts';
import type { ReplyInput } from './reply-kinds.ts';

/** One received mail, counted once by its Message-ID. */
export function takeMail(ledger: Ledger, notice: MailNotice, at: Instant): void {
  const { organisation, messageId, said } = notice;
  const before = ledger.followUps.get(organisation);
  const key = `${organisation} mail ${messageId}`;
  if (before === undefined || ledger.endedAt !== null || ledger.seen.has(key)) return;
  ledger.seen.add(key);
  if (said.kind === 'reply') {
    const taken = outcomeOf(ledger, before, said.reply, at);
    if (taken !== null) applyTo(ledger, before, { kind: 'mailTaken', notice, taken });
  } else if (said.kind === 'receipt') {
    if (!before.closed) takeReply(ledger, said.reply, at);
  } else {
    applyTo(ledger, before, { kind: 'mail', notice });
  }
}

/** Null: the same reply has been counted before, and answered then. */
function outcomeOf(ledger: Ledger, before: FollowUp, reply: ReplyInput, at: Instant): MailTaken | null {
  const taken = takeReply(ledger, reply, at);
  if ('refusal' in taken) {
    const { detail, errors = [] } = taken.refusal;
    return { recorded: false, detail, errors: errors.map((one) => one.message) };
  }
  if (taken.replayed) return null;
  return { recorded: true, changed: differs(before, ledger.followUps.get(reply.organisation) ?? before) };
}

function applyTo(ledger: Ledger, { organisation }: FollowUp, event: FollowUpEvent): void {
  const followUp = ledger.followUps.get(organisation);
  if (followUp !== undefined) ledger.take(apply(followUp, event, ledger.now, ledger.contextOf(followUp)));
}
