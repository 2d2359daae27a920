import type { InputReader } from '../input.ts';

const CODE = /^[A-Za-z][A-Za-z0-9_]{0,39}$/;
/** Words of the formulas and of answers, and what every JavaScript object knows: `constructor` names no question. */
const WORDS = ['prototype', 'and', 'or', 'not', 'sum', 'this', 'true', 'false', 'null', 'notConcerned'];
const RESERVED = new Set([...Object.getOwnPropertyNames(Object.prototype), ...WORDS].map((name) => name.toLowerCase()));

/** What is wrong with a code (code and French words), or null. */
export function codeProblem(code: string): [string, string] | null {
  if (RESERVED.has(code.toLowerCase())) return ['reserved', `« ${code} » est un mot réservé.`];
  if (CODE.test(code)) return null;
  return ['format', 'Code attendu : une lettre, puis des lettres sans accent, des chiffres ou « _ », 40 au plus.'];
}

/** The code of a part of a form. `taken`: those of its neighbours, in lower case; it is added. */
export function readCode(input: InputReader, taken: Set<string>): string | null {
  const code = input.text('code', { max: 200, required: true });
  if (code === null) return null;
  const problem = codeProblem(code);
  if (problem !== null) {
    input.fail('/code', ...problem);
    return null;
  }
  if (taken.has(code.toLowerCase())) input.fail('/code', 'duplicate', `Le code « ${code} » est déjà pris.`);
  taken.add(code.toLowerCase());
  return code;
}
