import type { SheetCell } from '../sheet.ts';
import { NUMERIC_TYPES, type ChoiceQuestion, type NumericType, type Question } from './form.ts';
import { LIMITS } from './limits.ts';

/** What a cell says, as `checkAnswer` takes it; or why nothing can be taken from it. */
export type CellReading =
  | { readonly value: unknown }
  | { readonly absent: true }
  | { readonly problem: readonly [code: string, message: string] };

const ABSENT: CellReading = { absent: true };
const refused = (message: string): CellReading => ({ problem: ['cell', message] });

export const isEmpty = (found: SheetCell | undefined): boolean =>
  found === null || found === undefined || (typeof found === 'string' && found.trim() === '');

/** Fifteen digits, as every spreadsheet shows them: 0.1 + 0.2 is 0.3 in its cell, not 0.30000000000000004. */
const asShown = (number: number): number => Number(number.toPrecision(15));

/** Reads the cell of a question that is no table. */
export function readCell(question: Question, found: SheetCell | undefined): CellReading {
  if (found === null || found === undefined || isEmpty(found)) return ABSENT;
  if (typeof found === 'object' && 'unreadable' in found) return refused(found.unreadable);
  if (isNumeric(question.type)) return readNumberCell(question.type, found);
  if (question.type === 'date' && typeof found === 'object' && 'day' in found) return { value: found.day };
  return readWords(question, textOf(found));
}

function readWords(question: Question, text: string): CellReading {
  if (text.length > LIMITS.longestText) return refused(`Texte trop long : ${LIMITS.longestText} caractères au plus.`);
  if (question.type === 'choice') return { value: choiceOf(question, text) };
  if (question.type === 'choices') return { value: choicesOf(question, text) };
  return { value: text };
}

const isNumeric = (type: string): type is NumericType => (NUMERIC_TYPES as readonly string[]).includes(type);

/** A number cell is a number whatever its face, a text is read as a person writes it, a percentage only where one is asked. */
export function readNumberCell(type: NumericType, found: SheetCell): CellReading {
  if (isEmpty(found)) return ABSENT;
  if (typeof found === 'number') return { value: asShown(found) };
  if (typeof found === 'string') return { value: found };
  if (typeof found !== 'object' || found === null) return refused('Un nombre est attendu, pas VRAI ou FAUX.');
  if ('unreadable' in found) return refused(found.unreadable);
  if ('day' in found)
    return refused(`Le tableur a fait de cette case une date (${inFrench(found.day)}) : un nombre est attendu.`);
  if (type === 'percentage') return { value: asShown(found.percent) };
  return refused(`La case contient un pourcentage (${textOf(found)}) : un nombre est attendu.`);
}

const inFrench = (day: string): string => day.split('-').toReversed().join('/');

/** A cell as a French spreadsheet shows it. */
export function textOf(found: Exclude<SheetCell, null>): string {
  if (typeof found === 'string') return found.replaceAll(/\r\n?/g, '\n').trim();
  if (typeof found === 'number') return String(asShown(found)).replace('.', ',');
  if (typeof found === 'boolean') return found ? 'VRAI' : 'FAUX';
  if ('day' in found) return inFrench(found.day);
  return 'percent' in found ? `${String(asShown(found.percent)).replace('.', ',')} %` : '';
}

/** As a keyboard has it: its apostrophe is straight, its dash a hyphen, its space one. */
const plain = (text: string): string =>
  text
    .normalize('NFC')
    .replaceAll(/[’‘ʼ]/g, "'")
    .replaceAll(/[‐‑–—−]/g, '-')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .toLowerCase();

/** Its code before any label; of two labels written alike nobody knows which. */
const knownChoice = ({ choices }: ChoiceQuestion, text: string): string | undefined =>
  (choices.find(({ code }) => code === text.trim()) ?? choices.find(({ label }) => plain(label) === plain(text)))?.code;

/** By its code or its label; what is neither is left for the check to refuse by name. */
const choiceOf = (question: ChoiceQuestion, text: string): string => knownChoice(question, text) ?? text.slice(0, 200);

/** Parts of a cell, each the longest that is a choice: a label may hold the «;» that stands between two. */
function choicesOf(question: ChoiceQuestion, text: string): readonly string[] {
  const parts = text.split(/[;\n]/).filter((one) => one.trim() !== '');
  const longest = Math.max(...question.choices.map(({ label }) => label.split(';').length));
  const found: string[] = [];
  for (let from = 0; from < parts.length;) {
    const lengths = Array.from({ length: Math.min(longest, parts.length - from) }, (_, n) => n + 1).toReversed();
    const taken = lengths.find((length) => knownChoice(question, parts.slice(from, from + length).join(';'))) ?? 1;
    found.push(
      choiceOf(
        question,
        parts
          .slice(from, from + taken)
          .join(';')
          .trim(),
      ),
    );
    from += taken;
  }
  return found;
}

/** A cell whose text is taken as it is. */
export function readTextCell(found: SheetCell): CellReading {
  if (found === null || isEmpty(found)) return ABSENT;
  if (typeof found === 'object' && 'unreadable' in found) return refused(found.unreadable);
  return { value: textOf(found) };
}
