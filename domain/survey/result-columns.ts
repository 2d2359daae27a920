import { type AggregateRule, aggregatesOf, type Figure } from './aggregate.ts';
import type { Form } from './form.ts';
import type { TerritoryResult } from './results.ts';

/** One column of the results of a survey, whatever file they are written to. */
export interface ResultColumn {
  readonly title: string;
  /** How its figure is drawn; null: a count of respondents. */
  readonly rule: AggregateRule | null;
  /** Of a count by choice: which. */
  readonly choice?: string;
  readonly of: (row: TerritoryResult) => string | number | null;
}

const count = (title: string, of: ResultColumn['of']): ResultColumn => ({ title, rule: null, of });

const COUNTS: readonly ResultColumn[] = [
  count('territoire', ({ territory }) => territory),
  count('nom', ({ name }) => name),
  count('attendues', ({ expected }) => expected),
  count('non concernés', ({ notConcerned }) => notConcerned),
  count('reçues', ({ received }) => received),
  count('complètes', ({ complete }) => complete),
  count('validées', ({ validated }) => validated),
  count('dans les délais', ({ onTime }) => onTime),
  count('sans réponse', ({ late }) => late),
];

export const resultColumns = (form: Form): readonly ResultColumn[] => [
  ...COUNTS,
  ...aggregatesOf(form).flatMap(figureColumns),
];

function figureColumns(rule: AggregateRule): readonly ResultColumn[] {
  const { key } = rule;
  if (rule.kind !== 'countByChoice') return [{ title: key, rule, of: ({ values }) => plain(values[key]) }];
  return rule.choices.map((choice) => ({
    title: `${key}.${choice}`,
    rule,
    choice,
    of: ({ values }) => {
      const counts = values[key];
      return typeof counts === 'object' && counts !== null ? (counts[choice] ?? 0) : null;
    },
  }));
}

const plain = (figure: Figure | undefined): string | number | null =>
  typeof figure === 'number' || typeof figure === 'string' ? figure : null;
