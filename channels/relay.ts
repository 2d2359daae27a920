import { mailAddress } from './address.ts';
import type { Outgoing } from './compose.ts';
import { massMail } from './mass-mail.ts';
import { renderLetter } from './templates/layout.ts';
import { relayLetter, type RelayLetterMatter } from './templates/relay.ts';

/** All that the mails of one relay share. */
export interface RelayMailMatter extends Omit<RelayLetterMatter, 'acknowledgeUrl' | 'partner'> {
  readonly relay: string;
  readonly publicUrl: string;
  readonly mailReplyDomain: string;
}

export const partnerUrl = (publicUrl: string, token: string): string => `${publicUrl.replace(/\/+$/, '')}/d/${token}`;

/**
 * The mail to one partner: from the ARS, answered to the ARS; only what comes back undelivered goes to Vigie, by the sender
 * of the envelope.
 * @throws InvalidAddress when an address on record is not one bare address
 */
export function composeRelay(
  matter: RelayMailMatter,
  partner: { readonly id: string; readonly name: string; readonly address: string },
  tokens: { readonly link: string; readonly reply: string },
): Outgoing {
  const acknowledgeUrl = partnerUrl(matter.publicUrl, tokens.link);
  const rendered = renderLetter(relayLetter({ ...matter, acknowledgeUrl, partner: partner.name }));
  const from = mailAddress(matter.contact.address, matter.contact.name);
  const { mailReplyDomain, relay: thread } = matter;
  const { attachments } = matter.instruction;
  return massMail({ from, to: partner, reply: tokens.reply, mailReplyDomain, thread, rendered, attachments });
}
