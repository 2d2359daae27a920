import type { Fact } from './changes.ts';
import type { Line } from './timeline-telling.ts';
import { LINES } from './timeline-words.ts';
import { PARIS } from './wording.ts';

/**
 * The French line of a fact in the timeline: what happened, to whom, by whom; never when (the timeline shows `at` beside it).
 * `timeZone` (IANA) is for the dates it names. Whatever `data` holds, it never throws: an audit entry is told for ever, also
 * when it was written by an older version.
 */
export function describe(fact: Fact, timeZone: string = PARIS): string {
  // An entry of a newer version, read after a downgrade, bears a kind that this one does not know.
  const line = (LINES as Readonly<Record<string, Line | undefined>>)[fact.kind];
  if (line === undefined) return `Fait non reconnu : ${fact.kind}.`;
  const text = line({ fact, data: fact.data, who: fact.organisation ?? 'l’instruction', timeZone });
  return text.charAt(0).toUpperCase() + text.slice(1);
}
