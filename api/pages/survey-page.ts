import type { SurveyLink } from '../../db/read-models/survey-respondents.ts';
import type { FieldError } from '../../domain/field-error.ts';
import { pointerTo } from '../../domain/input.ts';
import { type Form, type Question, questionsOf } from '../../domain/survey/form.ts';
import { type Posted, postedOf } from '../surveys/page-form.ts';
import { html, type Html } from './html.ts';
import { filePart } from './survey-files.ts';
import type { Page } from './layout.ts';
import { idOf, placeOf, questionField } from './survey-fields.ts';
import { momentThere } from './words.ts';

/** What the page of one respondent shows. */
export interface SurveyFilling {
  /** Path of the page. */
  readonly url: string;
  readonly posted: Posted;
  /** The version that its reader has seen: an answer that somebody else has written since is not overwritten unseen. */
  readonly version: number;
  readonly errors: readonly FieldError[];
  /** What has just happened, if anything. */
  readonly notice: Html | null;
}

const page = (link: SurveyLink, title: string, body: Html): Page => ({
  title,
  exercise: link.exercise,
  brand: link.authorName,
  body: html`<p class="number">Enquête</p>
    <h1>${link.title}</h1>
    ${body}`,
});

/** The questionnaire of one respondent. Opening it changes nothing, whatever opens it. */
export function surveyPage(link: SurveyLink, form: Form, filling: SurveyFilling): Page {
  const { errors, posted, notice } = filling;
  const others = errors.filter(({ pointer }) => !hasField(form, pointer));
  return page(
    link,
    link.title,
    html`${notice} ${errors.length > 0 && summary(form, errors)} ${returned(link)} ${facts(link)}
      ${form.help !== undefined && html`<p>${form.help}</p>`}
      <form method="post" action="${filling.url}" novalidate>
        <input type="hidden" name="version" value="${filling.version}" />
        ${others.length > 0 && html`<div class="notice error">${others.map(({ message }) => html`<p>${message}</p>`)}</div>`}
        ${form.sections.map(
          (section) =>
            html`<h2>${section.title}</h2>
              ${section.help !== undefined && html`<p class="hint">${section.help}</p>`}
              ${section.questions.map((question) => questionField(question, { posted, errors }))}`,
        )}
        ${notConcernedPart(filling)}
        <button name="action" value="submit">Envoyer la réponse</button>
        <button class="light" name="action" value="draft">Enregistrer le brouillon</button>
      </form>
      ${filePart(form, filling)}`,
  );
}

function notConcernedPart({ posted, errors }: SurveyFilling): Html {
  const error = errors.find(({ pointer }) => pointer === '/notConcerned');
  const text = postedOf(posted, 'notConcerned');
  return html`<details ${(text !== '' || error !== undefined) && html`open`}>
    <summary>Cette enquête ne nous concerne pas</summary>
    <div class="field">
      <label for="f-notConcerned">Motif</label>
      <p class="hint" id="f-notConcerned-hint">Laissez alors toutes les questions sans réponse.</p>
      <textarea
        id="f-notConcerned"
        name="notConcerned"
        rows="2"
        aria-describedby="f-notConcerned-hint"
        ${error !== undefined && html`aria-invalid="true"`}
      >
${text}</textarea>
      ${error !== undefined && html`<p class="wrong">${error.message}</p>`}
    </div>
  </details>`;
}

const questionAt = (form: Form, pointer: string): Question | undefined => {
  const [, part, code] = pointer.split('/');
  return part === 'values' || part === 'comments' ? questionsOf(form).find((one) => one.code === code) : undefined;
};

/** Whether the page shows the error beside a field. */
const hasField = (form: Form, pointer: string): boolean => {
  const question = questionAt(form, pointer);
  return pointer === '/notConcerned' || (question !== undefined && question.type !== 'computed');
};

