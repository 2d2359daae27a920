import type { SurveyLink } from '../../db/read-models/survey-respondents.ts';
import type { FieldError } from '../../domain/field-error.ts';
import { type Form, questionsOf } from '../../domain/survey/form.ts';
import { html } from './html.ts';
import type { Page } from './layout.ts';
import { facts, page } from './survey-page.ts';
import { toldPart } from './survey-notices.ts';
import { reusedNote } from './survey-reuse.ts';
import { shownValue } from './survey-values.ts';

/** The receipt of what was submitted, to be printed or kept. */
export function receiptPage(
  link: SurveyLink,
  form: Form,
  { correctUrl, notices }: { readonly correctUrl: string; readonly notices: readonly FieldError[] },
): Page {
  const { values, comments, notConcerned } = link.answer;
  return page(
    link,
    'Réponse envoyée',
    html`<div class="notice ok" role="status">
        <p><strong>Votre réponse est enregistrée.</strong></p>
        <p>
          Vous pouvez imprimer cette page comme reçu, et corriger votre réponse jusqu’au terme ci-dessous, par le même
          lien.
        </p>
      </div>
      ${toldPart(form, notices)} ${facts(link)}
      ${notConcerned !== null && html`<p>Cette enquête ne vous concerne pas : « ${notConcerned} »</p>`}
      <div class="card">
        <dl class="facts">
          ${questionsOf(form).map(
            (question) =>
              html`<dt>${question.label}</dt>
                <dd>
                  ${shownValue(question, values[question.code])}${comments[question.code] !== undefined && html`<br />« ${comments[question.code]} »`}${reusedNote(link, question)}
                </dd>`,
          )}
        </dl>
      </div>
      <p class="unprinted"><a href="${correctUrl}">Corriger la réponse</a></p>`,
  );
}
