import type { FieldError } from '../../domain/field-error.ts';
import { pointerTo } from '../../domain/input.ts';
import type { Column, TableQuestion } from '../../domain/survey/form.ts';
import { postedOf, rowReasonField, valueField } from '../surveys/page-form.ts';
import { html, type Html } from './html.ts';
import { columnHints, unitOf } from './survey-limits.ts';
import {
  commentPart,
  describedBy,
  errorAt,
  type Filling,
  idOf,
  owed,
  reasonPart,
  wrong,
} from './survey-field-parts.ts';

type Named = { readonly code: string; readonly label: string };

const NOT_CONCERNED = 'Non concerné (motif)';

/** A table; on a telephone each row is a card, each cell named by its column. */
export function tableField(table: TableQuestion, filling: Filling): Html {
  const { code, label, help, rows, columns, required } = table;
  const pointer = pointerTo('values', code);
  const comments = columns.some(({ commentWhenMoves }) => commentWhenMoves !== undefined);
  // Those of a cell or a row stand in it.
  const wrongs = filling.errors.filter(
    (error) =>
      (error.pointer === pointer || error.pointer.startsWith(`${pointer}/`)) &&
      !isOfCell(table, error) &&
      !isOfRow(table, error),
  );
  return html`<div class="field" id="${idOf(pointer)}" tabindex="-1">
      ${help !== undefined && html`<p class="hint">${help}</p>`} ${columnHints(columns)} ${filling.origins.get(code)}
      <div class="scroll">
        <table class="cards">
          <caption>
            ${label}${owed(required)}
          </caption>
          <thead>
            <tr>
              <th scope="col">Ligne</th>
              ${columns.map((column) => html`<th scope="col">${titleOf(column)}</th>`)}
              <th scope="col">${NOT_CONCERNED}</th>
            </tr>
          </thead>
          <tbody>
            ${rows.map((row) => rowOf(table, row, filling))}
          </tbody>
        </table>
      </div>
      ${wrongs.map((error) => html`<p class="wrong" id="${idOf(error.pointer)}-error">${placeOf(table, error)}${error.message}</p>`)}
    </div>
    ${reasonPart(table, filling)} ${commentPart(table, comments, filling)}`;
}

const titleOf = ({ label, ...column }: Column): string => {
  const unit = unitOf(column);
  return unit === undefined ? label : `${label} (${unit})`;
};

const rowOf = ({ code, columns }: TableQuestion, row: Named, filling: Filling): Html =>
  html`<tr id="${idOf(pointerTo('values', code, row.code))}" tabindex="-1">
    <th scope="row">${row.label}${rowWrongs(pointerTo('values', code, row.code), filling)}</th>
    ${columns.map(
      (column) =>
        html`<td data-label="${titleOf(column)}">
          ${cellInput(
            {
              name: valueField(code, row.code, column.code),
              pointer: pointerTo('values', code, row.code, column.code),
              label: `${row.label} : ${column.label}`,
              numeric: true,
            },
            filling,
          )}
        </td>`,
    )}
    <td data-label="${NOT_CONCERNED}">
      ${cellInput(
        {
          name: rowReasonField(code, row.code),
          pointer: pointerTo('values', code, row.code, 'notConcerned'),
          label: `${row.label} : non concerné, motif`,
          numeric: false,
        },
        filling,
      )}
    </td>
  </tr>`;

/** What is wrong with a row as such: all of it, for two rules of one row may fail at once. */
const rowWrongs = (pointer: string, { errors }: Filling): readonly Html[] =>
  errors.filter((error) => error.pointer === pointer).map(({ message }) => html`<p class="wrong">${message}</p>`);

interface Cell {
  readonly name: string;
  readonly pointer: string;
  readonly label: string;
  readonly numeric: boolean;
}

function cellInput({ name, pointer, label, numeric }: Cell, filling: Filling): Html {
  const [id, error] = [idOf(pointer), errorAt(filling, pointer)];
  return html`<input
      type="text"
      id="${id}"
      name="${name}"
      aria-label="${label}"
      ${numeric && html`inputmode="decimal"`}
      autocomplete="off"
      value="${postedOf(filling.posted, name)}"
      ${describedBy(id, [], error)}
    />${wrong(pointer, error)}`;
}

/** Whether the table has a field for what is wrong. */
export function isOfCell({ rows, columns }: TableQuestion, { pointer }: FieldError): boolean {
  const [row, column] = pointer.split('/').slice(3);
  const isColumn = column === 'notConcerned' || columns.some(({ code }) => code === column);
  return isColumn && rows.some(({ code }) => code === row);
}

/** Whether it is of a whole row. */
export function isOfRow({ rows }: TableQuestion, { pointer }: FieldError): boolean {
  const [row, ...more] = pointer.split('/').slice(3);
  return more.length === 0 && rows.some(({ code }) => code === row);
}

/** `Réanimation, disponibles : `: which cell of the table is wrong. */
export function placeOf({ code, rows, columns }: TableQuestion, { pointer }: FieldError): string {
  const [row, column] = pointer.split('/').slice(3);
  const labels = [rows.find((one) => one.code === row)?.label, columns.find((one) => one.code === column)?.label];
  const place = labels.filter((label) => label !== undefined).join(', ');
  return place === '' || !pointer.startsWith(pointerTo('values', code)) ? '' : `${place} : `;
}
