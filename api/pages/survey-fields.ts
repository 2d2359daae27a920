import type { FieldError } from '../../domain/field-error.ts';
import { pointerTo } from '../../domain/input.ts';
import type { NumberField, Question, TableQuestion } from '../../domain/survey/form.ts';
import { chosenOf, commentField, type Posted, postedOf, rowReasonField, valueField } from '../surveys/page-form.ts';
import { html, type Html } from './html.ts';

/** What the fields of a questionnaire are drawn from. */
export interface Filling {
  readonly posted: Posted;
  readonly errors: readonly FieldError[];
}

/** Ids of a page: the pointer of a field, without what an id may not hold. */
export const idOf = (pointer: string): string => `f${pointer.replaceAll(/[^A-Za-z0-9]+/g, '-')}`;

const errorAt = ({ errors }: Filling, pointer: string): FieldError | undefined =>
  errors.find((error) => error.pointer === pointer);

const wrong = (pointer: string, error: FieldError | undefined): Html | null =>
  error === undefined ? null : html`<p class="wrong" id="${idOf(pointer)}-error">${error.message}</p>`;

const NUMERIC = ['integer', 'decimal', 'percentage'];

/** One question, with its help, its limits and what is wrong with it. */
export function questionField(question: Question, filling: Filling): Html | null {
  switch (question.type) {
    case 'computed':
      return null;
    case 'table':
      return tableField(question, filling);
    case 'choice':
    case 'choices':
      return choiceField(question, filling);
    default:
      return textField(question, filling);
  }
}

type Choices = Extract<Question, { type: 'choice' | 'choices' }>;
function choiceField({ code, label, help, type, choices, required }: Choices, filling: Filling): Html {
  const pointer = pointerTo('values', code);
  const [name, chosen] = [valueField(code), chosenOf(filling.posted, valueField(code))];
  return html`<fieldset id="${idOf(pointer)}" tabindex="-1">
    <legend>${label}${owed(required)}</legend>
    ${help !== undefined && html`<p class="hint">${help}</p>`} ${wrong(pointer, errorAt(filling, pointer))}
    ${choices.map(
      (choice) =>
        html`<label class="choice"
          ><input
            type="${type === 'choice' ? 'radio' : 'checkbox'}"
            name="${name}"
            value="${choice.code}"
            ${chosen.includes(choice.code) && html`checked`}
          /><span><b>${choice.label}</b></span></label
        >`,
    )}
  </fieldset>`;
}

type Plain = Exclude<Question, { type: 'choice' | 'choices' | 'table' | 'computed' }>;
function textField(question: Plain, filling: Filling): Html {
  const { code, label, help, required } = question;
  const pointer = pointerTo('values', code);
  const [id, error] = [idOf(pointer), errorAt(filling, pointer)];
  const value = postedOf(filling.posted, valueField(code));
  const hints = [help, limitsOf(question)].filter((one) => one !== undefined && one !== '').join(' ');
  const described = [hints === '' ? '' : `${id}-hint`, error === undefined ? '' : `${id}-error`].join(' ').trim();
  const attributes = html`id="${id}" name="${valueField(code)}"
  ${described !== '' && html`aria-describedby="${described}"`} ${error !== undefined && html`aria-invalid="true"`}`;
  return html`<div class="field">
      <label for="${id}">${label}${owed(required)}</label>
      ${hints !== '' && html`<p class="hint" id="${id}-hint">${hints}</p>`}
      ${
        question.type === 'text'
          ? html`<textarea rows="3" ${attributes}>${value}</textarea>`
          : html`<input
              type="${question.type === 'date' ? 'date' : 'text'}"
              ${NUMERIC.includes(question.type) && html`inputmode="decimal" autocomplete="off"`}
              value="${value}"
              ${attributes}
            />`
      }
      ${wrong(pointer, error)}
    </div>
    ${commentPart(code, 'commentWhenMoves' in question, filling)}`;
}

const owed = (required: boolean | undefined): string => (required === true ? ' (obligatoire)' : '');

