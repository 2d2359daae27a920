import { type Form, questionsOf } from '../../domain/survey/form.ts';
import { html, type Html } from './html.ts';

/** One control that fills what is open with the answer before: the form is posted with what stands in it, nothing is stored. */
export function prefillPart(form: Form, codes: readonly string[]): Html | null {
  if (codes.length === 0) return null;
  const labels = questionsOf(form).flatMap(({ code, label }) => (codes.includes(code) ? [label] : []));
  return html`<div class="notice">
    <p><strong>Votre réponse à l’enquête précédente peut servir de point de départ.</strong></p>
    <p>Seraient remplies, si elles sont encore vides : ${labels.join(', ')}. À vérifier avant d’envoyer.</p>
    <button class="light" name="action" value="prefill">Partir de ma réponse précédente</button>
  </div>`;
}

export const PREFILLED = html`<div class="notice ok" role="status">
  <p><strong>Votre réponse précédente est reportée ci-dessous.</strong></p>
  <p>Rien n’est encore envoyé : vérifiez chaque valeur, complétez le reste, puis envoyez.</p>
</div>`;

/** The answer has begun since the page was opened, or all was answered. */
export const NOTHING_PREFILLED = html`<div class="notice warn" role="status">
  <p><strong>Il n’y a rien à reporter de votre réponse précédente.</strong></p>
  <p>Ce que vous avez saisi est ci-dessous ; rien n’est encore envoyé.</p>
</div>`;
