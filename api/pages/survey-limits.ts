import { exact, inFrenchDigits } from '../../domain/survey/exact.ts';
import type { Column, NumberField } from '../../domain/survey/form.ts';
import { html, type Html } from './html.ts';

/** `Nombre, au moins 0, au plus 5 000.`; empty where there is no limit. */
export function rangeWords(what: string, least: string | undefined, most: string | undefined): string {
  const range = [least, most].filter((one) => one !== undefined);
  return range.length === 0 ? '' : `${[what, ...range].join(', ')}.`;
}

/** What a number is counted in; a percentage says so by itself. */
export const unitOf = ({ type, unit }: NumberField): string | undefined =>
  unit ?? (type === 'percentage' ? '%' : undefined);

/** Unit and limits of a number, before somebody types it. */
export function numberLimits(field: NumberField): string {
  const unit = unitOf(field);
  return [unit === undefined ? '' : `En ${unit}.`, limitsOf(field)].filter((one) => one !== '').join(' ');
}

const limitsOf = ({ min, max }: NumberField): string =>
  rangeWords(
    'Nombre',
    min === undefined ? undefined : `au moins ${inFrenchDigits(exact(min))}`,
    max === undefined ? undefined : `au plus ${inFrenchDigits(exact(max))}`,
  );

/** What is to be known of the columns of a table, above it: on a telephone their heads are not seen. */
export function columnHints(columns: readonly Column[]): Html | null {
  const limits = new Set(columns.map(limitsOf));
  const same = limits.size === 1 ? columns.map(limitsOf)[0] : undefined;
  const owed = columns.filter(({ required }) => required);
  const lines = [
    ...(same === undefined || same === '' ? [] : [`Chaque case\u00a0: ${same}`]),
    ...columns.flatMap((column) => {
      const words = [column.help ?? '', same === undefined ? limitsOf(column) : ''].filter((one) => one !== '');
      return words.length === 0 ? [] : [`${column.label}\u00a0: ${words.join(' ')}`];
    }),
    ...(owed.length === 0 ? [] : [`Obligatoire dans une ligne remplie\u00a0: ${owedWords(columns, owed)}.`]),
  ];
  return lines.length === 0
    ? null
    : html`<ul class="hint">
        ${lines.map((line) => html`<li>${line}</li>`)}
      </ul>`;
}

const owedWords = (columns: readonly Column[], owed: readonly Column[]): string =>
  owed.length === columns.length ? 'chaque case' : owed.map(({ label }) => label).join(' ; ');
