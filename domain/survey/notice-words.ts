import type { FieldError } from '../field-error.ts';
import { type Form, questionsOf } from './form.ts';

/** Of a field, which its message does not name. */
const OF_A_FIELD: readonly string[] = ['missing', 'divisionByZero', 'tooLarge'];
/** A figure that moved and was commented: its writer knows. */
const KNOWN = 'moved';
/** A draft says how many, not which: most of them are still open. */
const OPEN: readonly string[] = ['required', 'missing'];

/** What is told of an answer that was taken, refusing nothing: rules that only warn, computed fields without value and why. */
export function noticeLines(form: Form, notices: readonly FieldError[]): readonly string[] {
  const labels = new Map(questionsOf(form).map(({ code, label }) => [code, label]));
  const lines = notices
    .filter(({ code }) => code !== KNOWN)
    .map(({ pointer, code, message }) => {
      const label = OF_A_FIELD.includes(code) ? labels.get(pointer.split('/')[2] ?? '') : undefined;
      return label === undefined ? message : `${label}\u00a0: ${message}`;
    });
  return [...new Set(lines)];
}

/** The same of a draft, and how much it still owes. */
export function draftLines(form: Form, notices: readonly FieldError[]): readonly string[] {
  const owed = notices.filter(({ code }) => code === 'required').length;
  const lines = noticeLines(
    form,
    notices.filter(({ code }) => !OPEN.includes(code)),
  );
  if (owed === 0) return lines;
  const left = owed === 1 ? 'Il reste une réponse obligatoire' : `Il reste ${owed} réponses obligatoires`;
  return [...lines, `${left} à donner avant l’envoi.`];
}
