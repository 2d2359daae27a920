import { pointerTo } from '../input.ts';
import { isNotConcerned, numberAt, type AnswerValue, type AnswerValues, type Tell } from './answer.ts';
import { evaluateNumber, evaluateTruth, kept, type Lookup, type NoValue, type Outcome } from './evaluate.ts';
import { exact, toNumber, ZERO, type Exact } from './exact.ts';
import { pathsOf } from './expression.ts';
import type { PreparedForm, PreparedRule } from './prepare.ts';

const NO_VALUE: Readonly<Record<NoValue, string>> = {
  missing: 'Sans valeur : il manque une réponse dont ce champ dépend.',
  divisionByZero: 'Sans valeur : division par zéro.',
  tooLarge: 'Sans valeur : le résultat dépasse ce qu’un champ peut contenir.',
};

const found = (value: Exact | null): Outcome<Exact> => (value === null ? { none: 'missing' } : { value });
const exactAt = (values: unknown, path: string): Exact | null => {
  const number = numberAt(values, path);
  return number === null ? null : exact(number);
};

/** The computed fields that have a value; those that have none are told, and why. */
export function computeFields(form: PreparedForm, values: AnswerValues, notice: Tell): AnswerValues {
  const outcomes = new Map<string, Outcome<Exact>>();
  const lookup: Lookup = (path) => outcomes.get(path) ?? found(givenAt(form, values, path));
  const computed: Record<string, number> = {};
  for (const { code, formula, decimals } of form.computed) {
    const outcome = kept(evaluateNumber(formula, lookup), decimals);
    outcomes.set(code, outcome);
    if ('value' in outcome) computed[code] = toNumber(outcome.value);
    else notice(pointerTo('values', code), outcome.none, NO_VALUE[outcome.none]);
  }
  return computed;
}

/** What was given at a path; the sum of a column is that of the cells given, and none when none is. */
function givenAt({ scope }: PreparedForm, values: AnswerValues, path: string): Exact | null {
  const variable = scope.get(path);
  if (variable?.kind !== 'sum') return exactAt(values, path);
  const given = variable.cells.map((cell) => exactAt(values, cell)).filter((value) => value !== null);
  return given.length === 0 ? null : given.reduce((sum, value) => sum.add(value), ZERO);
}

/** Rules that do not hold; one that names what is missing, or divides by zero, says nothing. */
export function checkRules(form: PreparedForm, values: AnswerValues, problem: Tell, notice: Tell): void {
  const lookup: Lookup = (path) => found(givenAt(form, values, path));
  for (const one of form.rules) {
    const [first = ''] = pathsOf(one.expression);
    const variable = form.scope.get(first);
    const at = variable?.kind === 'cell' ? first.split('.') : [variable?.question ?? first];
    checkRule(one, lookup, pointerTo('values', ...at), { problem, notice });
  }
  for (const [table, rules] of form.rowRules) {
    for (const [row, cells] of rowsOf(values[table])) {
      const inRow: Lookup = (column) => found(exactAt(cells, column));
      for (const one of rules) checkRule(one, inRow, pointerTo('values', table, row), { problem, notice });
    }
  }
}

const rowsOf = (value: AnswerValue | undefined): readonly (readonly [string, unknown])[] =>
  typeof value !== 'object' || Array.isArray(value) || isNotConcerned(value) ? [] : Object.entries(value);

function checkRule(
  { rule, expression }: PreparedRule,
  lookup: Lookup,
  at: string,
  { problem, notice }: { readonly problem: Tell; readonly notice: Tell },
): void {
  const outcome = evaluateTruth(expression, lookup);
  if (!('value' in outcome) || outcome.value) return;
  const message = rule.message ?? `Règle non respectée : ${rule.formula}`;
  (rule.blocking === false ? notice : problem)(at, 'rule', message);
}
