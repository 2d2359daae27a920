import type { AnswerValues } from './answer.ts';
import { aggregatesOf, figureOf } from './aggregate.ts';
import type { Form } from './form.ts';
import {
  awaitsEverybody,
  meets,
  numberOf,
  type Threshold,
  type ThresholdLevel,
  type WatchedFigure,
  watchedFigure,
} from './threshold.ts';

/** One whom the survey asks, with what it has submitted. */
export interface WatchedRespondent {
  readonly name: string;
  /** The organisation; of a list its own id. */
  readonly site: string;
  readonly department: string | null;
  readonly ars: string;
  readonly arsName: string;
  readonly zone: string;
  readonly state: 'awaited' | 'received' | 'notConcerned';
  readonly values: AnswerValues;
}

/** A threshold, counted from 0, of a territory. */
export interface Place {
  readonly rule: number;
  readonly territory: string;
}

/** A figure that is beyond its threshold, and of how many answers it is made. */
export interface Crossing extends Place {
  readonly name: string;
  /** The agency of the territory; null: of a zone, of the nation. */
  readonly ars: string | null;
  readonly figure: number;
  readonly received: number;
  readonly expected: number;
}

export interface CrossingChanges {
  readonly begun: readonly Crossing[];
  /** Figures that have come back. `figure` null: nobody answers for it any more. */
  readonly ended: readonly (Place & { readonly figure: number | null })[];
}

interface Watched {
  readonly form: Form;
  readonly thresholds: readonly Threshold[];
  readonly respondents: readonly WatchedRespondent[];
  /** Crossings that last. */
  readonly lasting: readonly Place[];
  /** Closed: what has not come does not count any more. */
  readonly final: boolean;
}

/**
 * What has begun and what has ended since. A figure is of what has been answered: an excess is told at once, a lack only when all
 * of its territory have answered or the survey is closed. A crossing lasts until its figure is back; then another may begin.
 */
export function crossingChanges(watched: Watched): CrossingChanges {
  const rules = aggregatesOf(watched.form);
  const all = watched.thresholds.map((threshold, rule) => {
    const figure = watchedFigure(rules, threshold.question);
    return figure === undefined ? NOTHING : changesOf(watched, { threshold, rule, figure });
  });
  return { begun: all.flatMap(({ begun }) => begun), ended: all.flatMap(({ ended }) => ended) };
}

const NOTHING: CrossingChanges = { begun: [], ended: [] };

interface OneThreshold {
  readonly threshold: Threshold;
  readonly rule: number;
  readonly figure: WatchedFigure;
}

function changesOf(
  { respondents, lasting, final }: Watched,
  { threshold, rule, figure }: OneThreshold,
): CrossingChanges {
  const known = new Set(lasting.filter((one) => one.rule === rule).map(({ territory }) => territory));
  const groups = [...Map.groupBy(respondents, PLACES[threshold.level])].map(([territory, group]) => {
    const counted = countedIn(group, figure);
    return { territory, group, ...counted, beyond: counted.figure !== null && meets(threshold, counted.figure) };
  });
  const begun = groups.flatMap(({ territory, group, beyond, figure: is, received, expected }): Crossing[] => {
    const told = final || received === expected || !awaitsEverybody(threshold);
    if (is === null || !beyond || !told || known.has(territory)) return [];
    const name = nameOf(threshold.level, territory, group);
    return [{ rule, territory, name, ars: arsOf(threshold, group), figure: is, received, expected }];
  });
  const ended = groups.flatMap(({ territory, beyond, figure: is }) =>
    known.has(territory) && !beyond ? [{ rule, territory, figure: is }] : [],
  );
  return { begun, ended };
}

function countedIn(group: readonly WatchedRespondent[], { rule, choice }: WatchedFigure) {
  const answered = group.filter(({ state }) => state === 'received').map(({ values }) => values);
  const expected = group.filter(({ state }) => state !== 'notConcerned').length;
  const figure = answered.length === 0 ? null : numberOf(figureOf(rule, answered), choice);
  return { figure, received: answered.length, expected };
}

const PLACES: Readonly<Record<ThresholdLevel, (one: WatchedRespondent) => string>> = {
  site: ({ site }) => site,
  department: ({ department, ars }) => department ?? ars,
  ars: ({ ars }) => ars,
  zone: ({ zone }) => zone,
  nation: () => 'NATION',
};

function nameOf(level: ThresholdLevel, territory: string, [first]: readonly WatchedRespondent[]): string {
  if (level === 'nation') return 'France entière';
  if (level === 'zone') return territory.replace(/^ZONE-/, 'Zone ').replaceAll('_', '-');
  if (level === 'department') return `Département ${territory.replace(/^D/, '')}`;
  return (level === 'ars' ? first?.arsName : first?.name) ?? territory;
}

const arsOf = ({ level }: Threshold, [first]: readonly WatchedRespondent[]): string | null =>
  level === 'zone' || level === 'nation' ? null : (first?.ars ?? null);
