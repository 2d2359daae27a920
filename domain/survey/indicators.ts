import { ALL_ROWS, dictionaryOf } from './dictionary.ts';
import { type Form, questionsOf } from './form.ts';
import { type SurveyCounts, rateOf } from './rates.ts';
import { type ResultColumn, resultColumns } from './result-columns.ts';
import type { TerritoryResult } from './results.ts';

/** One figure of the results that is published by itself. */
export interface Indicator {
  /** Title of its column of the results: `occupes`, `lits.installes`, `tension.n2`. */
  readonly column: string;
  readonly label: string;
  /** Empty: none. */
  readonly unit: string;
  /** The label of its question, under which its indicators stand together. */
  readonly group: string;
  readonly of: (row: TerritoryResult) => string | number | null;
}

/** Received of those expected: what can be drawn of every survey. No code of a question begins so. */
export const RESPONSE_RATE: Indicator = {
  column: '_taux',
  label: 'Taux de réponse',
  unit: '%',
  group: 'Réponses',
  of: (counts: SurveyCounts) => rateOf(counts.received, counts.expected),
};

/** The figure of one territory; null where nobody has answered: a count of nobody is missing as well, and no zero. */
export const figureIn = (indicator: Indicator, row: TerritoryResult): string | number | null =>
  row.received === 0 && indicator.column !== RESPONSE_RATE.column ? null : indicator.of(row);

/** How many figures stand first where a form marks none; each of their columns at most so many. */
const UNMARKED = 5;
const MOST_COLUMNS = 12;

/** Every figure of a form, in its order. */
export function indicatorsOf(form: Form): readonly Indicator[] {
  const [entries, groups] = [
    new Map(dictionaryOf(form).map((entry) => [entry.column, entry])),
    new Map(questionsOf(form).map(({ code, label }) => [code, label])),
  ];
  return figureColumns(form).flatMap(({ title, of }) => {
    const entry = entries.get(title);
    if (entry === undefined) return [];
    const { unit, code } = entry;
    // Where a figure stands alone it is that of all rows unless one is named.
    const label = entry.label.replace(`, ${ALL_ROWS}, `, ', ');
    return [{ column: title, label, unit, group: groups.get(code ?? '') ?? label, of }];
  });
}

type FigureColumn = ResultColumn & { readonly rule: NonNullable<ResultColumn['rule']> };
const figureColumns = (form: Form): readonly FigureColumn[] =>
  resultColumns(form).filter((column): column is FigureColumn => column.rule !== null);

/** Those that a map or a trend can show, the response rate first: a day is no quantity. */
export const drawnIndicators = (form: Form): readonly Indicator[] => {
  const days = new Set(
    figureColumns(form)
      .filter(({ rule }) => rule.kind === 'earliest' || rule.kind === 'latest')
      .map(({ title }) => title),
  );
  return [RESPONSE_RATE, ...indicatorsOf(form).filter(({ column }) => !days.has(column))];
};

/**
 * The first figures of a publication: those that the form marks (`headline`); of a form that marks none the first five, where a
 * table counts by its columns over all rows.
 */
export function headlinesOf(form: Form): readonly Indicator[] {
  const marked = markedKeys(form);
  const keys = new Set<string>();
  for (const { rule } of figureColumns(form)) {
    const wanted = marked.size > 0 ? marked.has(rule.key) : keys.size < UNMARKED && rule.key.split('.').length < 3;
    if (wanted) keys.add(rule.key);
  }
  const columns = new Set(figureColumns(form).flatMap(({ title, rule }) => (keys.has(rule.key) ? [title] : [])));
  return indicatorsOf(form)
    .filter(({ column }) => columns.has(column))
    .slice(0, MOST_COLUMNS);
}

/** What is drawn where nothing is chosen: the first of the headlines that can be. */
export function firstDrawn(form: Form): Indicator {
  const drawn = new Set(drawnIndicators(form).map(({ column }) => column));
  return headlinesOf(form).find(({ column }) => drawn.has(column)) ?? RESPONSE_RATE;
}

const markedKeys = (form: Form): ReadonlySet<string> =>
  new Set(
    questionsOf(form).flatMap((question) => {
      if (question.type === 'table')
        return question.columns.filter(({ headline }) => headline).map(({ code }) => `${question.code}.${code}`);
      return 'headline' in question && question.headline ? [question.code] : [];
    }),
  );
