/** The nine characters of a FINESS: Luhn over all of them, Corsica's letter read as a digit (A as 1, B as 2). */
export const isFiness = (text: string): boolean => FINESS.test(text) && luhnSum(text) % 10 === 0;

const FINESS = /^\d[\dAB]\d{7}$/;

/**
 * The FINESS of its first eight characters (`2A900000` → `2A9000003`): the ninth is what makes Luhn hold.
 * @throws RangeError for anything but eight characters of a FINESS
 */
export function finessOf(stem: string): string {
  if (!FINESS.test(`${stem}0`)) throw new RangeError(`«${stem}» is no beginning of a FINESS`);
  return `${stem}${(10 - (luhnSum(`${stem}0`) % 10)) % 10}`;
}

function luhnSum(text: string): number {
  const digits = Array.from(text.replace('A', '1').replace('B', '2'), Number).reverse();
  return digits.reduce((total, digit, index) => {
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
}

/** `69` or `D69` → `D69`; null for what is no department. */
export function departmentOf(text: string): string | null {
  const [, code] = /^D?(\d[\dAB]|97[1-8]|98[678])$/.exec(text.toUpperCase()) ?? [];
  return code === undefined ? null : `D${code}`;
}
