import type { AnswerValues } from '../domain/survey/answer.ts';
import { figuresOf } from '../domain/survey/figure-cells.ts';
import type { PreparedForm } from '../domain/survey/prepare.ts';
import type { Cells } from '../domain/survey/consolidate.ts';
import { type TallyLayout, tallyOf } from '../domain/survey/tally.ts';

/** Stands where nothing was answered: the smallest bigint, which no number of an answer comes near. */
export const NO_FIGURE = '-9223372036854775808';

/**
 * Figures of one answer as PostgreSQL reads `bigint[]`. Migrations that have run wrote them by it: it does not change.
 */
export const figuresLiteral = (figures: readonly (number | null)[]): string =>
  `{${figures.map((figure) => figure ?? NO_FIGURE).join(',')}}`;

/** The columns of the figures of one answer: one that is read as it stands, and those that PostgreSQL consolidates. */
export const figureColumns = (
  { cells: places, tally }: Pick<PreparedForm, 'cells' | 'tally'>,
  values: AnswerValues,
): { readonly cells: string; readonly tally: string; readonly extremes: string } => {
  const cells = figuresOf(places, values);
  return { cells: JSON.stringify(cells), ...consolidatedColumns(tally, cells) };
};

/** Of one answer, what is added up and what the least and the greatest are found in. Migrations that have run wrote them by it: it does not change. */
export const consolidatedColumns = (
  layout: TallyLayout,
  cells: Cells,
): { readonly tally: string; readonly extremes: string } => ({
  tally: tallyLiteral(tallyOf(layout, cells)),
  extremes: figuresLiteral(layout.extremes.map((cell) => cells[cell] ?? null)),
});

/** Numbers of a tally as PostgreSQL reads `numeric[]`. */
const tallyLiteral = (numbers: readonly string[]): string => `{${numbers.join(',')}}`;

/** An array of whole numbers as PostgreSQL writes it, in their own digits: `{12,NULL}` → `['12', null]` */
export const wholesFrom = (text: string): readonly (string | null)[] =>
  text === '{}'
    ? []
    : text
        .slice(1, -1)
        .split(',')
        .map((whole) => (whole === 'NULL' ? null : whole));
