import type { FieldError } from '../field-error.ts';
import { HOUR, type Instant } from '../instant.ts';
import type { SurveyAnswer } from './survey-step.ts';

/** One respondent is reminded by hand once an hour at most, whoever asks for it. */
export const BETWEEN_REMINDERS = HOUR;

/** A respondent that could be reminded. */
export interface ToRemind {
  readonly id: string;
  /** Its organisation, or its address. */
  readonly key: string;
  readonly name: string;
  readonly owes: boolean;
  readonly hasAddress: boolean;
  /** Its last reminder; null: none. */
  readonly remindedAt: Instant | null;
}

export type Reminding =
  | { readonly chosen: readonly string[]; readonly tooSoon: number }
  | { readonly refusal: Extract<SurveyAnswer, { accepted: false }> };

const MOST_NAMES = 10;
const MOST_ERRORS = 200;

/**
 * Who of them is reminded by hand at `now`. Named ones: all of them or none, each wrong one told. Nobody named: all who owe an
 * answer and have an address, but those reminded within the hour; where nobody else is left, these are told.
 * @param named ids of respondents or organisations; null: all
 * @param found those that whoever asks may remind, among them whoever is named
 */
export function chooseReminded(named: readonly string[] | null, found: readonly ToRemind[], now: Instant): Reminding {
  return named === null ? chooseAmongAll(found, now) : chooseNamed(named, found, now);
}

const isTooSoon = ({ remindedAt }: ToRemind, now: Instant): boolean =>
  remindedAt !== null && remindedAt + BETWEEN_REMINDERS > now;

function chooseAmongAll(found: readonly ToRemind[], now: Instant): Reminding {
  const late = found.filter(({ owes }) => owes);
  if (late.length === 0)
    return refuse('nobodyLate', 'Personne ne doit de réponse\u00a0: il n’y a personne à relancer.');
  const reachable = late.filter(({ hasAddress }) => hasAddress);
  if (reachable.length === 0)
    return refuse('nobodyLate', 'Aucun de ceux qui doivent une réponse n’a d’adresse\u00a0: donnez-leur un contact.');
  const tooSoon = reachable.filter((one) => isTooSoon(one, now));
  const chosen = reachable.filter((one) => !isTooSoon(one, now));
  if (chosen.length === 0) return refuseTooSoon(tooSoon, []);
  return { chosen: chosen.map(({ id }) => id), tooSoon: tooSoon.length };
}

function chooseNamed(named: readonly string[], found: readonly ToRemind[], now: Instant): Reminding {
  const known = new Map(found.flatMap((one) => [[one.id, one] as const, [one.key, one] as const]));
  const seen = new Set<string>();
  const wrong = named.flatMap((name, index): FieldError[] => {
    const one = known.get(name);
    const twice = one !== undefined && seen.has(one.id);
    if (one !== undefined) seen.add(one.id);
    const why = twice ? TWICE : whyNot(one);
    return why === null ? [] : [{ pointer: `/respondents/${index}`, ...why }];
  });
  if (wrong.length > 0) {
    const detail = 'Cette relance nomme des répondants que l’on ne peut pas relancer.';
    return { refusal: { accepted: false, code: 'invalid', detail, errors: wrong.slice(0, MOST_ERRORS) } };
  }
  const all = named.flatMap((name) => known.get(name) ?? []);
  const tooSoon = all.filter((one) => isTooSoon(one, now));
  return tooSoon.length > 0 ? refuseTooSoon(tooSoon, named) : { chosen: all.map(({ id }) => id), tooSoon: 0 };
}

const TWICE = { code: 'duplicate', message: 'Ce répondant est déjà nommé.' };

function whyNot(one: ToRemind | undefined): Pick<FieldError, 'code' | 'message'> | null {
  if (one === undefined)
    return { code: 'unknown', message: 'Ce répondant n’est pas de ceux que vous pouvez relancer.' };
  if (!one.owes) return { code: 'answered', message: `${one.name} a déjà répondu.` };
  if (!one.hasAddress)
    return { code: 'withoutAddress', message: `${one.name} n’a pas d’adresse : donnez-lui un contact.` };
  return null;
}

function refuseTooSoon(tooSoon: readonly ToRemind[], named: readonly string[]): Reminding {
  const names = tooSoon.slice(0, MOST_NAMES).map(({ name }) => name);
  const more = tooSoon.length - names.length;
  const who = [...names, ...(more > 0 ? [`${more} autre${more > 1 ? 's' : ''}`] : [])].join(', ');
  const detail = `Déjà relancé${tooSoon.length > 1 ? 's' : ''} il y a moins d’une heure\u00a0: ${who}.`;
  const errors = tooSoon.slice(0, MOST_ERRORS).map(({ id, key, name }) => {
    const index = named.findIndex((one) => one === id || one === key);
    const pointer = index === -1 ? '/respondents' : `/respondents/${index}`;
    return { pointer, code: 'tooSoon', message: `${name} a été relancé il y a moins d’une heure.` };
  });
  return { refusal: { accepted: false, code: 'tooSoon', detail, errors } };
}

const refuse = (code: 'nobodyLate', detail: string): Reminding => ({ refusal: { accepted: false, code, detail } });