function limitsOf(question: Plain): string {
  if (question.type === 'text')
    return question.maxLength === undefined ? '' : `${question.maxLength} caractères au plus.`;
  if (question.type === 'date') return '';
  return numberLimits(question);
}

function numberLimits({ unit, min, max }: NumberField): string {
  const range = [min === undefined ? '' : `au moins ${min}`, max === undefined ? '' : `au plus ${max}`].filter(
    (one) => one !== '',
  );
  const parts = [unit === undefined ? '' : `En ${unit}.`, range.length === 0 ? '' : `Nombre, ${range.join(', ')}.`];
  return parts.filter((one) => one !== '').join(' ');
}

/** Room for a comment where one may be owed, was given, or is asked for. */
function commentPart(code: string, mayBeOwed: boolean, filling: Filling): Html | null {
  const pointer = pointerTo('comments', code);
  const [id, error] = [idOf(pointer), errorAt(filling, pointer)];
  const text = postedOf(filling.posted, commentField(code));
  if (!mayBeOwed && text === '' && error === undefined) return null;
  return html`<div class="field">
    <label for="${id}">Commentaire</label>
    <textarea
      id="${id}"
      name="${commentField(code)}"
      rows="2"
      ${error !== undefined && html`aria-invalid="true" aria-describedby="${id}-error"`}
    >
${text}</textarea>
    ${wrong(pointer, error)}
  </div>`;
}

function tableField(table: TableQuestion, filling: Filling): Html {
  const { code, label, help, rows, columns, required } = table;
  const pointer = pointerTo('values', code);
  const comments = columns.some(({ commentWhenMoves }) => commentWhenMoves !== undefined);
  const wrongs = filling.errors.filter((error) => error.pointer === pointer || error.pointer.startsWith(`${pointer}/`));
  return html`<div class="field" id="${idOf(pointer)}" tabindex="-1">
      ${help !== undefined && html`<p class="hint">${help}</p>`}
      <div class="scroll">
        <table>
          <caption>
            ${label}${owed(required)}
          </caption>
          <thead>
            <tr>
              <th scope="col">Ligne</th>
              ${columns.map((column) => html`<th scope="col">${column.label}${column.unit !== undefined && ` (${column.unit})`}</th>`)}
              <th scope="col">Non concerné (motif)</th>
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              (row) =>
                html`<tr>
                  <th scope="row">${row.label}</th>
                  ${columns.map((column) => cell(table, row, column, filling))}
                  <td>
                    ${cellInput(rowReasonField(code, row.code), pointerTo('values', code, row.code, 'notConcerned'), `${row.label} : non concerné, motif`, filling)}
                  </td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      ${wrongs.map((error) => html`<p class="wrong" id="${idOf(error.pointer)}-error">${placeOf(table, error)}${error.message}</p>`)}
    </div>
    ${commentPart(code, comments, filling)}`;
}

type Named = { readonly code: string; readonly label: string };

const cell = (table: TableQuestion, row: Named, column: Named, filling: Filling): Html =>
  html`<td>
    ${cellInput(valueField(table.code, row.code, column.code), pointerTo('values', table.code, row.code, column.code), `${row.label} : ${column.label}`, filling)}
  </td>`;

function cellInput(name: string, pointer: string, label: string, filling: Filling): Html {
  const error = errorAt(filling, pointer);
  const id = idOf(pointer);
  return html`<input
    type="text"
    id="${id}"
    name="${name}"
    aria-label="${label}"
    autocomplete="off"
    value="${postedOf(filling.posted, name)}"
    ${error !== undefined && html`aria-invalid="true" aria-describedby="${id}-error"`}
  />`;
}

/** `Réanimation, disponibles : `: which cell of the table is wrong. */
export function placeOf({ code, rows, columns }: TableQuestion, { pointer }: FieldError): string {
  const [row, column] = pointer.split('/').slice(3);
  const labels = [rows.find((one) => one.code === row)?.label, columns.find((one) => one.code === column)?.label];
  const place = labels.filter((label) => label !== undefined).join(', ');
  return place === '' || !pointer.startsWith(pointerTo('values', code)) ? '' : `${place} : `;
}
