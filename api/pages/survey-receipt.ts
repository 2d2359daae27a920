import type { SurveyLink } from '../../db/read-models/survey-respondents.ts';
import { isNotConcerned } from '../../domain/survey/answer.ts';
import { type Form, type Question, questionsOf } from '../../domain/survey/form.ts';
import { html, type Html } from './html.ts';
import type { Page } from './layout.ts';
import { facts, page } from './survey-page.ts';

/** The receipt of what was submitted, to be printed or kept. */
export function receiptPage(link: SurveyLink, form: Form, correctUrl: string): Page {
  const { values, comments, notConcerned } = link.answer;
  return page(
    link,
    'Réponse envoyée',
    html`<div class="notice ok" role="status">
        <p><strong>Votre réponse est enregistrée.</strong></p>
        <p>
          Vous pouvez imprimer cette page comme reçu, et corriger votre réponse jusqu’à la clôture par le même lien.
        </p>
      </div>
      ${facts(link)} ${notConcerned !== null && html`<p>Cette enquête ne vous concerne pas : « ${notConcerned} »</p>`}
      <div class="card">
        <dl class="facts">
          ${questionsOf(form).map(
            (question) =>
              html`<dt>${question.label}</dt>
                <dd>
                  ${shownValue(question, values[question.code])}${comments[question.code] !== undefined && html`<br />« ${comments[question.code]} »`}
                </dd>`,
          )}
        </dl>
      </div>
      <p class="unprinted"><a href="${correctUrl}">Corriger la réponse</a></p>`,
  );
}

function shownValue(question: Question, value: unknown): string | Html {
  if (value === undefined) return 'sans réponse';
  if (isNotConcerned(value)) return `non concerné : ${value.notConcerned}`;
  if (question.type === 'table') return tableValue(question, value as Readonly<Record<string, object>>);
  if (question.type === 'choice' || question.type === 'choices') {
    const chosen = [value].flat();
    const labels = question.choices.filter(({ code }) => chosen.includes(code)).map(({ label }) => label);
    return labels.join(', ');
  }
  const unit = 'unit' in question ? ` ${question.unit}` : '';
  if (typeof value === 'number') return `${value.toLocaleString('fr-FR', { maximumFractionDigits: 6 })}${unit}`;
  return typeof value === 'string' ? value : '';
}

type Table = Extract<Question, { type: 'table' }>;
function tableValue({ rows, columns }: Table, value: Readonly<Record<string, object>>): Html {
  return html`<ul>
    ${rows.flatMap((row) => {
      const cells = value[row.code] as Readonly<Record<string, unknown>> | undefined;
      if (cells === undefined) return [];
      if (typeof cells['notConcerned'] === 'string')
        return [html`<li>${row.label} : non concerné (${cells['notConcerned']})</li>`];
      const said = columns.filter(({ code }) => cells[code] !== undefined);
      return [
        html`<li>
          ${row.label} :
          ${said.map(({ code, label }) => `${label} ${String(cells[code]).replace('.', ',')}`).join(', ')}
        </li>`,
      ];
    })}
  </ul>`;
}
