import type { FieldError } from '../field-error.ts';
import { questionsOf, type Form } from './form.ts';

/** One thing to be mended in a filled sheet. */
export interface SheetError extends FieldError {
  /** As a spreadsheet counts; null: of the sheet as a whole, or a field that it lacks. */
  readonly line: number | null;
  /** «Lits par discipline, Réanimation, Occupés»; empty: of no field. */
  readonly place: string;
  /** Line, place and message in one. */
  readonly text: string;
}

/** Errors of an answer told by the lines of the sheet that it came in, in the order of the sheet; `message` names the line. */
export function sheetErrors(
  form: Form,
  problems: readonly FieldError[],
  lines: ReadonlyMap<string, number>,
): readonly SheetError[] {
  return problems
    .map((problem) => {
      const line = lineOf(problem.pointer, lines);
      const place = placeOf(form, problem.pointer);
      const heads = [...(line === null ? [] : [`Ligne ${line}`]), ...(place === '' ? [] : [place])];
      const text = [...(heads.length === 0 ? [] : [heads.join(', ')]), problem.message].join('\u00a0: ');
      return {
        ...problem,
        line,
        place,
        text,
        message: line === null ? problem.message : `Ligne ${line} : ${problem.message}`,
      };
    })
    .toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
}

/** Lines and places of fields, in the order of the sheet; what Vigie computes is of no line and nobody's to change. */
export function sheetPlaces(
  form: Form,
  fields: readonly FieldError[],
  lines: ReadonlyMap<string, number>,
): readonly string[] {
  const computed = new Set(questionsOf(form).flatMap(({ code, type }) => (type === 'computed' ? [code] : [])));
  const given = fields.filter(({ pointer }) => !computed.has(pointer.split('/')[2] ?? ''));
  return sheetErrors(form, given, lines).map(({ line, place }) => {
    const where = place === '' ? 'motif de «\u00a0non concerné\u00a0»' : place;
    return line === null ? where : `Ligne ${line}, ${where}`;
  });
}

/** Of the field, else of the row or the table around it. */
function lineOf(pointer: string, lines: ReadonlyMap<string, number>): number | null {
  const own = /^\/lines\/(\d+)$/.exec(pointer)?.[1];
  if (own !== undefined) return Number(own);
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const found = lines.get(at);
    if (found !== undefined) return found;
  }
  return null;
}

function placeOf(form: Form, pointer: string): string {
  const [, part = '', code, row, column] = pointer.split('/');
  const question = questionsOf(form).find((one) => one.code === code);
  if (question === undefined || !['values', 'comments'].includes(part)) return '';
  const inside =
    question.type === 'table'
      ? [
          question.rows.find((one) => one.code === row)?.label,
          question.columns.find((one) => one.code === column)?.label,
        ]
      : [];
  const places = [question.label, ...inside, part === 'comments' ? 'commentaire' : undefined];
  return places.filter((one) => one !== undefined).join(', ');
}
