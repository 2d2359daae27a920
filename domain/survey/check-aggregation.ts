import type { FieldError } from '../field-error.ts';
import { pointerTo } from '../input.ts';
import type { Exact } from './exact.ts';
import type { Aggregate, Aggregation, QuestionType } from './form.ts';
import type { Names, PlacedQuestion } from './read-form.ts';
import { rowScope, type Scope } from './scope.ts';

interface Known extends Names {
  /** The least value of a path; null: unbounded, or not known. */
  readonly lowest: (path: string) => Exact | null;
}

const OF_NUMBERS: readonly Aggregate[] = ['sum', 'mean', 'max', 'min', 'count', 'ratio'];
const ALLOWED: Readonly<Record<QuestionType | 'column', readonly Aggregate[]>> = {
  integer: OF_NUMBERS,
  decimal: OF_NUMBERS,
  computed: OF_NUMBERS,
  // A sum of percentages means nothing.
  percentage: OF_NUMBERS.filter((one) => one !== 'sum'),
  choice: ['count'],
  choices: ['count'],
  text: ['count'],
  date: ['min', 'max', 'count'],
  table: [],
  column: OF_NUMBERS.filter((one) => one !== 'ratio'),
};

/** Aggregations that do not fit their question, or name what cannot weigh or be divided. */
export function aggregationProblems({ pointer, question }: PlacedQuestion, known: Known): readonly FieldError[] {
  if (question.type === 'table') {
    const scope = rowScope(question.code, question.columns);
    return question.columns.flatMap((column, index) => {
      const allowed = ALLOWED.column.filter((one) => ALLOWED[column.type].includes(one));
      const lowest = (path: string): Exact | null => {
        const weight = scope.get(path);
        return weight?.kind === 'cell' ? weight.low : null;
      };
      return problemsOf(pointer + pointerTo('columns', index), column, { allowed, scope, lowest, written: new Set() });
    });
  }
  const isShare = question.type === 'computed' && question.unit === '%';
  const allowed = isShare ? ALLOWED.percentage : ALLOWED[question.type];
  return problemsOf(pointer, question, { ...known, allowed });
}

interface Fitting {
  readonly allowed: readonly Aggregate[];
  readonly scope: Scope;
  readonly lowest: (path: string) => Exact | null;
  readonly written: ReadonlySet<string>;
}

function problemsOf(pointer: string, aggregation: Aggregation, fitting: Fitting): readonly FieldError[] {
  const { aggregate, weightedBy, numerator, denominator, headline } = aggregation;
  const found: FieldError[] = [];
  const fail = (field: string, code: string, message: string): void => {
    found.push({ pointer: `${pointer}/${field}`, code, message });
  };
  if (aggregate !== undefined && !fitting.allowed.includes(aggregate)) {
    fail('aggregate', 'notAllowed', `Pas de « ${aggregate} » pour ce type de champ ; ${choicesOf(fitting.allowed)}`);
  }
  if (headline === true && aggregate === undefined) {
    fail('headline', 'notAllowed', 'Un chiffre clé a un agrégat (« aggregate »).');
  }
  if (weightedBy !== undefined) {
    const problem = aggregate === 'mean' ? weightProblem(weightedBy, fitting) : onlyWith('mean');
    if (problem !== null) fail('weightedBy', ...problem);
  }
  for (const [field, code] of [
    ['numerator', numerator],
    ['denominator', denominator],
  ] as const) {
    const problem = ratioProblem(code, aggregate === 'ratio', fitting);
    if (problem !== null) fail(field, ...problem);
  }
  return found;
}

const choicesOf = (allowed: readonly Aggregate[]): string =>
  allowed.length === 0 ? 'dans un tableau, chaque colonne a le sien.' : `attendu : ${allowed.join(', ')}.`;

const onlyWith = (aggregate: Aggregate): [string, string] => [
  'notAllowed',
  `N’a de sens qu’avec l’agrégat « ${aggregate} ».`,
];

function ratioProblem(code: string | undefined, isRatio: boolean, fitting: Fitting): [string, string] | null {
  if (code === undefined) return isRatio ? ['required', 'Champ obligatoire pour un rapport (« ratio »).'] : null;
  return isRatio ? operandProblem(code, fitting) : onlyWith('ratio');
}

function operandProblem(code: string, { scope, written }: Fitting): [string, string] | null {
  const variable = scope.get(code);
  // A sum over the rows of a table is drawn by a computed field, which has a name.
  if (variable !== undefined && variable.kind !== 'sum') return null;
  return written.has(code)
    ? ['notNumeric', `« ${code} » n’est pas un nombre.`]
    : ['unknown', `« ${code} » n’est pas un champ connu.`];
}

function weightProblem(code: string, fitting: Fitting): [string, string] | null {
  const problem = operandProblem(code, fitting);
  if (problem !== null) return problem;
  const low = fitting.lowest(code);
  return low === null || low.lt(0)
    ? ['range', `Un poids n’est jamais négatif : donnez à « ${code} » un minimum de 0.`]
    : null;
}
