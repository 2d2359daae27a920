import type { AggregateRule, Figure } from './aggregate.ts';
import { exactQuotient, HUNDRED, rounded, toNumber, type Exact } from './exact.ts';
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

/** Of one group, part by part; null: of nothing. */
export type Parts = readonly (bigint | null)[];

const partKey = (part: Part): string => `${part.of} ${part.cell} ${'other' in part ? part.other : ''}`;

/** A plan of what is to be added up for the rules of a form, and how its figures are made of that. */
export interface Consolidation {
  readonly parts: readonly Part[];
  figures(parts: Parts): Readonly<Record<string, Figure>>;
  /** Those of one answer alone, from its cells. */
  figuresOfOne(cells: readonly (bigint | null)[]): Readonly<Record<string, Figure>>;
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
  const figures = (given: Parts) => Object.fromEntries(made.map(([key, figure]) => [key, figure(given)]));
  return { parts, figures, figuresOfOne: (own) => figures(partsOfOne(parts, own)) };
}

interface Planning {
  /** Place of a part among the parts. */
  readonly want: (part: Part) => number;
  /** Place of a cell. */
  readonly at: (key: string) => number;
  readonly cells: readonly FigureCell[];
}

type MakeFigure = (parts: Parts) => Figure;

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
      return (parts) => Object.fromEntries(counts.map(([one, place]) => [one, Number(parts[place] ?? 0n)]));
    }
    case 'answered': {
      const place = want({ of: 'count', cell: at(`said ${rule.question}`) });
      return (parts) => Number(parts[place] ?? 0n);
    }
    case 'earliest':
    case 'latest': {
      const place = want({ of: rule.kind === 'earliest' ? 'min' : 'max', cell: at(`day ${rule.question}`) });
      return (parts) => dayOf(parts[place] ?? null);
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
  const places = of.map((path) => ({
    place: want({ of: kind, cell: at(path) }),
    decimals: decimalsIn(cells, at(path)),
  }));
  // All of one column or of one question.
  const decimals = places[0]?.decimals ?? 0;
  const combined = (parts: Parts) =>
    combine(
      kind,
      places.map(({ place }) => parts[place] ?? null),
    );
  if (kind === 'count') return (parts) => Number(combined(parts) ?? 0n);
  return (parts) => {
    const total = combined(parts);
    return total === null ? null : toNumber(scaled(total, decimals));
  };
}

const decimalsIn = (cells: readonly FigureCell[], place: number): number => {
  const cell = cells[place];
  return cell?.kind === 'number' ? cell.decimals : 0;
};

const scaled = (whole: bigint, decimals: number): Exact => exactQuotient(whole, 10n ** BigInt(decimals));

type Mean = Extract<AggregateRule, { kind: 'mean' }>;
function mean({ of, weights, decimals }: Mean, { want, at, cells }: Planning): MakeFigure {
  const pairs = of.map((path, index) => {
    const cell = at(path);
    const weight = weights?.[index];
    if (weight === undefined) return [want({ of: 'sum', cell }), want({ of: 'count', cell })] as const;
    const other = at(weight);
    return [want({ of: 'product', cell, other }), want({ of: 'sumWhere', cell: other, other: cell })] as const;
  });
  const own = decimalsIn(cells, at(of[0] ?? ''));
  return (parts) => {
    const above = combine(
      'sum',
      pairs.map(([place]) => parts[place] ?? null),
    );
    const below = combine(
      'sum',
      pairs.map(([, place]) => parts[place] ?? null),
    );
    if (above === null || below === null || below === 0n) return null;
    return toNumber(rounded(exactQuotient(above, below * 10n ** BigInt(own)), decimals));
  };
}

type Ratio = Extract<AggregateRule, { kind: 'ratio' }>;
function ratio({ numerator, denominator, percent, decimals }: Ratio, { want, at, cells }: Planning): MakeFigure {
  const [cell, other] = [at(numerator), at(denominator)];
  const above = want({ of: 'sumWhere', cell, other });
  const below = want({ of: 'sumWhere', cell: other, other: cell });
  return (parts) => {
    const [sum, under] = [parts[above] ?? null, parts[below] ?? null];
    if (sum === null || under === null || under === 0n) return null;
    const quotient = scaled(sum, decimalsIn(cells, cell)).div(scaled(under, decimalsIn(cells, other)));
    return toNumber(rounded(percent ? quotient.mul(HUNDRED) : quotient, decimals));
  };
}

type Combining = 'sum' | 'count' | 'min' | 'max';
function combine(kind: Combining, values: readonly (bigint | null)[]): bigint | null {
  return values.reduce<bigint | null>(
    (all, one) => (all === null || one === null ? (all ?? one) : joined(kind, all, one)),
    null,
  );
}

function joined(kind: Combining, a: bigint, b: bigint): bigint {
  if (kind === 'min') return a < b ? a : b;
  if (kind === 'max') return a > b ? a : b;
  return a + b;
}

/** The parts of several groups, as those of one. */
export function addParts({ parts }: Consolidation, a: Parts, b: Parts): Parts {
  return parts.map(({ of }, place) =>
    combine(of === 'min' || of === 'max' ? of : 'sum', [a[place] ?? null, b[place] ?? null]),
  );
}

function partsOfOne(parts: readonly Part[], cells: readonly (bigint | null)[]): Parts {
  return parts.map((part) => {
    const own = cells[part.cell] ?? null;
    if (part.of === 'count') return own === null ? 0n : 1n;
    if (!('other' in part) || own === null) return own;
    const other = cells[part.other] ?? null;
    if (other === null) return null;
    return part.of === 'product' ? own * other : own;
  });
}
