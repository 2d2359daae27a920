import type { SurveyLink } from '../../db/read-models/survey-respondents.ts';
import type { AnswerValue } from '../../domain/survey/answer.ts';
import { dayInWords } from '../../domain/wording.ts';
import { type Form, type Question, questionsOf } from '../../domain/survey/form.ts';
import { at, type Reused, type ReusedFrom, type ReuseOffer } from '../../domain/survey/reuse.ts';
import { html, type Html } from './html.ts';
import { originOf } from './survey-field-parts.ts';
import { shownValue } from './survey-values.ts';

/** What of a page was taken over from recent answers, and what may be. */
export interface PageReuse {
  readonly offers: readonly ReuseOffer[];
  /** Codes of the questions whose value was taken over. */
  readonly taken: readonly string[];
  /** Where that comes from, as far as it is known. */
  readonly sources: Reused;
}

/** `mardi 24 novembre 2026 (« BACH – semaine 48 »)` */
const dated = ({ answeredAt, title }: ReusedFrom): string => `${dayInWords(answeredAt)} («\u00a0${title}\u00a0»)`;

/**
 * One control that takes over all that may be: the form is posted with what stands in it, nothing is stored.
 * @param open codes of the questions that have no answer yet
 */
export function reusePart(form: Form, { offers }: PageReuse, open: readonly string[]): Html | null {
  const ready = offers.filter(({ question }) => open.includes(question));
  if (ready.length === 0) return null;
  const labels = questionsOf(form).filter(({ code }) => ready.some(({ question }) => question === code));
  return html`<div class="notice">
    <p><strong>Vous avez répondu récemment à ${several(ready.length)}.</strong></p>
    <p>${labels.map(({ label }) => label).join(', ')}.</p>
    <p>Vous pouvez reprendre ces réponses, puis les vérifier et les corriger. Rien n’est envoyé avant votre accord.</p>
    <button class="light" name="action" value="reuse">Reprendre mes réponses récentes</button>
  </div>`;
}

const several = (n: number): string => (n === 1 ? 'une de ces questions' : `${n} de ces questions`);

/** Beside each question: what it was answered before, or that its value was taken over from there. */
export function originsOf(form: Form, { offers, taken, sources }: PageReuse): ReadonlyMap<string, Html> {
  const offered = offers.flatMap(({ question: code, value, from }) => {
    const question = questionsOf(form).find((one) => one.code === code);
    return question === undefined ? [] : [[code, offeredPart(question, value, from)] as const];
  });
  return new Map([...offered, ...taken.map((code) => [code, takenPart(code, at(sources, code))] as const)]);
}

const takenPart = (code: string, from: ReusedFrom | undefined): Html =>
  html`<p class="origin taken" id="${originOf(code)}">
    Repris de votre réponse ${from === undefined ? 'à une autre enquête' : `du ${dated(from)}`} : à vérifier.
  </p>`;

/** A table is long: it is folded. */
function offeredPart(question: Question, value: AnswerValue, from: ReusedFrom): Html {
  const [id, shown] = [originOf(question.code), shownValue(question, value)];
  const words = `Votre réponse du ${dated(from)}`;
  if (typeof shown === 'string') return html`<p class="origin" id="${id}">${words} : <b>${shown}</b></p>`;
  return html`<details class="aside origin">
    <summary id="${id}">${words}</summary>
    ${shown}
  </details>`;
}

/** Which values were taken over, for the server to hold against what is offered. */
export const takenFields = ({ taken }: PageReuse): readonly Html[] =>
  taken.map((code) => html`<input type="hidden" name="reused" value="${code}" />`);

/** What was just done, before anything is stored. */
export const TAKEN_OVER = html`<div class="notice ok" role="status">
  <p><strong>Vos réponses récentes sont reprises ci-dessous, avec leur date.</strong></p>
  <p>Rien n’est encore envoyé : vérifiez-les, complétez le reste, puis envoyez.</p>
</div>`;

/** The offer has ended since the page was opened, or all was answered. */
export const NOTHING_TAKEN_OVER = html`<div class="notice warn" role="status">
  <p><strong>Aucune réponse récente n’est à reprendre.</strong></p>
  <p>Ce que vous avez saisi est ci-dessous ; rien n’est encore envoyé.</p>
</div>`;

/** Of a receipt: where one value comes from. */
export const reusedNote = ({ answer }: SurveyLink, { code }: Question): Html | null => {
  const from = at(answer.marks, code);
  return from === undefined ? null : html`<small>repris de votre réponse du ${dated(from)}</small>`;
};
