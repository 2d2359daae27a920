import type { AggregateRule, Figure } from './aggregate.ts';

/** Where a figure is watched: each establishment, or what its territory adds up to. */
export const THRESHOLD_LEVELS = ['site', 'department', 'ars', 'zone', 'nation'] as const;
export type ThresholdLevel = (typeof THRESHOLD_LEVELS)[number];

export const COMPARISONS = ['>=', '>', '<=', '<'] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** `alert`: a mail to whoever asks, and a task where that is the desk; `draftInstruction`: also a draft to the agency concerned. */
export const CONSEQUENCES = ['alert', 'draftInstruction'] as const;
export type Consequence = (typeof CONSEQUENCES)[number];

/** One figure of a survey that is watched while its answers come in. */
export interface Threshold {
  /** A key of the results: `lits`, of a table `lits.rea.disponibles` or `lits.disponibles`, of a choice `tension.niveau3`. */
  readonly question: string;
  readonly level: ThresholdLevel;
  readonly comparison: Comparison;
  readonly value: number;
  readonly then: Consequence;
  readonly label: string;
}

export const meets = ({ comparison, value }: Threshold, figure: number): boolean => {
  if (comparison === '>=') return figure >= value;
  if (comparison === '>') return figure > value;
  return comparison === '<=' ? figure <= value : figure < value;
};

/** A lack is known only once everybody has answered: what has come so far says nothing of the rest. */
export const awaitsEverybody = ({ comparison }: Threshold): boolean => comparison === '<=' || comparison === '<';

/** How the figure of a threshold is drawn from answers; `choice`: how many chose it. */
export interface WatchedFigure {
  readonly rule: AggregateRule;
  readonly choice: string | null;
}

/** The figure that a key means: a number of its own, or of a choice how many chose it; undefined: none of that name. */
export function watchedFigure(rules: readonly AggregateRule[], key: string): WatchedFigure | undefined {
  const own = rules.find((rule) => rule.key === key);
  if (own !== undefined) return { rule: own, choice: null };
  const at = key.lastIndexOf('.');
  const [question, choice] = [key.slice(0, at), key.slice(at + 1)];
  const rule = rules.find((one) => one.kind === 'countByChoice' && one.key === question);
  return rule?.kind === 'countByChoice' && rule.choices.includes(choice) ? { rule, choice } : undefined;
}

/** The number in a figure; null: nobody has answered, which is no zero. */
export function numberOf(figure: Figure, choice: string | null): number | null {
  if (typeof figure === 'number') return figure;
  if (choice === null || figure === null || typeof figure !== 'object') return null;
  return figure[choice] ?? null;
}

/** Codes of the questions that are read for some thresholds. */
export function questionsBehind(rules: readonly AggregateRule[], thresholds: readonly Threshold[]): readonly string[] {
  const paths = thresholds.flatMap(({ question }) => {
    const rule = watchedFigure(rules, question)?.rule;
    if (rule === undefined) return [];
    if ('question' in rule) return [rule.question];
    if (rule.kind === 'ratio') return [rule.numerator, rule.denominator];
    return [...rule.of, ...(rule.kind === 'mean' ? (rule.weights ?? []) : [])];
  });
  return [...new Set(paths.map((path) => path.split('.')[0] ?? path))];
}
