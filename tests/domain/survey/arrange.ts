import { checkForm } from '../../../domain/survey/check-form.ts';
import type { Form } from '../../../domain/survey/form.ts';
import { prepareForm, type PreparedForm } from '../../../domain/survey/prepare.ts';

/** A form around questions, as its author would send it. */
export const rawForm = (questions: readonly object[], more: object = {}): Record<string, unknown> => ({
  code: 'ESSAI',
  title: 'Essai',
  sections: [{ code: 's', title: 'Section', questions }],
  ...more,
});

export const integer = (code: string, more: object = {}): object => ({ code, label: code, type: 'integer', ...more });
export const decimal = (code: string, more: object = {}): object => ({ code, label: code, type: 'decimal', ...more });
export const computed = (code: string, formula: string, more: object = {}): object => ({
  code,
  label: code,
  type: 'computed',
  formula,
  ...more,
});

/** A form that is right; the test fails when it is not. */
export function formOf(raw: unknown): Form {
  const { form, problems } = checkForm(raw);
  if (form === null) throw new Error(JSON.stringify(problems));
  return form;
}

export const prepared = (questions: readonly object[], more: object = {}): PreparedForm =>
  prepareForm(formOf(rawForm(questions, more)));

export const told = (problems: readonly { readonly pointer: string; readonly code: string }[]): string[] =>
  problems.map(({ pointer, code }) => `${pointer} ${code}`).toSorted();