/** All errors at once, each leading to its field. */
function summary(form: Form, errors: readonly FieldError[]): Html {
  return html`<div class="notice error" role="alert">
    <p>
      <strong
        >Votre réponse n’est pas enregistrée : ${errors.length} point${errors.length > 1 ? 's sont' : ' est'} à
        corriger.</strong
      >
    </p>
    <ul>
      ${errors.filter(({ pointer }) => hasField(form, pointer)).map((error) => summaryLine(form, error))}
    </ul>
  </div>`;
}

function summaryLine(form: Form, error: FieldError): Html {
  const question = questionAt(form, error.pointer);
  if (question === undefined) return html`<li><a href="#f-notConcerned">${error.message}</a></li>`;
  const inTable = question.type === 'table' && error.pointer.startsWith('/values');
  // A whole row has no field of its own: the table is where to look.
  const target = inTable && error.pointer.split('/').length < 5 ? pointerTo('values', question.code) : error.pointer;
  const place = inTable ? placeOf(question, error) : '';
  return html`<li><a href="#${idOf(target)}">${question.label} : ${place}${error.message}</a></li>`;
}

function returned({ answer }: SurveyLink): Html | false {
  return (
    answer.returnReason !== null &&
    html`<div class="notice warn">
      <p><strong>Votre réponse vous a été renvoyée.</strong></p>
      <p>« ${answer.returnReason} »</p>
      <p>Corrigez-la, ou confirmez-la, puis envoyez-la de nouveau.</p>
    </div>`
  );
}

function facts({ answer, authorName, closesAt, timeZone }: SurveyLink): Html {
  return html`<div class="card">
    <dl class="facts">
      <dt>Émetteur</dt>
      <dd>${authorName}</dd>
      <dt>Répondant</dt>
      <dd>${answer.name}</dd>
      <dt>À rendre avant</dt>
      <dd>${momentThere(Math.max(closesAt, answer.unlockedUntil ?? 0), timeZone)}</dd>
      <dt>Votre réponse</dt>
      <dd>${stateWords(answer, timeZone)}</dd>
    </dl>
  </div>`;
}

function stateWords({ submitted, submittedAt, isDraft }: SurveyLink['answer'], timeZone: string): string {
  if (submitted === null || submittedAt === null)
    return isDraft ? 'brouillon enregistré, non envoyé' : 'pas encore envoyée';
  const sent = `envoyée le ${momentThere(submittedAt, timeZone)} (version ${submitted})`;
  return isDraft ? `${sent} ; une correction est en brouillon, non envoyée` : sent;
}

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
      <p><a href="${correctUrl}">Corriger la réponse</a></p>`,
  );
}

function shownValue(question: Question, value: unknown): string | Html {
  if (value === undefined) return 'sans réponse';
  if (question.type === 'table') return tableValue(question, value as Readonly<Record<string, object>>);
  if (question.type === 'choice' || question.type === 'choices') {
    const chosen = [value].flat();
    const labels = question.choices.filter(({ code }) => chosen.includes(code)).map(({ label }) => label);
    return labels.join(', ');
  }
  const unit = 'unit' in question ? ` ${question.unit}` : '';
  if (typeof value === 'number') return `${value.toLocaleString('fr-FR', { maximumFractionDigits: 6 })}${unit}`;
  return typeof value === 'string'
    ? value
    : `non concerné : ${String((value as { notConcerned?: unknown }).notConcerned)}`;
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

/** The survey takes no answer now; says why and whom to ask. */
export const closedSurveyPage = (link: SurveyLink, detail: string): Page =>
  page(
    link,
    'Enquête fermée',
    html`<div class="notice warn" role="alert"><p>${detail}</p></div>
      ${facts(link)}`,
  );

export const unknownSurveyLink = (): Page => ({
  title: 'Lien inconnu',
  brand: 'Vigie',
  body: html`<h1>Ce lien n’est pas valable</h1>
    <p>Utilisez celui du dernier courriel reçu, en entier, ou répondez à ce courriel pour en demander un autre.</p>`,
});
