import type { AnswerValues } from '../domain/survey/answer.ts';
import { figuresOf } from '../domain/survey/figure-cells.ts';
import type { PreparedForm } from '../domain/survey/prepare.ts';
import { tallyOf } from '../domain/survey/tally.ts';

/** Stands where nothing was answered: the smallest bigint, which no number of an answer comes near. */
export const NO_FIGURE = '-9223372036854775808';

/**
 * Figures of one answer as PostgreSQL reads `bigint[]`. Migrations that have run wrote them by it: it does not change.
 */
export const figuresLiteral = (figures: readonly (number | null)[]): string =>
  `{${figures.map((figure) => figure ?? NO_FIGURE).join(',')}}`;

/**
 * The columns of the figures of one answer: one that PostgreSQL finds the least and the greatest in, one that is read as it stands,
 * one that it adds up.
 */
export const figureColumns = (
  { cells: places, tally }: Pick<PreparedForm, 'cells' | 'tally'>,
  values: AnswerValues,
): { readonly figures: string; readonly cells: string; readonly tally: string } => {
  const own = figuresOf(places, values);
  return { figures: figuresLiteral(own), cells: JSON.stringify(own), tally: tallyLiteral(tallyOf(tally, own)) };
};

/** Numbers of a tally as PostgreSQL reads `numeric[]`. Migrations that have run wrote them by it: it does not change. */
export const tallyLiteral = (numbers: readonly string[]): string => `{${numbers.join(',')}}`;

/** An array of whole numbers as PostgreSQL writes it, in their own digits: `{12,NULL}` → `['12', null]` */
export const wholesFrom = (text: string): readonly (string | null)[] =>
  text === '{}'
    ? []
    : text
        .slice(1, -1)
        .split(',')
        .map((whole) => (whole === 'NULL' ? null : whole));
