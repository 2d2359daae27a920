import { mailAddress } from './address.ts';
import type { Outgoing } from './compose.ts';
import { massMail } from './mass-mail.ts';
import { renderLetter } from './templates/layout.ts';
import { notOpenedLetter, type NotOpenedLetterMatter } from './templates/survey-series.ts';

export interface NotOpenedMailMatter extends NotOpenedLetterMatter {
  readonly series: string;
  readonly mailFrom: string;
  readonly mailReplyDomain: string;
}

/** @throws InvalidAddress when the address on record is not one bare address */
export function composeNotOpened(
  matter: NotOpenedMailMatter,
  to: { readonly id: string; readonly name: string; readonly address: string },
  reply: string,
): Outgoing {
  const { series, mailFrom, mailReplyDomain } = matter;
  const from = mailAddress(mailFrom, 'CORRUSS');
  const rendered = renderLetter(notOpenedLetter(matter));
  return massMail({ from, to, reply, mailReplyDomain, thread: `survey-series-${series}`, rendered });
}
