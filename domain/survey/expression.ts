import jsep from 'jsep';
import { exactText, type Exact } from './exact.ts';
import { LIMITS } from './limits.ts';

export type ArithmeticOperator = '+' | '-' | '*' | '/';
export type ComparisonOperator = '<=' | '<' | '>=' | '>' | '=';

/** What stands for a number. `path`: `code`, `table.row.column` or `sum(table.column)`. */
export type NumberExpression =
  | { readonly kind: 'number'; readonly value: Exact }
  | { readonly kind: 'reference'; readonly path: string }
  | { readonly kind: 'negation'; readonly of: NumberExpression }
  | {
      readonly kind: 'arithmetic';
      readonly operator: ArithmeticOperator;
      readonly left: NumberExpression;
      readonly right: NumberExpression;
    };

/** What holds or does not. */
export type TruthExpression =
  | {
      readonly kind: 'comparison';
      readonly operator: ComparisonOperator;
      readonly left: NumberExpression;
      readonly right: NumberExpression;
    }
  | {
      readonly kind: 'logic';
      readonly operator: 'and' | 'or';
      readonly left: TruthExpression;
      readonly right: TruthExpression;
    };
export type Expression = NumberExpression | TruthExpression;

export type Parsed<T> = { readonly expression: T } | { readonly problem: string };

const ARITHMETIC: Readonly<Record<ArithmeticOperator, number>> = { '+': 9, '-': 9, '*': 10, '/': 10 };
const COMPARISONS: readonly ComparisonOperator[] = ['<=', '<', '>=', '>', '='];

/** jsep only parses; its grammar is cut down to ours, once: nothing else here uses it. */
function configure(): void {
  jsep.removeAllBinaryOps();
  jsep.removeAllUnaryOps();
  jsep.addUnaryOp('-');
  jsep.addBinaryOp('or', 1);
  jsep.addBinaryOp('and', 2);
  for (const operator of COMPARISONS) jsep.addBinaryOp(operator, 6);
  for (const [operator, precedence] of Object.entries(ARITHMETIC)) jsep.addBinaryOp(operator, precedence);
}
configure();

class NotOurs extends Error {}
const WORDS =
  'Seuls sont admis des codes, des nombres (1.5), + - * / ( ), <= < >= > =, and, or et sum(tableau.colonne).';

/** A formula that gives a number. Never throws. */
export const parseNumber = (text: string): Parsed<NumberExpression> => parse(text, numberFrom);
/** A rule that holds or does not. Never throws. */
export const parseTruth = (text: string): Parsed<TruthExpression> => parse(text, truthFrom);

function parse<T>(text: string, read: (node: jsep.Expression) => T): Parsed<T> {
  if (text.length > LIMITS.formula) return { problem: `${LIMITS.formula} caractères au plus.` };
  if (!/^[\w\s.+\-*/()<>=]*$/.test(text)) return { problem: `Caractère inattendu. ${WORDS}` };
  try {
    return { expression: read(jsep(text)) };
  } catch (error) {
    // A SyntaxError of jsep, or one of ours: there is nothing else to fail here.
    return { problem: error instanceof NotOurs ? error.message : `Formule illisible. ${WORDS}` };
  }
}

function numberFrom(node: jsep.Expression): NumberExpression {
  const one = node as jsep.CoreExpression;
  switch (one.type) {
    case 'Literal':
      if (/^\d{1,12}(\.\d{1,6})?$/.test(one.raw)) return { kind: 'number', value: exactText(one.raw) };
      throw new NotOurs('Nombre attendu sous la forme 1234.5 : 12 chiffres au plus, 6 décimales au plus.');
    case 'Identifier':
    case 'MemberExpression':
      return { kind: 'reference', path: pathOf(one) };
    case 'CallExpression':
      return { kind: 'reference', path: sumOf(one) };
    case 'UnaryExpression':
      return { kind: 'negation', of: numberFrom(one.argument) };
    case 'BinaryExpression':
      if (Object.hasOwn(ARITHMETIC, one.operator)) {
        const operator = one.operator as ArithmeticOperator;
        return { kind: 'arithmetic', operator, left: numberFrom(one.left), right: numberFrom(one.right) };
      }
      throw new NotOurs(`Un nombre est attendu là où se trouve une comparaison (« ${one.operator} »).`);
    default:
      throw new NotOurs(WORDS);
  }
}

function truthFrom(node: jsep.Expression): TruthExpression {
  if (node.type === 'BinaryExpression') {
    const { operator, left, right } = node as jsep.BinaryExpression;
    if (operator === 'and' || operator === 'or') {
      return { kind: 'logic', operator, left: truthFrom(left), right: truthFrom(right) };
    }
    const comparison = COMPARISONS.find((one) => one === operator);
    if (comparison !== undefined) {
      return { kind: 'comparison', operator: comparison, left: numberFrom(left), right: numberFrom(right) };
    }
  }
  throw new NotOurs(`Une comparaison est attendue (par exemple a + b <= c). ${WORDS}`);
}

/** `code`, `table.row.column`. */
function pathOf(node: jsep.Expression): string {
  const one = node as jsep.CoreExpression;
  if (one.type === 'Identifier') return one.name;
  if (one.type === 'MemberExpression' && !one.computed && one.optional !== true) {
    return `${pathOf(one.object)}.${pathOf(one.property)}`;
  }
  throw new NotOurs(WORDS);
}

function sumOf({ callee, arguments: given }: jsep.CallExpression): string {
  const [only] = given;
  const isSum = callee.type === 'Identifier' && callee['name'] === 'sum';
  if (!isSum || only === undefined || given.length > 1) throw new NotOurs(`Fonction inconnue. ${WORDS}`);
  return `sum(${pathOf(only)})`;
}

/** Paths that an expression names, each once, in the order of reading. */
export function pathsOf(expression: Expression): readonly string[] {
  switch (expression.kind) {
    case 'number':
      return [];
    case 'reference':
      return [expression.path];
    case 'negation':
      return pathsOf(expression.of);
    default:
      return [...new Set([...pathsOf(expression.left), ...pathsOf(expression.right)])];
  }
}
