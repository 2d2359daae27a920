import { create } from 'xmlbuilder2';
import type { InstructionCard } from '../../db/read-models/instructions.ts';
import type { Instant } from '../../domain/instant.ts';
import { NATURE_WORDS, STATUS_WORDS } from '../../domain/wording.ts';
import { pageOf } from './message.ts';

/** The newest released messages of a reader as an Atom feed (RFC 4287). */
export function atomOf(
  cards: readonly InstructionCard[],
  { publicUrl, now }: { readonly publicUrl: string; readonly now: Instant },
): string {
  const updated = cards[0]?.updatedAt ?? new Date(now).toISOString();
  const feed = {
    '@xmlns': 'http://www.w3.org/2005/Atom',
    '@xml:lang': 'fr',
    id: `${publicUrl}/v1/feed.atom`,
    title: 'Messages MINSANTE/CORRUSS',
    updated,
    author: { name: 'CORRUSS' },
    link: { '@rel': 'self', '@type': 'application/atom+xml', '@href': `${publicUrl}/v1/feed.atom` },
    entry: cards.map((card) => entryOf(card, publicUrl)),
  };
  return create({ version: '1.0', encoding: 'UTF-8' }, { feed }).end({ prettyPrint: true });
}

function entryOf(card: InstructionCard, publicUrl: string): object {
  const { id, number, nature, subject, exercise, status, releasedAt, closedAt, open, recipients } = card;
  const flag = exercise ? 'EXERCICE – ' : '';
  return {
    id: `urn:uuid:${id}`,
    title: `${flag}${number ?? ''} – ${NATURE_WORDS[nature]} – ${subject}`,
    published: releasedAt,
    updated: closedAt ?? releasedAt,
    category: [{ '@term': nature }, ...(exercise ? [{ '@term': 'exercice' }] : [])],
    link: { '@rel': 'alternate', '@href': pageOf(publicUrl, id) },
    summary: `${STATUS_WORDS[status]} : ${recipients - open} suivi(s) clos sur ${recipients}`,
  };
}
