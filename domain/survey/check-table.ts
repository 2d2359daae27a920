import type { InputReader } from '../input.ts';
import { readLine, readObjects } from '../input-lists.ts';
import { HELP_BOUNDS, given, NUMBER_FIELDS, readFlag, readLabelled, readNumberField } from './check-fields.ts';
import { readCode } from './codes.ts';
import { NUMERIC_TYPES, type Column, type Rule } from './form.ts';
import { LIMITS } from './limits.ts';

export const TABLE_FIELDS = ['rows', 'columns', 'rules'] as const;
const COLUMN_FIELDS = [
  'code',
  'label',
  'help',
  'type',
  'required',
  ...NUMBER_FIELDS.filter((one) => one !== 'numerator' && one !== 'denominator'),
];

/** Rows, columns and the rules of each row. */
export function readTable(input: InputReader): object {
  return {
    rows: readLabelled(input, 'rows', LIMITS.rows),
    columns: readColumns(input),
    rules: readRules(input),
  };
}

function readColumns(input: InputReader): readonly Column[] {
  const taken = new Set<string>();
  const read = readObjects(input, 'columns', { min: 1, max: LIMITS.columns }, (entry): Column | null => {
    entry.refuseUnknown(COLUMN_FIELDS);
    const code = readCode(entry, taken);
    const label = readLine(entry, 'label', LIMITS.label, true);
    const help = entry.text('help', HELP_BOUNDS);
    const type = entry.has('type') ? entry.oneOf('type', NUMERIC_TYPES) : 'integer';
    const required = readFlag(entry, 'required');
    if (type === null) return null;
    const number = readNumberField(entry, type);
    return code === null || label === null ? null : given({ code, label, type, help, required, ...number });
  });
  return read.filter((one) => one !== null);
}

/** Rules as they are written; null where there is none. */
export function readRules(input: InputReader): readonly Rule[] | null {
  if (!input.has('rules')) return null;
  const read = readObjects(input, 'rules', { min: 0, max: LIMITS.rules }, (entry): Rule | null => {
    entry.refuseUnknown(['formula', 'message', 'blocking']);
    const formula = entry.text('formula', { max: LIMITS.formula, required: true });
    const message = readLine(entry, 'message', LIMITS.help, false);
    const blocking = entry.has('blocking') && !entry.flag('blocking') ? false : null;
    return formula === null ? null : given({ formula, message, blocking });
  });
  return read.filter((one) => one !== null);
}
