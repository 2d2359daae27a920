import type { Fact } from './changes.ts';
import { MINUTE } from './instant.ts';
import { isBlank } from './text.ts';
import { durationInWords, inWords } from './wording.ts';

/** A fact being told: its data are read with care, for nobody guarantees what an older version wrote. */
export interface Telling {
  readonly fact: Fact;
  readonly data: Readonly<Record<string, unknown>>;
  /** Whom the fact is about. */
  readonly who: string;
  readonly timeZone: string;
}

export type Line = (telling: Telling) => string;

export const text = (value: unknown): string => (typeof value === 'string' ? value : '');
export const count = (value: unknown): string => (typeof value === 'number' ? String(value) : '?');
export const label = (words: Readonly<Record<string, string>>, key: unknown): string =>
  Object.hasOwn(words, text(key)) ? (words[text(key)] ?? '') : text(key);
export const quoted = (value: unknown): string => (isBlank(text(value)) ? '' : ` : « ${text(value).trim()} »`);
export const date = (value: unknown, timeZone: string): string =>
  typeof value === 'number' && Number.isFinite(value) ? inWords(value, timeZone) : 'date inconnue';
export const by = ({ fact }: Telling): string => `par ${fact.actor.sub} (${fact.actor.organisation})`;

/** A step done long after its time tells so: that is how the gap of an outage shows. */
export const overdue = ({ fact, data, timeZone }: Telling): string => {
  const due = data['due'];
  if (typeof due !== 'number' || fact.at - due < MINUTE) return '';
  return `, prévue le ${date(due, timeZone)}, faite avec ${durationInWords(fact.at - due)} de retard`;
};

export const FAILURES: Readonly<Record<string, string>> = {
  failed: 'refusé par le serveur',
  noContact: 'aucun contact',
};
