import { parseNumber, parseTruth, type NumberExpression, type TruthExpression } from './expression.ts';
import { aggregatesOf } from './aggregate.ts';
import { planConsolidation } from './consolidate.ts';
import { figureCells, type FigureCell } from './figure-cells.ts';
import { decimalsOf, questionsOf, type Form, type Question, type Rule } from './form.ts';
import { computedOrder, scopeOf, type Scope } from './scope.ts';
import { type TallyLayout, tallyLayout } from './tally.ts';

export interface PreparedRule {
  readonly rule: Rule;
  readonly expression: TruthExpression;
}
export interface PreparedField {
  readonly code: string;
  readonly formula: NumberExpression;
  readonly decimals: number;
}

/** A form whose formulas are parsed: made once, it checks any number of answers. */
export interface PreparedForm {
  readonly form: Form;
  readonly questions: ReadonlyMap<string, Question>;
  readonly scope: Scope;
  /** Each after those that it needs. */
  readonly computed: readonly PreparedField[];
  readonly rules: readonly PreparedRule[];
  /** Rules of each row, by table. */
  readonly rowRules: ReadonlyMap<string, readonly PreparedRule[]>;
  /** What is kept of each answer for the figures. */
  readonly cells: readonly FigureCell[];
  readonly tally: TallyLayout;
}

/** @param form one that `checkForm` has accepted */
export function prepareForm(form: Form): PreparedForm {
  const questions = questionsOf(form);
  const scope = scopeOf(questions);
  const cells = figureCells(form);
  const byCode = new Map(questions.map((question) => [question.code, question]));
  return {
    form,
    questions: byCode,
    scope,
    computed: computedOrder(scope).order.flatMap((code) => prepareField(byCode.get(code))),
    rules: prepareRules(form.rules),
    rowRules: new Map(
      questions.flatMap((question) =>
        question.type === 'table' ? [[question.code, prepareRules(question.rules)] as const] : [],
      ),
    ),
    cells,
    tally: tallyLayout(planConsolidation(aggregatesOf(form), cells).parts),
  };
}

function prepareField(question: Question | undefined): readonly PreparedField[] {
  if (question?.type !== 'computed') return [];
  const parsed = parseNumber(question.formula);
  return 'problem' in parsed
    ? []
    : [{ code: question.code, formula: parsed.expression, decimals: decimalsOf(question) }];
}

const prepareRules = (rules: readonly Rule[] = []): readonly PreparedRule[] =>
  rules.flatMap((rule) => {
    const parsed = parseTruth(rule.formula);
    return 'problem' in parsed ? [] : [{ rule, expression: parsed.expression }];
  });
