import type { FieldError } from '../../domain/field-error.ts';
import type { Form } from '../../domain/survey/form.ts';
import { draftLines, noticeLines } from '../../domain/survey/notice-words.ts';
import { html, type Html } from './html.ts';

const listOf = (lines: readonly string[]): Html =>
  html`<ul>
    ${lines.map((line) => html`<li>${line}</li>`)}
  </ul>`;

/** Beside a receipt: what its sender may want to look at again, although it was taken. */
export function toldPart(form: Form, notices: readonly FieldError[]): Html | null {
  const lines = noticeLines(form, notices);
  if (lines.length === 0) return null;
  return html`<div class="notice warn">
    <p><strong>À noter, bien que votre réponse soit prise :</strong></p>
    ${listOf(lines)}
  </div>`;
}

export function draftSaved(form: Form, notices: readonly FieldError[]): Html {
  const lines = draftLines(form, notices);
  return html`<div class="notice ok" role="status">
    <p><strong>Votre brouillon est enregistré.</strong></p>
    <p>Il n’est pas encore envoyé : le même lien le retrouve, jusqu’à la clôture.</p>
    ${lines.length > 0 && listOf(lines)}
  </div>`;
}
