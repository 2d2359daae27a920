import type { Refusal } from './answers.ts';
import { actorOf } from './follow-up-replies.ts';
import { refuse } from './follow-up-turn.ts';
import { apply } from './follow-up.ts';
import type { Instant } from './instant.ts';
import type { OrganisationId } from './instruction.ts';
import type { Ledger } from './process-ledger.ts';
import { supersededDetail } from './relation.ts';
import type { ReplyInput } from './reply-kinds.ts';

export type ReplyTaken = { readonly replayed: boolean } | { readonly refusal: Refusal };

/** One reply, whatever its door: counted once by its `messageId`. */
export function takeReply(ledger: Ledger, reply: ReplyInput, at: Instant): ReplyTaken {
  const followUp = ledger.followUps.get(reply.organisation);
  if (followUp === undefined) {
    const refusal = notRecipient([reply.organisation]);
    noteRefused(ledger, reply, refusal, at);
    return { refusal };
  }
  const key = `${reply.organisation} ${reply.messageId}`;
  if (ledger.seen.has(key)) return { replayed: true };
  const applied =
    ledger.supersededBy === null
      ? apply(followUp, { kind: 'reply', reply }, at, ledger.contextOf(followUp))
      : refuse('closed', supersededDetail(ledger.supersededBy));
  if ('refusal' in applied) {
    noteRefused(ledger, reply, applied.refusal, at);
    return applied;
  }
  ledger.take(applied);
  ledger.seen.add(key);
  ledger.replies.push({ at, reply });
  return { replayed: false };
}

export const notRecipient = (organisations: readonly OrganisationId[]): Refusal =>
  refuse('notRecipient', `Pas destinataire de cette instruction : ${organisations.join(', ')}.`).refusal;

/** A caller of the API is told at once; a refused signal, mail or link would otherwise leave no trace. */
function noteRefused(ledger: Ledger, reply: ReplyInput, { code, detail, errors = [] }: Refusal, at: Instant): void {
  if (reply.channel === 'api') return;
  const { kind, channel, messageId, organisation } = reply;
  const known = ledger.followUps.has(organisation);
  ledger.facts.push({
    at,
    kind: 'replyRefused',
    organisation: known ? organisation : null,
    actor: actorOf(reply),
    data: { kind, channel, messageId, claimed: organisation, code, detail, errors: errors.map((one) => one.message) },
  });
}
