import type { AggregateRule } from './aggregate.ts';
import { quotientBy, sumOf, type Whole } from './exact.ts';
import { cellKey, type FigureCell } from './figure-cells.ts';
import { figureAlone, figuresAlone } from './figure-of-one.ts';
import { Figures } from './figures.ts';
import {
  decimalsIn,
  type MakeFigure,
  type Mean,
  type Part,
  partKey,
  type PartOf,
  type Parts,
  type Cells,
  type Ratio,
  ratioScales,
} from './figure-parts.ts';

export type { Cells, Part, Parts } from './figure-parts.ts';

/** A plan of what is to be added up for the rules of a form, and how its figures are made of that. */
export interface Consolidation {
  readonly parts: readonly Part[];
  figures(parts: Parts): Figures;
  /** Those of one answer alone, from its cells. */
  figuresOfOne(cells: Cells): Figures;
}

export function planConsolidation(rules: readonly AggregateRule[], cells: readonly FigureCell[]): Consolidation {
  const places = new Map(cells.map((cell, index) => [cellKey(cell), index]));
  const found = new Map<string, number>();
  const parts: Part[] = [];
  const want = (part: Part): number => {
    const known = found.get(partKey(part));
    if (known !== undefined) return known;
    found.set(partKey(part), parts.length);
    return parts.push(part) - 1;
  };
  const at = (key: string): number => {
    const place = places.get(key);
    if (place === undefined) throw new Error(`no cell is called ${key}`);
    return place;
  };
  const made = rules.map((rule) => figureBy(rule, { want, at, cells }));
  const alone = figuresAlone(rules.map((rule, index) => figureAlone(rule, made[index], { parts, at, cells })));
  const keys = new Map(rules.map(({ key }, index) => [key, index]));
  return {
    parts,
    figures: (given) => {
      const part: PartOf = (place) => given[place] ?? null;
      return new Figures(
        keys,
        made.map((figure) => figure(part)),
      );
    },
    figuresOfOne: (own) => new Figures(keys, alone(own)),
  };
}

interface Planning {
  /** Place of a part among the parts. */
  readonly want: (part: Part) => number;
  /** Place of a cell. */
  readonly at: (key: string) => number;
  readonly cells: readonly FigureCell[];
}

function figureBy(rule: AggregateRule, planning: Planning): MakeFigure {
  const { want, at } = planning;
  switch (rule.kind) {
    case 'ratio':
      return ratio(rule, planning);
    case 'mean':
      return mean(rule, planning);
    case 'countByChoice': {
      const { question, choices } = rule;
      const counts = choices.map((one) => [one, want({ of: 'count', cell: at(`${question}=${one}`) })] as const);
      return (part) => Object.fromEntries(counts.map(([one, place]) => [one, Number(part(place) ?? 0)]));
    }
    case 'answered': {
      const place = want({ of: 'count', cell: at(`said ${rule.question}`) });
      return (part) => Number(part(place) ?? 0);
    }
    case 'earliest':
    case 'latest': {
      const place = want({ of: rule.kind === 'earliest' ? 'min' : 'max', cell: at(`day ${rule.question}`) });
      return (part) => dayOf(part(place));
    }
    default:
      return overNumbers(rule, planning);
  }
}

const dayOf = (day: Whole | null): string | null =>
  day === null
    ? null
    : String(day).replace(/^(\d+)(\d\d)(\d\d)$/, (_, year: string, month, of) =>
        [year.padStart(4, '0'), month, of].join('-'),
      );

type OfNumbers = Extract<AggregateRule, { kind: 'sum' | 'max' | 'min' | 'count' }>;
function overNumbers({ kind, of }: OfNumbers, { want, at, cells }: Planning): MakeFigure {
  const places = of.map((path) => want({ of: kind, cell: at(path) }));
  // All of one column or of one question.
  const scale = 10 ** decimalsIn(cells, at(of[0] ?? ''));
  const total = (part: PartOf) => places.reduce<Whole | null>((all, place) => combine(kind, all, part(place)), null);
  if (kind === 'count') return (part) => Number(total(part) ?? 0);
  return (part) => {
    const whole = total(part);
    return whole === null ? null : Number(whole) / scale;
  };
}

function mean({ of, weights, decimals }: Mean, { want, at, cells }: Planning): MakeFigure {
  const pairs = of.map((path, index) => {
    const cell = at(path);
    const weight = weights?.[index];
    if (weight === undefined) return [want({ of: 'sum', cell }), want({ of: 'count', cell })] as const;
    const other = at(weight);
    return [want({ of: 'product', cell, other }), want({ of: 'sumWhere', cell: other, other: cell })] as const;
  });
  const quotient = quotientBy({ above: 1, below: 10 ** decimalsIn(cells, at(of[0] ?? '')) }, decimals);
  return (part) => {
    const sum = (half: 0 | 1) => pairs.reduce<Whole | null>((all, pair) => combine('sum', all, part(pair[half])), null);
    const [above, below] = [sum(0), sum(1)];
    return above === null || below === null || isZero(below) ? null : quotient(above, below);
  };
}

function ratio(rule: Ratio, { want, at, cells }: Planning): MakeFigure {
  const [cell, other] = [at(rule.numerator), at(rule.denominator)];
  const above = want({ of: 'sumWhere', cell, other });
  const below = want({ of: 'sumWhere', cell: other, other: cell });
  const quotient = quotientBy(ratioScales(rule, cells, [cell, other]), rule.decimals);
  return (part) => {
    const [sum, under] = [part(above), part(below)];
    return sum === null || under === null || isZero(under) ? null : quotient(sum, under);
  };
}

const isZero = (number: Whole): boolean => Number(number) === 0;

function combine(kind: 'sum' | 'count' | 'min' | 'max', a: Whole | null, b: Whole | null): Whole | null {
  if (a === null || b === null) return a ?? b;
  if (kind === 'min') return a < b ? a : b;
  if (kind === 'max') return a > b ? a : b;
  return sumOf(a, b);
}

/** The parts of several groups, as those of one. */
export const addParts = ({ parts }: Consolidation, a: Parts, b: Parts): Parts =>
  parts.map(({ of }, place) => combine(of === 'min' || of === 'max' ? of : 'sum', a[place] ?? null, b[place] ?? null));
