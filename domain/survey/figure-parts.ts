import type { AggregateRule, Figure } from './aggregate.ts';
import type { Whole } from './exact.ts';
import type { FigureCell } from './figure-cells.ts';

/**
 * What a group of answers adds up to; cells by their place, from 0. Those of several groups combine to those of all: a level is
 * made of its parts.
 */
export type Part =
  | { readonly of: 'sum' | 'count' | 'min' | 'max'; readonly cell: number }
  /** Sum of a cell over the answers that have the other one as well. */
  | { readonly of: 'sumWhere'; readonly cell: number; readonly other: number }
  /** Sum of the products of two cells. */
  | { readonly of: 'product'; readonly cell: number; readonly other: number };

/** Those of one answer, in the order of its form's; null: nothing stands there. */
export type Cells = readonly (number | null)[];

/** Of one group, part by part; null: of nothing. */
export type Parts = readonly (Whole | null)[];

/** One part of a group, by its place. */
export type PartOf = (place: number) => Whole | null;
export type MakeFigure = (part: PartOf) => Figure;

export type Mean = Extract<AggregateRule, { kind: 'mean' }>;
export type Ratio = Extract<AggregateRule, { kind: 'ratio' }>;

export const decimalsIn = (cells: readonly FigureCell[], place: number): number => {
  const cell = cells[place];
  return cell?.kind === 'number' ? cell.decimals : 0;
};

/** Both halves have decimals of their own: by what each is multiplied so that only those of the ratio are left. */
export function ratioScales(
  { percent }: Ratio,
  cells: readonly FigureCell[],
  [cell, other]: readonly [number, number],
) {
  const shift = decimalsIn(cells, other) - decimalsIn(cells, cell);
  return { above: 10 ** Math.max(shift, 0) * (percent ? 100 : 1), below: 10 ** Math.max(-shift, 0) };
}

/** What tells one part of a form from another. */
export const partKey = (part: Part): string => `${part.of} ${part.cell} ${'other' in part ? part.other : ''}`;
