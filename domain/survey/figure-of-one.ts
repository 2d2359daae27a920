import type { AggregateRule, Figure } from './aggregate.ts';
import { quotientBy, type Whole } from './exact.ts';
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

/** How one figure of one answer is made; a number: the cell that is it as it stands, as most of them are. */
export type FigureAlone = number | ((own: Cells) => Figure);

/** What a figure is made by: the place of a cell, all cells of the form, the parts of a group. */
interface Planning {
  readonly at: (key: string) => number;
  readonly cells: readonly FigureCell[];
  readonly parts: readonly Part[];
}

/** @returns the figures of one answer by its cells, in the order of their rules */
export function figuresAlone(alone: readonly FigureAlone[]): (own: Cells) => readonly Figure[] {
  const none: readonly Figure[] = alone.map(() => null);
  return (own) => {
    // As long as it will be from the start: one that grows leaves three times as much behind.
    const figures = none.slice();
    alone.forEach((how, place) => {
      figures[place] = typeof how === 'number' ? (own[how] ?? null) : how(own);
    });
    return figures;
  };
}

/** The figure of one answer: made of what stands there, and only where that takes several cells like those of many. */
export function figureAlone(rule: AggregateRule, figure: MakeFigure | undefined, planning: Planning): FigureAlone {
  const { at, cells, parts } = planning;
  const ofMany: FigureAlone = (own) => figure?.((place) => partOfOne(parts[place], own)) ?? null;
  switch (rule.kind) {
    case 'sum':
    case 'min':
    case 'max':
      return rule.of.length === 1 ? numberAlone(at(rule.of[0] ?? ''), cells) : ofMany;
    case 'countByChoice':
      return choicesAlone(
        rule.choices,
        rule.choices.map((one) => at(`${rule.question}=${one}`)),
      );
    case 'ratio':
      return ratioAlone(rule, planning);
    case 'mean':
      return rule.of.length === 1 ? meanAlone(rule, planning) : ofMany;
    default:
      return ofMany;
  }
}

function numberAlone(cell: number, cells: readonly FigureCell[]): FigureAlone {
  const decimals = decimalsIn(cells, cell);
  if (decimals === 0) return cell;
  const scale = 10 ** decimals;
  return (own) => {
    const whole = own[cell] ?? null;
    return whole === null ? null : whole / scale;
  };
}

type Counts = Readonly<Record<string, number>>;

/** Of so many choices: the counts of whoever chose one of them are kept, and shared by all who did. */
const FEW = 20;

function choicesAlone(choices: readonly string[], places: readonly number[]): FigureAlone {
  const countsOf = (own: Cells): Counts =>
    Object.fromEntries(choices.map((one, index) => [one, own[places[index] ?? 0] ?? 0]));
  if (choices.length > FEW) return countsOf;
  const shared = new Map<number, Counts>();
  return (own) => {
    let [chosen, last] = [0, -1];
    for (const place of places) {
      if ((own[place] ?? null) === null) continue;
      chosen += 1;
      last = place;
    }
    if (chosen > 1) return countsOf(own);
    const known = shared.get(last) ?? countsOf(own);
    shared.set(last, known);
    return known;
  };
}

function ratioAlone(rule: Ratio, { at, cells }: Planning): FigureAlone {
  const [cell, other] = [at(rule.numerator), at(rule.denominator)];
  const quotient = quotientBy(ratioScales(rule, cells, [cell, other]), rule.decimals);
  return (own) => {
    const [over, under] = [own[cell] ?? null, own[other] ?? null];
    return over === null || under === null || under === 0 ? null : quotient(over, under);
  };
}

/** Of one answer any weight is the whole weight: there is only none, or nought. */
function meanAlone({ of, weights, decimals }: Mean, { at, cells }: Planning): FigureAlone {
  const cell = at(of[0] ?? '');
  const weight = weights?.[0] === undefined ? null : at(weights[0]);
  const quotient = quotientBy({ above: 1, below: 1 }, decimals);
  const scale = 10 ** decimalsIn(cells, cell);
  return (own) => {
    const [one, by] = [own[cell] ?? null, weight === null ? 1 : (own[weight] ?? null)];
    return one === null || by === null || by === 0 ? null : quotient(one, scale);
  };
}

function partOfOne(part: Part | undefined, cells: Cells): Whole | null {
  const own = part === undefined ? null : (cells[part.cell] ?? null);
  if (part?.of === 'count') return own === null ? 0 : 1;
  if (part === undefined || own === null) return null;
  if (!('other' in part)) return own;
  const other = cells[part.other] ?? null;
  if (other === null) return null;
  return part.of === 'product' ? BigInt(own) * BigInt(other) : own;
}
