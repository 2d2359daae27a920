import { renderMarkdown } from '../channels/markdown.ts';
import { composeRelay, type RelayMailMatter } from '../channels/relay.ts';
import { INLINE_LIMIT } from '../channels/views.ts';
import { hashToken, relayLinkToken, relayReplyPart, tokenOf } from '../config/tokens.ts';
import { readDispatchMatter } from '../db/stores/process/delivery-matter.ts';
import { beginRelay } from '../db/stores/process/relay.ts';
import type { ClaimedMail } from '../db/stores/process/mail-rows.ts';
import {
  endRelay,
  readRelayMatter,
  RELAY_MAILS,
  renewRelayTokens,
  withdrawCancelledMails,
} from '../db/stores/process/relay-mail.ts';
import { resendRelay } from '../db/stores/process/relay-resend.ts';
import type { Instant } from '../domain/instant.ts';
import type { MailingSlice, RelayActivities } from './contract.ts';
import type { DispatchDeps } from './delivery-sending.ts';
import { sendSlice } from './mail-slice.ts';

export function createRelayActivities(deps: DispatchDeps): RelayActivities {
  const store = { sql: deps.database.sql, keys: deps.keys };
  return {
    takeRelay(instruction, organisation, ask, now) {
      if (ask.kind === 'relay') return beginRelay(store, { instruction, organisation, ask, now });
      return resendRelay(store, { instruction, organisation, ask, now });
    },
    sendRelay: (relay, now) => sendRelay(deps, relay, now),
    endRelay: (relay, now) => endRelay(store, relay, now),
  };
}

async function sendRelay(deps: DispatchDeps, relay: string, now: Instant): Promise<MailingSlice> {
  const { sql } = deps.database;
  const matter = await matterOf(deps, relay);
  return sendSlice(
    { sql, sender: deps.sender },
    {
      id: relay,
      table: RELAY_MAILS,
      now,
      inDoubt: 'again',
      withdraw: () => withdrawCancelledMails(sql, relay),
      compose: async (mail) => {
        const tokens = await tokensOf(deps, mail);
        return () => composeRelay(matter, mail, tokens);
      },
    },
  );
}

/** All that the mails of one relay share, read and rendered once for the slice. */
async function matterOf(
  { database, publicUrl, mailReplyDomain }: DispatchDeps,
  relay: string,
): Promise<RelayMailMatter> {
  const { instruction: id, ...own } = await readRelayMatter(database.sql, relay);
  const instruction = await readDispatchMatter(database.sql, id, INLINE_LIMIT);
  return { ...own, relay, instruction, rendered: renderMarkdown(instruction.body), publicUrl, mailReplyDomain };
}

/** Made again from the stored hashes; new ones where the key that made them has been dropped. */
async function tokensOf(
  { keys, database }: DispatchDeps,
  { id, linkHash, replyHash }: ClaimedMail,
): Promise<{ link: string; reply: string }> {
  const link = tokenOf(keys, relayLinkToken, id, linkHash ?? '');
  const reply = tokenOf(keys, relayReplyPart, id, replyHash ?? '');
  if (link !== undefined && reply !== undefined) return { link, reply };
  const renewed = { link: relayLinkToken(keys[0], id), reply: relayReplyPart(keys[0], id) };
  const hashes = { link_hash: hashToken(renewed.link), reply_hash: hashToken(renewed.reply) };
  await renewRelayTokens(database.sql, id, hashes);
  return renewed;
}
