import type { AggregateRule, Figure } from './aggregate.ts';
import { quotientOf } from './exact.ts';
import type { FigureCell } from './figure-cells.ts';
import {
  type Cells,
  decimalsIn,
  type MakeFigure,
  type Mean,
  type Part,
  type Ratio,
  ratioScales,
} from './figure-parts.ts';

export type FigureAlone = (own: Cells) => Figure;

/** What a figure is made by: the place of a cell, all cells of the form, the parts of a group. */
interface Planning {
  readonly at: (key: string) => number;
  readonly cells: readonly FigureCell[];
  readonly parts: readonly Part[];
}

/** The cell that is the figure of one answer as it stands: most of them are. Null: it is made of more. */
export function wholeCell(rule: AggregateRule, { at, cells }: Pick<Planning, 'at' | 'cells'>): number | null {
  if (rule.kind !== 'sum' && rule.kind !== 'min' && rule.kind !== 'max') return null;
  const cell = rule.of.length === 1 ? at(rule.of[0] ?? '') : null;
  return cell === null || decimalsIn(cells, cell) > 0 ? null : cell;
}

/** The figure of one answer: made of what stands there, and only where that takes several cells like those of many. */
export function figureAlone(rule: AggregateRule | undefined, figure: MakeFigure, planning: Planning): FigureAlone {
  const { at, cells, parts } = planning;
  const ofMany: FigureAlone = (own) => figure((place) => partOfOne(parts[place], own));
  switch (rule?.kind) {
    case 'sum':
    case 'min':
    case 'max':
      return rule.of.length === 1 ? numberAlone(at(rule.of[0] ?? ''), cells) : ofMany;
    case 'countByChoice':
      return choicesAlone(rule.choices.map((one) => [one, at(`${rule.question}=${one}`)]));
    case 'ratio':
      return ratioAlone(rule, planning);
    case 'mean':
      return rule.of.length === 1 ? meanAlone(rule, planning) : ofMany;
    default:
      return ofMany;
  }
}

function numberAlone(cell: number, cells: readonly FigureCell[]): FigureAlone {
  const scale = 10 ** decimalsIn(cells, cell);
  return (own) => {
    const whole = own[cell] ?? null;
    return whole === null ? null : whole / scale;
  };
}

function choicesAlone(places: readonly (readonly [string, number])[]): FigureAlone {
  const shape: Readonly<Record<string, number>> = Object.fromEntries(places.map(([one]) => [one, 0]));
  return (own) => {
    const counts = { ...shape };
    for (const [one, place] of places) counts[one] = own[place] ?? 0;
    return counts;
  };
}

function ratioAlone(rule: Ratio, { at, cells }: Planning): FigureAlone {
  const [cell, other] = [at(rule.numerator), at(rule.denominator)];
  const { above, below } = ratioScales(rule, cells, [cell, other]);
  return (own) => {
    const [over, under] = [own[cell] ?? null, own[other] ?? null];
    if (over === null || under === null || under === 0) return null;
    return quotientOf([over, above], [under, below], rule.decimals);
  };
}

function meanAlone({ of, weights, decimals }: Mean, { at, cells }: Planning): FigureAlone {
  const cell = at(of[0] ?? '');
  const scale = 10 ** decimalsIn(cells, cell);
  const weight = weights?.[0] === undefined ? null : at(weights[0]);
  return (own) => {
    const [one, by] = [own[cell] ?? null, weight === null ? 1 : (own[weight] ?? null)];
    return one === null || by === null || by === 0 ? null : quotientOf([one, by], [by, scale], decimals);
  };
}

function partOfOne(part: Part | undefined, cells: Cells): bigint | null {
  const own = part === undefined ? null : (cells[part.cell] ?? null);
  if (part?.of === 'count') return own === null ? 0n : 1n;
  if (part === undefined || own === null) return null;
  if (!('other' in part)) return BigInt(own);
  const other = cells[part.other] ?? null;
  if (other === null) return null;
  return part.of === 'product' ? BigInt(own) * BigInt(other) : BigInt(own);
}
