import type { InputReader } from '../input.ts';
import { readLine } from '../input-lists.ts';
import { readCode } from './codes.ts';
import {
  AGGREGATION_FIELDS,
  given,
  HELP_BOUNDS,
  NUMBER_FIELDS,
  readAggregation,
  readDecimals,
  readFlag,
  readFormNumber,
  readLabelled,
  readMoves,
  readNumberField,
} from './check-fields.ts';
import { readTable, TABLE_FIELDS } from './check-table.ts';
import { readDay } from './days.ts';
import { QUESTION_TYPES, type Question, type QuestionType } from './form.ts';
import { LIMITS } from './limits.ts';

const COMMON = ['code', 'label', 'help', 'type'];
const ASKED = [...COMMON, 'required', 'prefill'];
const CHOICE = [...ASKED, 'choices', 'aggregate', 'headline'];
const NUMBER = [...ASKED, ...NUMBER_FIELDS];

const FIELDS: Readonly<Record<QuestionType, readonly string[]>> = {
  integer: NUMBER,
  decimal: NUMBER,
  percentage: NUMBER,
  choice: CHOICE,
  choices: CHOICE,
  date: [...ASKED, 'min', 'max', 'aggregate'],
  text: [...ASKED, 'maxLength', 'aggregate'],
  table: [...ASKED, ...TABLE_FIELDS],
  computed: [...COMMON, 'formula', 'unit', 'decimals', 'commentWhenMoves', ...AGGREGATION_FIELDS],
};

/** One question as it came; null when its code, label or type cannot be read. `taken`: codes of the form so far. */
export function readQuestion(input: InputReader, taken: Set<string>): Question | null {
  const code = readCode(input, taken);
  const label = readLine(input, 'label', LIMITS.label, true);
  const type = input.oneOf('type', QUESTION_TYPES);
  if (!input.has('type')) input.fail('/type', 'required', 'Champ obligatoire.');
  if (type === null) return null;
  input.refuseUnknown(FIELDS[type]);
  const rest = READERS[type](input);
  const help = input.text('help', HELP_BOUNDS);
  const asked =
    type === 'computed' ? {} : { required: readFlag(input, 'required'), prefill: readFlag(input, 'prefill') };
  if (code === null || label === null) return null;
  return given({ code, label, type, help, ...asked, ...rest }) as Question;
}

type Read = (input: InputReader) => object;
const choice: Read = (input) => ({
  choices: readLabelled(input, 'choices', LIMITS.choices),
  aggregate: readAggregation(input).aggregate ?? null,
  headline: readFlag(input, 'headline'),
});

const READERS: Readonly<Record<QuestionType, Read>> = {
  integer: (input) => readNumberField(input, 'integer'),
  decimal: (input) => readNumberField(input, 'decimal'),
  percentage: (input) => readNumberField(input, 'percentage'),
  choice,
  choices: choice,
  date: (input) => {
    const [min, max] = [readDay(input, 'min'), readDay(input, 'max')];
    if (min !== null && max !== null && min > max) {
      input.fail('/max', 'order', `La date maximale (${max}) vient avant la date minimale (${min}).`);
    }
    return { min, max, aggregate: readAggregation(input).aggregate ?? null };
  },
  text: (input) => ({
    maxLength: readFormNumber(input, 'maxLength', { min: 1, max: LIMITS.longestText, decimals: 0 }),
    aggregate: readAggregation(input).aggregate ?? null,
  }),
  table: readTable,
  computed: (input) => ({
    formula: input.text('formula', { max: LIMITS.formula, required: true }) ?? '',
    unit: readLine(input, 'unit', LIMITS.unit, false),
    decimals: readDecimals(input, 'computed'),
    commentWhenMoves: readMoves(input),
    ...readAggregation(input),
  }),
};
