import { dueOf, type SurveyLink } from '../../db/read-models/survey-respondents.ts';
import type { FieldError } from '../../domain/field-error.ts';
import { pointerTo } from '../../domain/input.ts';
import { type Form, type Question, questionsOf } from '../../domain/survey/form.ts';
import type { AnswerValues } from '../../domain/survey/answer.ts';
import { prefillable } from '../surveys/page-reuse.ts';
import { openQuestions, type Posted, postedOf } from '../surveys/page-form.ts';
import { html, type Html } from './html.ts';
import { filePart } from './survey-files.ts';
import type { Page } from './layout.ts';
import { describedBy, idOf, wrong } from './survey-field-parts.ts';
import { questionField } from './survey-fields.ts';
import { passingPart } from './survey-passing.ts';
import { originsOf, type PageReuse, reusePart, takenFields } from './survey-reuse.ts';
import { prefillPart } from './survey-prefill.ts';
import { isOfCell, isOfRow, placeOf } from './survey-tables.ts';
import { momentThere } from './words.ts';

/** What the page of one respondent shows. */
export interface SurveyFilling {
  /** Path of the page. */
  readonly url: string;
  /** The same as it stands in mails, with its host. */
  readonly address: string;
  readonly posted: Posted;
  /** The version that its reader has seen: an answer that somebody else has written since is not overwritten unseen. */
  readonly version: number;
  readonly errors: readonly FieldError[];
  readonly reuse: PageReuse;
  /** What of the answer before may be taken over. */
  readonly before: AnswerValues;
  /** What has just happened, if anything. */
  readonly notice: Html | null;
}

export const page = (link: SurveyLink, title: string, body: Html): Page => ({
  title,
  exercise: link.exercise,
  brand: link.authorName,
  body: html`<p class="number">Enquête</p>
    <h1>${link.title}</h1>
    ${body}`,
});

/** The first button of a form is what the Enter key presses: that of the answer stands before any other, seen by nobody. */
const ENTER = html`<button class="unseen" name="action" value="submit" tabindex="-1" aria-hidden="true">
  Envoyer la réponse
</button>`;

/** The questionnaire of one respondent. Opening it changes nothing, whatever opens it. */
export function surveyPage(link: SurveyLink, form: Form, filling: SurveyFilling): Page {
  const { errors, posted, notice, reuse, before } = filling;
  const others = errors.filter(({ pointer }) => !hasField(form, pointer)).map(({ message }) => message);
  const origins = originsOf(form, reuse);
  return page(
    link,
    errors.length > 0 ? `À corriger : ${link.title}` : link.title,
    html`${notice} ${errors.length > 0 && summary(form, errors)} ${returned(link)} ${facts(link)}
      ${form.help !== undefined && html`<p>${form.help}</p>`}
      <form method="post" action="${filling.url}" novalidate>
        <input type="hidden" name="version" value="${filling.version}" />
        ${takenFields(reuse)} ${ENTER} ${reusePart(form, reuse, openQuestions(form, posted))}
        ${prefillPart(form, prefillable(form, posted, before, reuse.offers))}
        ${others.length > 0 && html`<div class="notice error">${[...new Set(others)].map((message) => html`<p>${message}</p>`)}</div>`}
        ${form.sections.map(
          (section) =>
            html`<h2>${section.title}</h2>
              ${section.help !== undefined && html`<p class="hint">${section.help}</p>`}
              ${section.questions.map((question) => questionField(question, { posted, errors, origins }))}`,
        )}
        ${notConcernedPart(filling)}
        <button name="action" value="submit">Envoyer la réponse</button>
        <button class="light" name="action" value="draft">Enregistrer le brouillon</button>
      </form>
      ${filePart(form, filling)} ${passingPart(link, filling)}`,
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
        ${describedBy('f-notConcerned', ['f-notConcerned-hint'], error)}
      >
${text}</textarea>
      ${wrong('/notConcerned', error)}
    </div>
  </details>`;
}

const questionAt = (form: Form, pointer: string): Question | undefined => {
  const [, part, code] = pointer.split('/');
  return part === 'values' || part === 'comments' ? questionsOf(form).find((one) => one.code === code) : undefined;
};

/** Whether the page shows the error beside a field. */
const hasField = (form: Form, pointer: string): boolean => {
  return pointer === '/notConcerned' || questionAt(form, pointer) !== undefined;
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
  const place = inTable ? placeOf(question, error) : '';
  const target = fieldOf(question, error);
  // What has moved is told by its own name.
  const name = error.message.startsWith(`${question.label} : `) ? '' : `${question.label} : `;
  return html`<li><a href="#${idOf(target)}">${name}${place}${error.message}</a></li>`;
}

/** The pointer of the field that shows it: what is of no cell and of no row is told below the table. */
function fieldOf(question: Question, error: FieldError): string {
  const own = pointerTo('values', question.code);
  const shown = [pointerTo('comments', question.code), pointerTo('values', question.code, 'notConcerned')];
  if (shown.includes(error.pointer)) return error.pointer;
  return question.type === 'table' && (isOfCell(question, error) || isOfRow(question, error)) ? error.pointer : own;
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

/** @param due false: it is over, whatever its calendar said */
export function facts(link: SurveyLink, due = true): Html {
  const { answer, authorName, timeZone } = link;
  return html`<div class="card">
    <dl class="facts">
      <dt>Émetteur</dt>
      <dd>${authorName}</dd>
      <dt>Répondant</dt>
      <dd>${answer.name}</dd>
      ${
        due &&
        html`<dt>À rendre avant</dt>
          <dd>${momentThere(dueOf(link), timeZone)}</dd>`
      }
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

/** The survey takes no answer now; says why and whom to ask. */
export const closedSurveyPage = (link: SurveyLink, detail: string): Page =>
  page(
    link,
    'Enquête fermée',
    html`<div class="notice warn" role="alert"><p>${detail}</p></div>
      ${facts(link, false)}`,
  );

export const unknownSurveyLink = (): Page => ({
  title: 'Lien inconnu',
  brand: 'Vigie',
  body: html`<h1>Ce lien n’est pas valable</h1>
    <p>Utilisez celui du dernier courriel reçu, en entier, ou répondez à ce courriel pour en demander un autre.</p>`,
});
