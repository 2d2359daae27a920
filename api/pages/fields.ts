import type { FieldError } from '../../domain/field-error.ts';
import { html, type Html } from './html.ts';

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly error: FieldError | undefined;
}

/** One field of a form: its label, its hint and what is wrong with it, told to screen readers too. */
export function field({ name, label, hint, error }: Field, control: (attributes: Html) => Html): Html {
  const described = error === undefined ? `${name}-hint` : `${name}-hint ${name}-error`;
  const attributes = html`aria-describedby="${described}" ${error !== undefined && html`aria-invalid="true"`}`;
  return html`<div class="field">
    <label for="${name}">${label}</label>
    <p class="hint" id="${name}-hint">${hint}</p>
    ${control(attributes)}${problem(name, error)}
  </div>`;
}

export const problem = (name: string, error: FieldError | undefined): Html | null =>
  error === undefined ? null : html`<p class="wrong" id="${name}-error">${error.message}</p>`;
