import type { TerritoryResult } from '../../db/read-models/survey-results.ts';
import type { Form } from '../../domain/survey/form.ts';
import { csvOf } from './csv-cells.ts';
import { resultColumns } from './survey-columns.ts';

/** Results as a spreadsheet opens them, one column a figure. */
export function resultsCsv(rows: readonly TerritoryResult[], form: Form): string {
  const columns = resultColumns(form);
  return csvOf([columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ of }) => of(row)))]);
}
