import type { FieldError } from '../../domain/field-error.ts';
import { pointerTo } from '../../domain/input.ts';
import { commentField, type Posted, postedOf, reasonField } from '../surveys/page-form.ts';
import { html, type Html } from './html.ts';

/** What the fields of a questionnaire are drawn from. */
export interface Filling {
  readonly posted: Posted;
  readonly errors: readonly FieldError[];
  /** What is said beside a question of where its value comes from, or might: by its code, under the id `originOf`. */
  readonly origins: ReadonlyMap<string, Html>;
}

/** Ids of a page: the pointer of a field, without what an id may not hold. */
export const idOf = (pointer: string): string => `f${pointer.replaceAll(/[^A-Za-z0-9]+/g, '-')}`;

/** Id of what is said of where the value of a question comes from. */
export const originOf = (code: string): string => `${idOf(pointerTo('values', code))}-origin`;

/** The first error of a field; also what is told of a part of it that has no field of its own. */
export const errorAt = ({ errors }: Filling, pointer: string): FieldError | undefined =>
  errors.find(
    (error) => error.pointer === pointer || error.pointer === pointerTo(...pointer.split('/').slice(1), 'value'),
  );

export const wrong = (pointer: string, error: FieldError | undefined): Html | null =>
  error === undefined ? null : html`<p class="wrong" id="${idOf(pointer)}-error">${error.message}</p>`;

/** Attributes of a control with words beside it: their ids, in their order, then that of what is wrong with it. */
export const describedBy = (id: string, words: readonly string[], error: FieldError | undefined): Html =>
  html`${wordsOf(id, words, error)} ${error !== undefined && html`aria-invalid="true"`}`;

/** The same of a group of controls. */
export function wordsOf(id: string, words: readonly string[], error: FieldError | undefined): Html | null {
  const ids = [...words, ...(error === undefined ? [] : [`${id}-error`])].join(' ');
  return ids === '' ? null : html`aria-describedby="${ids}"`;
}

/** Which of the words beside a question are there. */
export const wordsBeside = (code: string, hasHint: boolean, { origins }: Filling): readonly string[] => [
  ...(hasHint ? [`${idOf(pointerTo('values', code))}-hint`] : []),
  ...(origins.has(code) ? [originOf(code)] : []),
];

export const owed = (required: boolean | undefined): string => (required === true ? ' (obligatoire)' : '');

/** Room for a comment where one may be owed, was given, or is asked for. */
export function commentPart(
  { code, label }: { readonly code: string; readonly label: string },
  mayBeOwed: boolean,
  filling: Filling,
): Html | null {
  const pointer = pointerTo('comments', code);
  const [id, error] = [idOf(pointer), errorAt(filling, pointer)];
  const text = postedOf(filling.posted, commentField(code));
  if (!mayBeOwed && text === '' && error === undefined) return null;
  return html`<div class="field">
    <label for="${id}">Commentaire<span class="unseen"> : ${label}</span></label>
    <textarea id="${id}" name="${commentField(code)}" rows="2" ${describedBy(id, [], error)}>${text}</textarea>
    ${wrong(pointer, error)}
  </div>`;
}

/** «Non concerné» of one question, folded until it is used. */
export function reasonPart({ code, label }: { readonly code: string; readonly label: string }, filling: Filling): Html {
  const pointer = pointerTo('values', code, 'notConcerned');
  const [id, error] = [idOf(pointer), errorAt(filling, pointer)];
  const reason = postedOf(filling.posted, reasonField(code));
  return html`<details class="aside" ${(reason !== '' || error !== undefined) && html`open`}>
    <summary>Non concerné<span class="unseen"> : ${label}</span></summary>
    <div class="field">
      <label for="${id}">Motif<span class="unseen"> : ${label}</span></label>
      <input type="text" id="${id}" name="${reasonField(code)}" value="${reason}" ${describedBy(id, [], error)} />
      ${wrong(pointer, error)}
    </div>
  </details>`;
}
