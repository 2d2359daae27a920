import type { AggregateRule, Figure } from './aggregate.ts';
import { roundedQuotient } from './exact.ts';
import { cellKey, type FigureCell } from './figure-cells.ts';

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
export type Parts = readonly (bigint | null)[];

const partKey = (part: Part): string => `${part.of} ${part.cell} ${'other' in part ? part.other : ''}`;

/** A plan of what is to be added up for the rules of a form, and how its figures are made of that. */
export interface Consolidation {
  readonly parts: readonly Part[];
  figures(parts: Parts): Readonly<Record<string, Figure>>;
  /** Those of one answer alone, from its cells. */
  figuresOfOne(cells: Cells): Readonly<Record<string, Figure>>;
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
  const made = rules.map((rule) => [rule.key, figureBy(rule, { want, at, cells })] as const);
  const alone = rules.map((rule, index) => figureAlone(rule, made[index]?.[1] ?? (() => null), { parts, at, cells }));
  return {
    parts,
    figures: (given) => {
      const part: PartOf = (place) => given[place] ?? null;
      return Object.fromEntries(made.map(([key, figure]) => [key, figure(part)]));
    },
    figuresOfOne: (own) => {
      const figures: Record<string, Figure> = {};
      // Not from entries: three thousand answers of one shape.
      rules.forEach(({ key }, index) => (figures[key] = alone[index]?.(own) ?? null));
      return figures;
    },
  };
}

interface Planning {
  /** Place of a part among the parts. */
  readonly want: (part: Part) => number;
  /** Place of a cell. */
  readonly at: (key: string) => number;
  readonly cells: readonly FigureCell[];
}

/** One part of a group, by its place. */
type PartOf = (place: number) => bigint | null;
type MakeFigure = (part: PartOf) => Figure;

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
      return (part) => Object.fromEntries(counts.map(([one, place]) => [one, Number(part(place) ?? 0n)]));
    }
    case 'answered': {
      const place = want({ of: 'count', cell: at(`said ${rule.question}`) });
      return (part) => Number(part(place) ?? 0n);
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

const dayOf = (day: bigint | null): string | null =>
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
  const total = (part: PartOf) => places.reduce<bigint | null>((all, place) => combine(kind, all, part(place)), null);
  if (kind === 'count') return (part) => Number(total(part) ?? 0n);
  return (part) => {
    const whole = total(part);
    return whole === null ? null : Number(whole) / scale;
  };
}

const decimalsIn = (cells: readonly FigureCell[], place: number): number => {
  const cell = cells[place];
  return cell?.kind === 'number' ? cell.decimals : 0;
};

type Mean = Extract<AggregateRule, { kind: 'mean' }>;
function mean({ of, weights, decimals }: Mean, { want, at, cells }: Planning): MakeFigure {
  const pairs = of.map((path, index) => {
    const cell = at(path);
    const weight = weights?.[index];
    if (weight === undefined) return [want({ of: 'sum', cell }), want({ of: 'count', cell })] as const;
    const other = at(weight);
    return [want({ of: 'product', cell, other }), want({ of: 'sumWhere', cell: other, other: cell })] as const;
  });
  const scale = 10n ** BigInt(decimalsIn(cells, at(of[0] ?? '')));
  return (part) => {
    const sum = (half: 0 | 1) =>
      pairs.reduce<bigint | null>((all, pair) => combine('sum', all, part(pair[half])), null);
    const [above, below] = [sum(0), sum(1)];
    if (above === null || below === null || below === 0n) return null;
    return roundedQuotient(above, below * scale, decimals);
  };
}

type Ratio = Extract<AggregateRule, { kind: 'ratio' }>;
function ratio({ numerator, denominator, percent, decimals }: Ratio, { want, at, cells }: Planning): MakeFigure {
  const [cell, other] = [at(numerator), at(denominator)];
  const above = want({ of: 'sumWhere', cell, other });
  const below = want({ of: 'sumWhere', cell: other, other: cell });
  // Both have decimals of their own: what is left of them after the division.
  const shift = decimalsIn(cells, other) - decimalsIn(cells, cell);
  const scale = 10n ** BigInt(Math.max(shift, 0)) * (percent ? 100n : 1n);
  const under10 = 10n ** BigInt(Math.max(-shift, 0));
  return (part) => {
    const [sum, under] = [part(above), part(below)];
    if (sum === null || under === null || under === 0n) return null;
    return roundedQuotient(sum * scale, under * under10, decimals);
  };
}

function combine(kind: 'sum' | 'count' | 'min' | 'max', a: bigint | null, b: bigint | null): bigint | null {
  if (a === null || b === null) return a ?? b;
  if (kind === 'min') return a < b ? a : b;
  if (kind === 'max') return a > b ? a : b;
  return a + b;
}

/** The parts of several groups, as those of one. */
export const addParts = ({ parts }: Consolidation, a: Parts, b: Parts): Parts =>
  parts.map(({ of }, place) => combine(of === 'min' || of === 'max' ? of : 'sum', a[place] ?? null, b[place] ?? null));

/** The figure of one answer: most are what stands there, others are made as those of many. */
function figureAlone(
  rule: AggregateRule,
  figure: MakeFigure,
  { parts, at, cells }: Omit<Planning, 'want'> & { readonly parts: readonly Part[] },
): (own: Cells) => Figure {
  if ((rule.kind === 'sum' || rule.kind === 'min' || rule.kind === 'max') && rule.of.length === 1) {
    const cell = at(rule.of[0] ?? '');
    const scale = 10 ** decimalsIn(cells, cell);
    return (own) => {
      const whole = own[cell] ?? null;
      return whole === null ? null : whole / scale;
    };
  }
  if (rule.kind === 'countByChoice') {
    const places = rule.choices.map((one) => [one, at(`${rule.question}=${one}`)] as const);
    return (own) => Object.fromEntries(places.map(([one, place]) => [one, own[place] ?? 0]));
  }
  return (own) => figure((place) => partOfOne(parts[place], own));
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
