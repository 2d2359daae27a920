import { create } from 'xmlbuilder2';
import type { InstructionCard } from '../../db/read-models/instructions.ts';
import type { Instant } from '../../domain/instant.ts';
import { NATURE_WORDS, STATUS_WORDS } from '../../domain/wording.ts';
import { pageOf, printable } from './message.ts';

/** The newest released messages of a reader as an Atom feed (RFC 4287). */
export function atomOf(
  cards: readonly InstructionCard[],
  { publicUrl, self, now }: { readonly publicUrl: string; readonly self: string; readonly now: Instant },
): string {
  const updated = cards.map(changedAt).toSorted().at(-1) ?? new Date(now).toISOString();
  const feed = {
    '@xmlns': 'http://www.w3.org/2005/Atom',
    '@xml:lang': 'fr',
    id: `${publicUrl}/v1/feed.atom`,
    title: 'Messages MINSANTE/CORRUSS',
    updated,
    author: { name: 'CORRUSS' },
    link: { '@rel': 'self', '@type': 'application/atom+xml', '@href': self },
    entry: cards.map((card) => entryOf(card, publicUrl)),
  };
  return create({ version: '1.0', encoding: 'UTF-8' }, { feed }).end({ prettyPrint: true });
}

function entryOf(card: InstructionCard, publicUrl: string): object {
  const { id, number, nature, subject, exercise, status, releasedAt, open, recipients } = card;
  const flag = exercise ? 'EXERCICE – ' : '';
  return {
    id: `urn:uuid:${id}`,
    title: printable(`${flag}${number ?? ''} – ${NATURE_WORDS[nature]} – ${subject}`),
    published: releasedAt,
    updated: changedAt(card),
    category: [{ '@term': nature }, ...(exercise ? [{ '@term': 'exercice' }] : [])],
    link: { '@rel': 'alternate', '@href': pageOf(publicUrl, id) },
    summary: `${STATUS_WORDS[status]} : ${recipients - open} suivi(s) clos sur ${recipients}`,
  };
}

/** When it was closed, else released: the feed is as new as its newest entry. All are RFC 3339 in UTC, so that text order is time order. */
const changedAt = ({ closedAt, releasedAt, updatedAt }: InstructionCard): string => closedAt ?? releasedAt ?? updatedAt;
