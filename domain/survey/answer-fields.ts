import { pointerTo, textProblem } from '../input.ts';
import { isBlank, wellFormed } from '../text.ts';
import {
  isNotConcerned,
  type AnswerValue,
  type NotConcerned,
  type RowValue,
  type TableValue,
  type Tell,
} from './answer.ts';
import { dayOf } from './days.ts';
import { hasDecimals, inFrenchDigits, toNumber, type Exact } from './exact.ts';
import {
  decimalsOf,
  isNumberQuestion,
  type ChoiceQuestion,
  type DateQuestion,
  type NumberField,
  type Question,
  type TableQuestion,
} from './form.ts';
import { LIMITS } from './limits.ts';
import { readNumber } from './numbers.ts';
import { limitsOf } from './scope.ts';

/**
 * One value as it came, in its normal form; null: not answered, or wrong (and told).
 * @param at its pointer
 */
export function readValue(question: Question, raw: unknown, at: string, tell: Tell): AnswerValue | null {
  if (raw === undefined || raw === null) return null;
  if (isNotConcerned(raw)) return readNotConcerned(raw, at, tell);
  if (isNumberQuestion(question)) return readNumberValue(question, raw, at, tell);
  switch (question.type) {
    case 'choice':
      return readChoice(question, raw, at, tell);
    case 'choices':
      return readChoices(question, raw, at, tell);
    case 'date':
      return readDate(question, raw, at, tell);
    case 'table':
      return readTableValue(question, raw, at, tell);
    case 'computed':
      tell(at, 'computed', 'Champ calculé par le questionnaire : il ne se remplit pas.');
      return null;
    default:
      return readText(raw, 'maxLength' in question ? (question.maxLength ?? LIMITS.text) : LIMITS.text, at, tell);
  }
}

/** A text that says something, or null. */
export function readText(raw: unknown, max: number, at: string, tell: Tell): string | null {
  const problem = textProblem(raw ?? undefined, { max });
  if (problem !== null) tell(at, ...problem);
  return problem !== null || typeof raw !== 'string' || isBlank(raw) ? null : raw.trim();
}

function readNotConcerned(raw: NotConcerned, at: string, tell: Tell): NotConcerned | null {
  tellUnknown(new Set(['notConcerned']), raw, at, (pointer) =>
    tell(pointer, 'notAllowed', '« Non concerné » ne va pas avec une réponse.'),
  );
  const reason = readReason(raw.notConcerned, `${at}/notConcerned`, tell);
  return reason === null ? null : { notConcerned: reason };
}

/** The reason of a «non concerné»; null: wrong, and told. */
export function readReason(raw: unknown, at: string, tell: Tell): string | null {
  const problem = textProblem(raw ?? undefined, { max: LIMITS.comment, required: true });
  if (problem?.[0] === 'required') tell(at, 'required', '« Non concerné » demande un motif.');
  else if (problem !== null) tell(at, ...problem);
  return problem === null && typeof raw === 'string' ? raw.trim() : null;
}

export function readNumberValue(field: NumberField, raw: unknown, at: string, tell: Tell): number | null {
  const read = readNumber(raw, { percent: field.type === 'percentage' });
  if ('absent' in read) return null;
  const problem = 'problem' in read ? read.problem : fieldProblem(field, read.value);
  if (problem === null && 'value' in read) return toNumber(read.value);
  if (problem !== null) tell(at, ...problem);
  return null;
}

function fieldProblem(field: NumberField, value: Exact): readonly [string, string] | null {
  const decimals = decimalsOf(field);
  if (!hasDecimals(value, decimals)) {
    return ['decimals', decimals === 0 ? 'Un nombre entier est attendu.' : `${decimals} décimale(s) au plus.`];
  }
  const { low, high } = limitsOf(field);
  if (value.lt(low)) return ['min', `Au moins ${inFrenchDigits(low)}.`];
  return value.gt(high) ? ['max', `Au plus ${inFrenchDigits(high)}.`] : null;
}

