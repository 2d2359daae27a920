import { localDateOf } from '../business-time-local.ts';
import type { Instant } from '../instant.ts';
import { PARIS } from '../wording.ts';
import { type AggregateRule, aggregatesOf, type Figure } from './aggregate.ts';
import type { Form } from './form.ts';
import { loadOf } from './load.ts';
import type { ReusedCount, TerritoryResult } from './results.ts';

/** One column of the results of a survey, whatever file they are written to. */
export interface ResultColumn {
  readonly title: string;
  /** How its figure is drawn; null: a count of respondents. */
  readonly rule: AggregateRule | null;
  /** Of what was taken over from earlier answers: of which question, how many or since when. */
  readonly reuse?: { readonly code: string; readonly of: keyof ReusedCount };
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

/** Which columns there are beside those of the form. */
export interface ColumnsShown {
  /** The survey offers recent answers: two more for each question that it may offer. */
  readonly reuse: boolean;
}

export const resultColumns = (form: Form, { reuse }: ColumnsShown = { reuse: false }): readonly ResultColumn[] => [
  ...COUNTS,
  ...aggregatesOf(form).flatMap(figureColumns),
  ...(reuse ? loadOf(form).flatMap(({ code }) => reuseColumns(code)) : []),
];

/** What of a figure is not of today; no code of a question holds a space. */
const reuseColumns = (code: string): readonly ResultColumn[] => [
  {
    title: `reprises : ${code}`,
    rule: null,
    reuse: { code, of: 'answers' },
    of: ({ reused }) => reused?.[code]?.answers ?? 0,
  },
  {
    title: `repris du : ${code}`,
    rule: null,
    reuse: { code, of: 'oldest' },
    of: ({ reused }) => dayOf(reused?.[code]?.oldest),
  },
];

const dayOf = (instant: Instant | undefined): string | null =>
  instant === undefined ? null : localDateOf(instant, PARIS);

function figureColumns(rule: AggregateRule): readonly ResultColumn[] {
  const { key } = rule;
  if (rule.kind !== 'countByChoice') return [{ title: key, rule, of: ({ figures }) => plain(figures.of(key)) }];
  return rule.choices.map((choice) => ({
    title: `${key}.${choice}`,
    rule,
    choice,
    of: ({ figures }) => {
      const counts = figures.of(key);
      return typeof counts === 'object' && counts !== null ? (counts[choice] ?? 0) : null;
    },
  }));
}

const plain = (figure: Figure): string | number | null =>
  typeof figure === 'number' || typeof figure === 'string' ? figure : null;
