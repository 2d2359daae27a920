import { aggregatesOf, type Figure } from '../../domain/survey/aggregate.ts';
import type { Form } from '../../domain/survey/form.ts';
import type { TerritoryResult } from '../../domain/survey/results.ts';

/** What spreadsheets take for a formula when a text begins with it. */
const FORMULA = /^[=+\-@\t\r＝＋－＠]/;

/** One cell: a text can never become a formula, a number stays one (decimal comma). */
export function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value).replace('.', ',');
  const safe = FORMULA.test(value.trimStart()) || FORMULA.test(value) ? `'${value}` : value;
  return /[";\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

interface Column {
  readonly title: string;
  readonly of: (row: TerritoryResult) => string | number | null;
}

const COUNTS: readonly Column[] = [
  { title: 'territoire', of: ({ territory }) => territory },
  { title: 'nom', of: ({ name }) => name },
  { title: 'attendues', of: ({ expected }) => expected },
  { title: 'non concernés', of: ({ notConcerned }) => notConcerned },
  { title: 'reçues', of: ({ received }) => received },
  { title: 'complètes', of: ({ complete }) => complete },
  { title: 'validées', of: ({ validated }) => validated },
  { title: 'dans les délais', of: ({ onTime }) => onTime },
  { title: 'sans réponse', of: ({ late }) => late },
];

/** Results as a spreadsheet opens them: UTF-8 with its mark, semicolons, one column a figure. */
export function resultsCsv(rows: readonly TerritoryResult[], form: Form): string {
  const columns = [...COUNTS, ...aggregatesOf(form).flatMap(figureColumns)];
  const lines = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ of }) => of(row)))];
  return `\uFEFF${lines.map((line) => line.map(csvCell).join(';')).join('\r\n')}\r\n`;
}

function figureColumns(rule: ReturnType<typeof aggregatesOf>[number]): readonly Column[] {
  const { key } = rule;
  if (rule.kind !== 'countByChoice') return [{ title: key, of: ({ values }) => plain(values[key]) }];
  return rule.choices.map((choice) => ({
    title: `${key}.${choice}`,
    of: ({ values }) => {
      const counts = values[key];
      return typeof counts === 'object' && counts !== null ? (counts[choice] ?? 0) : null;
    },
  }));
}

const plain = (figure: Figure | undefined): string | number | null =>
  typeof figure === 'number' || typeof figure === 'string' ? figure : null;
