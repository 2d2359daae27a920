import type { Form } from '../../domain/survey/form.ts';
import type { TerritoryResult } from '../../domain/survey/results.ts';
import { csvOf } from './csv-cells.ts';
import { type ColumnsShown, resultColumns } from '../../domain/survey/result-columns.ts';

/** Results as a spreadsheet opens them, one column a figure. */
export function resultsCsv(rows: Iterable<TerritoryResult>, form: Form, shown?: ColumnsShown): string {
  const columns = resultColumns(form, shown);
  return csvOf([columns.map(({ title }) => title), ...Array.from(rows, (row) => columns.map(({ of }) => of(row)))]);
}
