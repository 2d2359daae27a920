import { type RawBuilder, sql } from 'kysely';
import type { Part, Parts } from '../../domain/survey/consolidate.ts';
import { isSummed, type TallyLayout, tallyReader } from '../../domain/survey/tally.ts';
import { NO_FIGURE, wholesFrom } from '../survey-figures.ts';

/** Columns of a group of answers. */
export interface Added {
  /** Sums of the numbers of their tallies, as `numeric[]`. */
  readonly tally: string;
  /** The least and the greatest of their figures, as `bigint[]`. */
  readonly extremes: string;
}

/** How a statement adds up the figures `f` joined by `counted`, of those whom the survey concerns. */
export interface AddingUp {
  readonly columns: RawBuilder<Added>;
  partsOf(row: Added): Parts;
}

/**
 * @param layout of the form, of all its parts
 * @param parts some of them
 */
export function addedUp(layout: TallyLayout, parts: readonly Part[]): AddingUp {
  const read = tallyReader(layout, parts);
  const extremes = parts.filter((part) => !isSummed(part));
  return {
    columns: sql<Added>`${arraySql(layout.digits.map(tallySql), 'numeric')} as tally,
      ${arraySql(extremes.map(extremeSql(layout)), 'bigint')} as extremes`,
    partsOf: (row) => {
      const summed = read(wholesFrom(row.tally));
      const found = wholesFrom(row.extremes)[Symbol.iterator]();
      return parts.map((part, place) => (isSummed(part) ? (summed[place] ?? null) : wholeOf(found.next().value)));
    },
  };
}

/** Those of one cell, exact as a plain number. */
const wholeOf = (digits: string | null | undefined): number | null =>
  typeof digits === 'string' ? Number(digits) : null;

/** Unlike a list of columns it has no upper limit. */
const arraySql = (all: readonly RawBuilder<unknown>[], type: 'numeric' | 'bigint'): RawBuilder<string> =>
  sql<string>`array[${sql.join(all)}]::${sql.raw(type)}[]::text`;

const tallySql = (_digits: number, number: number): RawBuilder<unknown> =>
  sql.raw(`sum(f.tally[${number + 1}]) filter (where f.concerned)`);

const extremeSql =
  ({ extremes }: TallyLayout) =>
  ({ of, cell }: Part): RawBuilder<unknown> =>
    sql.raw(`${of}(nullif(f.extremes[${extremes.indexOf(cell) + 1}], ${NO_FIGURE})) filter (where f.concerned)`);
