import type { FieldError } from '../field-error.ts';
import { pointerTo } from '../input.ts';
import { aggregationProblems } from './check-aggregation.ts';
import { parseNumber, parseTruth, pathsOf, type Expression, type Parsed } from './expression.ts';
import type { TableQuestion } from './form.ts';
import type { Names, PlacedQuestion, ReadForm } from './read-form.ts';
import { computedOrder, rangesOf, rowScope, scopeOf, type Scope } from './scope.ts';

/** Formulas that cannot be read, names that nobody bears, computed fields that need themselves, aggregations that do not fit. */
export function referenceProblems({ placed, rules, written }: ReadForm): readonly FieldError[] {
  const scope = scopeOf(placed.map(({ question }) => question));
  const names: Names = { scope, questions: new Map(placed.map(({ question }) => [question.code, question])), written };
  const cycles = cycleProblems(placed, scope);
  // Ranges of what needs itself would have no end.
  const lowest = cycles.length > 0 ? () => null : lowestOf(scope);
  return [
    ...placed.flatMap((one) => questionProblems(one, names)),
    ...placed.flatMap((one) => aggregationProblems(one, { ...names, lowest })),
    ...rules.flatMap(({ pointer, formula }) => ruleProblems(pointer, formula, names)),
    ...cycles,
  ];
}

const lowestOf = (scope: Scope) => {
  const ranges = rangesOf(scope);
  return (path: string) => ranges(path)?.low ?? null;
};

function questionProblems({ pointer, question }: PlacedQuestion, names: Names): readonly FieldError[] {
  if (question.type === 'table') return tableProblems(pointer, question);
  // An absent formula has been told by its own field.
  if (question.type !== 'computed' || question.formula === '') return [];
  return formulaProblems(`${pointer}/formula`, parseNumber(question.formula), names);
}

function tableProblems(pointer: string, table: TableQuestion): readonly FieldError[] {
  const names: Names = { scope: rowScope(table.code, table.columns), questions: new Map(), written: new Set() };
  return (table.rules ?? []).flatMap(({ formula }, index) =>
    ruleProblems(pointer + pointerTo('rules', index, 'formula'), formula, names),
  );
}

function ruleProblems(pointer: string, formula: string, names: Names): readonly FieldError[] {
  const parsed = parseTruth(formula);
  const problems = formulaProblems(pointer, parsed, names);
  if (problems.length > 0 || ('expression' in parsed && pathsOf(parsed.expression).length > 0)) return problems;
  return [{ pointer, code: 'constant', message: 'Une règle nomme au moins un champ.' }];
}

function formulaProblems(pointer: string, parsed: Parsed<Expression>, names: Names): readonly FieldError[] {
  if ('problem' in parsed) return [{ pointer, code: 'formula', message: parsed.problem }];
  const unknown = pathsOf(parsed.expression).flatMap((path) => pathProblem(path, names) ?? []);
  const [first] = unknown;
  return first === undefined
    ? []
    : [{ pointer, code: first.code, message: unknown.map((one) => one.message).join(' ') }];
}

/** What is wrong with a name, or null; the name of a question that has errors of its own is let pass. */
function pathProblem(path: string, { scope, questions, written }: Names): { code: string; message: string } | null {
  if (scope.has(path)) return null;
  const base = /^(?:sum\()?(\w+)/.exec(path)?.[1] ?? path;
  const question = questions.get(base);
  if (question === undefined) {
    return written.has(base) ? null : { code: 'unknown', message: `« ${path} » n’est pas un champ connu.` };
  }
  if (question.type === 'table') {
    const message = `« ${path} » : écrivez ${base}.ligne.colonne ou sum(${base}.colonne), avec des codes du tableau.`;
    return { code: 'unknown', message };
  }
  const message =
    base === path ? `« ${path} » n’est pas un nombre.` : `« ${path} » : « ${base} » n’est pas un tableau.`;
  return { code: 'notNumeric', message };
}

function cycleProblems(placed: readonly PlacedQuestion[], scope: Scope): readonly FieldError[] {
  const { cycles } = computedOrder(scope);
  return placed.flatMap(({ pointer, question }) => {
    const way = question.type === 'computed' ? cycles.get(question.code) : undefined;
    if (way === undefined) return [];
    return [
      { pointer: `${pointer}/formula`, code: 'cycle', message: `Ce champ dépend de lui-même : ${way.join(' → ')}.` },
    ];
  });
}
