import type { FieldError } from '../field-error.ts';
import { isObject, pointerTo, readInput, type InputReader } from '../input.ts';
import { readLine, readObjects } from '../input-lists.ts';
import { given, HELP_BOUNDS } from './check-fields.ts';
import { readQuestion } from './check-question.ts';
import { referenceProblems } from './check-references.ts';
import { readRules } from './check-table.ts';
import type { PlacedQuestion, ReadForm } from './read-form.ts';
import { readCode } from './codes.ts';
import type { Form, Question, Section } from './form.ts';
import { LIMITS } from './limits.ts';

export type CheckedForm =
  | { readonly form: Form; readonly problems: readonly [] }
  | { readonly form: null; readonly problems: readonly FieldError[] };

/**
 * Checks a form as it came: all wrong fields at once, by JSON pointer, in French; unknown fields are refused. A draft may be empty;
 * what publishing asks beyond is `publicationProblems`. Never throws.
 */
export function checkForm(raw: unknown): CheckedForm {
  const input = readInput(raw);
  const read = readForm(raw, input);
  const problems = [...input.errors, ...referenceProblems(read)];
  return problems.length > 0 ? { form: null, problems } : { form: read.form, problems: [] };
}

function readForm(raw: unknown, input: InputReader): ReadForm {
  input.refuseUnknown(['code', 'title', 'help', 'sections', 'rules']);
  const [taken, written] = [new Set<string>(), new Set<string>()];
  const [code, title] = [readCode(input, new Set()), readLine(input, 'title', LIMITS.label, true)];
  const help = input.text('help', HELP_BOUNDS);
  const [names, placed] = [new Set<string>(), [] as PlacedQuestion[]];
  const sections = readObjects(input, 'sections', { min: 0, max: LIMITS.sections }, (entry, _raw, index): Section => {
    entry.refuseUnknown(['code', 'title', 'help', 'questions']);
    const pointer = pointerTo('sections', index);
    const questions = readQuestions(entry, { pointer, taken, written, placed });
    const name = { code: readCode(entry, names) ?? '', title: readLine(entry, 'title', LIMITS.label, true) ?? '' };
    return given({ ...name, help: entry.text('help', HELP_BOUNDS), questions });
  });
  tellSizes(input, placed);
  const rules = readRules(input);
  const form = given({
    code: code ?? '',
    title: title ?? '',
    help,
    sections: sections.filter((one) => one !== null),
    rules,
  });
  return { form, placed, rules: rulesIn(raw), written };
}

interface Place {
  readonly pointer: string;
  readonly taken: Set<string>;
  readonly written: Set<string>;
  readonly placed: PlacedQuestion[];
}

function readQuestions(section: InputReader, { pointer, taken, written, placed }: Place): readonly Question[] {
  const read = readObjects(
    section,
    'questions',
    { min: 0, max: LIMITS.questions },
    (entry, raw, index): Question | null => {
      if (typeof raw['code'] === 'string') written.add(raw['code']);
      const question = readQuestion(entry, taken);
      if (question !== null) placed.push({ pointer: pointer + pointerTo('questions', index), question });
      return question;
    },
  );
  return read.filter((one) => one !== null);
}

function tellSizes(input: InputReader, placed: readonly PlacedQuestion[]): void {
  if (placed.length > LIMITS.questions) {
    input.fail('/sections', 'tooMany', `${LIMITS.questions} questions au plus (${placed.length} reçues).`);
  }
  const cells = placed.reduce(
    (sum, { question }) => sum + (question.type === 'table' ? question.rows.length * question.columns.length : 0),
    0,
  );
  if (cells > LIMITS.cells) {
    input.fail('/sections', 'tooMany', `${LIMITS.cells} cases de tableau au plus (${cells} reçues).`);
  }
}

function rulesIn(raw: unknown): ReadForm['rules'] {
  const list = isObject(raw) && Array.isArray(raw['rules']) ? (raw['rules'] as unknown[]) : [];
  return list.slice(0, LIMITS.rules).flatMap((rule, index) => {
    const formula = isObject(rule) ? rule['formula'] : null;
    return typeof formula === 'string' ? [{ pointer: pointerTo('rules', index, 'formula'), formula }] : [];
  });
}
