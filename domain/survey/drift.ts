import { exact, HUNDRED, rounded, toNumber } from './exact.ts';
import type { Form } from './form.ts';
import { drawnIndicators, figureIn, type Indicator, RESPONSE_RATE } from './indicators.ts';
import { rateOf } from './rates.ts';
import type { TerritoryResult } from './results.ts';

/** A consolidated figure that has moved by more than what was asked since the campaign before. */
export interface Drift {
  readonly territory: string;
  /** Its column of the results: `occupes`, `lits.installes`, `tension.n2`. */
  readonly question: string;
  readonly label: string;
  /** Empty: none. */
  readonly unit: string;
  readonly previous: number;
  readonly now: number;
  /** Percent of the previous figure, one decimal; null: that one was zero. */
  readonly change: number | null;
  /** Percent of those expected who have answered, one decimal. */
  readonly answered: number;
  readonly previousAnswered: number;
}

/** A territory that cannot be compared: too few have answered now or then; null: nobody was expected there. */
export interface NotCompared {
  readonly territory: string;
  readonly answered: number | null;
  readonly previousAnswered: number | null;
}

/** One campaign at one level. */
export interface LevelFigures {
  readonly form: Form;
  readonly rows: readonly TerritoryResult[];
}

export interface DriftLimits {
  /** Percent of the previous figure, either way. */
  readonly over: number;
  /** Percent of those expected that must have answered both times. */
  readonly answered: number;
}

/**
 * Figures of a level beside those of the campaign before, by the name of their column: in another version of the form each is
 * drawn by its own rule there. Missing on either side is no zero, and compared with nothing. From zero to anything else is a
 * move of more than any percentage. The largest first.
 */
export function driftsOf(
  current: LevelFigures,
  before: LevelFigures,
  { over, answered }: DriftLimits,
): { readonly drifts: readonly Drift[]; readonly notCompared: readonly NotCompared[] } {
  const then = new Map(before.rows.map((row) => [row.territory, row]));
  const pairs = figuresOfBoth(current.form, before.form);
  const drifts: Drift[] = [];
  const notCompared: NotCompared[] = [];
  for (const row of current.rows) {
    const old = then.get(row.territory);
    const shares = { answered: shareOf(row), previousAnswered: old === undefined ? null : shareOf(old) };
    if (old === undefined || !isEnough(shares, answered)) notCompared.push({ territory: row.territory, ...shares });
    else for (const pair of pairs) drifts.push(...driftOf(pair, { row, old, shares, over }));
  }
  return { drifts: drifts.toSorted(byChange), notCompared };
}

const shareOf = ({ received, expected }: TerritoryResult): number | null => rateOf(received, expected);

type Shares = Pick<Drift, 'answered' | 'previousAnswered'>;
const isEnough = (shares: Omit<NotCompared, 'territory'>, least: number): shares is Shares =>
  [shares.answered, shares.previousAnswered].every((share) => share !== null && share > 0 && share >= least);

interface Both {
  readonly now: Indicator;
  readonly then: Indicator;
}

function figuresOfBoth(current: Form, before: Form): readonly Both[] {
  const then = new Map(drawnIndicators(before).map((one) => [one.column, one]));
  return drawnIndicators(current).flatMap((now) => {
    const other = then.get(now.column);
    return other === undefined || now.column === RESPONSE_RATE.column ? [] : [{ now, then: other }];
  });
}

interface Compared {
  readonly row: TerritoryResult;
  readonly old: TerritoryResult;
  readonly shares: Shares;
  readonly over: number;
}

function driftOf(figure: Both, { row, old, shares, over }: Compared): readonly Drift[] {
  const [now, previous] = [figureIn(figure.now, row), figureIn(figure.then, old)];
  if (typeof now !== 'number' || typeof previous !== 'number') return [];
  const [to, from] = [exact(now), exact(previous)];
  const moved = to.sub(from);
  if (moved.abs().compare(from.abs().mul(exact(over)).div(HUNDRED)) <= 0) return [];
  const change = from.n === 0n ? null : toNumber(rounded(moved.mul(HUNDRED).div(from.abs()), 1));
  const { column: question, label, unit } = figure.now;
  return [{ territory: row.territory, question, label, unit, previous, now, change, ...shares }];
}

/** From zero first; then the largest, either way. */
const byChange = (a: Drift, b: Drift): number => sizeOf(b) - sizeOf(a) || 0;
const sizeOf = ({ change }: Drift): number => (change === null ? Number.MAX_VALUE : Math.abs(change));
