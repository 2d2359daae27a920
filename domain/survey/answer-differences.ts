import type { FieldError } from '../field-error.ts';
import { isObject, pointerTo } from '../input.ts';
import type { CheckedAnswer } from './answer.ts';
import type { Question } from './form.ts';
import type { PreparedForm } from './prepare.ts';

type Content = Pick<CheckedAnswer, 'values' | 'comments' | 'notConcerned'>;

/** Each field where what was sent is not what stands there now, with what stands there, in words. */
export function answerDifferences({ questions }: PreparedForm, sent: Content, current: Content): readonly FieldError[] {
  const [ours, theirs] = [fieldsOf(sent), fieldsOf(current)];
  const pointers = [...new Set([...ours.keys(), ...theirs.keys()])];
  return pointers
    .filter((pointer) => JSON.stringify(ours.get(pointer)) !== JSON.stringify(theirs.get(pointer)))
    .map((pointer) => {
      const there = inWords(questions.get(pointer.split('/')[2] ?? ''), theirs.get(pointer));
      return { pointer, code: 'differs', message: `Quelqu’un d’autre a écrit entre-temps\u00a0: ${there}.` };
    });
}

/** Every field by its pointer: cells of tables as well, each beside its own place on the page. */
function fieldsOf({ values, comments, notConcerned }: Content): ReadonlyMap<string, unknown> {
  const fields = new Map<string, unknown>();
  addFields(fields, '/values', values);
  addFields(fields, '/comments', comments);
  if (notConcerned !== null) fields.set('/notConcerned', notConcerned);
  return fields;
}

function addFields(fields: Map<string, unknown>, at: string, value: unknown): void {
  if (!isObject(value)) fields.set(at, value);
  else for (const [name, one] of Object.entries(value)) addFields(fields, `${at}${pointerTo(name)}`, one);
}

function inWords(question: Question | undefined, value: unknown): string {
  if (value === undefined) return 'sans réponse';
  if (typeof value === 'number') return `« ${String(value).replace('.', ',')} »`;
  const chosen = [value].flat().map(String);
  if (question === undefined || !('choices' in question)) return `« ${chosen.join(', ')} »`;
  const labels = chosen.map((code) => question.choices.find((one) => one.code === code)?.label ?? code);
  return `« ${labels.join(', ')} »`;
}
