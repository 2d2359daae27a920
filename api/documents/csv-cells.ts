/** What spreadsheets take for a formula when a text begins with it. */
const FORMULA = /^[=+\-@\t\r＝＋－＠]/;

/** One cell: a text can never become a formula, a number stays one (decimal comma). */
export function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value).replace('.', ',');
  const safe = FORMULA.test(value.trimStart()) || FORMULA.test(value) ? `'${value}` : value;
  return /[";\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Lines as spreadsheets open them: UTF-8 with its mark, semicolons. */
export const csvOf = (lines: readonly (readonly (string | number | null)[])[]): string =>
  `\uFEFF${lines.map((line) => line.map(csvCell).join(';')).join('\r\n')}\r\n`;
