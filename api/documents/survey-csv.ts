import type { Form } from '../../domain/survey/form.ts';
import type { TerritoryResult } from '../../domain/survey/results.ts';
import { csvOf } from './csv-cells.ts';
import { resultColumns } from '../../domain/survey/result-columns.ts';

/** Results as a spreadsheet opens them, one column a figure. */
export function resultsCsv(rows: readonly TerritoryResult[], form: Form): string {
  const columns = resultColumns(form);
  return csvOf([columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ of }) => of(row)))]);
}