function readChoice({ choices }: ChoiceQuestion, raw: unknown, at: string, tell: Tell): string | null {
  if (raw === '') return null;
  const known = choices.find(({ code }) => code === raw);
  if (known === undefined) {
    const some = choices.slice(0, 20).map(({ code }) => code);
    tell(at, 'enum', `Choix inconnu ; attendu : ${some.join(', ')}${choices.length > 20 ? '…' : ''}.`);
  }
  return known?.code ?? null;
}

function readChoices(question: ChoiceQuestion, raw: unknown, at: string, tell: Tell): readonly string[] | null {
  if (!Array.isArray(raw)) {
    tell(at, 'type', 'Une liste de choix est attendue.');
    return null;
  }
  if (raw.length > question.choices.length) {
    tell(at, 'tooMany', `${question.choices.length} choix au plus.`);
    return null;
  }
  const read = raw.map((one: unknown, index) => readChoice(question, one, at + pointerTo(index), tell));
  read.forEach((one, index) => {
    if (one !== null && read.indexOf(one) < index) tell(at + pointerTo(index), 'duplicate', 'Choisi deux fois.');
  });
  // In the order of the form: the same choices are the same answer.
  const chosen = question.choices.flatMap(({ code }) => (read.includes(code) ? [code] : []));
  return chosen.length === 0 ? null : chosen;
}

function readDate({ min, max }: DateQuestion, raw: unknown, at: string, tell: Tell): string | null {
  const text = readText(raw, 64, at, tell);
  if (text === null) return null;
  const day = dayOf(text);
  if (day === null) tell(at, 'format', 'Date attendue : 24/11/2026 ou 2026-11-24.');
  else if (min !== undefined && day < min) tell(at, 'min', `Au plus tôt le ${inFrench(min)}.`);
  else if (max !== undefined && day > max) tell(at, 'max', `Au plus tard le ${inFrench(max)}.`);
  else return day;
  return null;
}

const inFrench = (day: string): string => day.split('-').toReversed().join('/');

function readTableValue(table: TableQuestion, raw: unknown, at: string, tell: Tell): TableValue | null {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    tell(at, 'type', 'Un objet { ligne: { colonne: valeur } } est attendu.');
    return null;
  }
  const known = new Set(table.rows.map(({ code }) => code));
  tellUnknown(known, raw, at, (pointer) => tell(pointer, 'unknown', 'Ligne inconnue de ce tableau.'));
  const rows = table.rows.flatMap(({ code }): readonly (readonly [string, RowValue])[] => {
    const found: unknown = Object.hasOwn(raw, code) ? (raw as Record<string, unknown>)[code] : null;
    const row = readRow(table, found, at + pointerTo(code), tell);
    return row === null ? [] : [[code, row]];
  });
  return rows.length === 0 ? null : Object.fromEntries(rows);
}

function readRow({ columns }: TableQuestion, raw: unknown, at: string, tell: Tell): RowValue | null {
  if (raw === undefined || raw === null) return null;
  if (isNotConcerned(raw)) return readNotConcerned(raw, at, tell);
  if (typeof raw !== 'object' || Array.isArray(raw)) {
    tell(at, 'type', 'Un objet { colonne: valeur } est attendu.');
    return null;
  }
  const known = new Set(columns.map(({ code }) => code));
  tellUnknown(known, raw, at, (pointer) => tell(pointer, 'unknown', 'Colonne inconnue de ce tableau.'));
  const cells = columns.flatMap((column): readonly (readonly [string, number])[] => {
    const { code } = column;
    const found: unknown = Object.hasOwn(raw, code) ? (raw as Record<string, unknown>)[code] : null;
    const value = readNumberValue(column, found, at + pointerTo(code), tell);
    return value === null ? [] : [[code, value]];
  });
  return cells.length === 0 ? null : Object.fromEntries(cells);
}

/** A body of a million unknown names is one mistake: so many are told. */
const SHOWN = 20;

/** Tells the names of an object that nobody knows. */
export function tellUnknown(
  known: { readonly has: (name: string) => boolean },
  raw: object,
  at: string,
  tell: (pointer: string) => void,
): void {
  const unknown = Object.keys(raw).filter((name) => !known.has(name));
  for (const name of unknown.slice(0, SHOWN)) tell(at + pointerTo(wellFormed(name) ? name.slice(0, 80) : '?'));
}
