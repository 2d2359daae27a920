/** Country codes of overseas numbers by their first four digits (ARCEP's numbering plan); all others are of +33. */
const OVERSEAS: Readonly<Record<string, string>> = {
  '0262': '262',
  '0263': '262',
  '0269': '262',
  '0639': '262',
  '0692': '262',
  '0693': '262',
  '0590': '590',
  '0690': '590',
  '0691': '590',
  '0594': '594',
  '0694': '594',
  '0596': '596',
  '0696': '596',
  '0697': '596',
};

/**
 * A number as France dials it (`04 74 45 46 47`, `0596.55.20.00`), or one that is international already, in E.164
 * (`+33474454647`, `+596596552000`). Null for anything else: nine digits that have lost their zero, short numbers.
 */
export function internationalNumber(text: string): string | null {
  const digits = text.replace(/[\s.\-()\u00A0\u202F]/g, '');
  if (/^\+[1-9]\d{6,14}$/.test(digits)) return digits;
  if (!/^0[1-9]\d{8}$/.test(digits)) return null;
  return `+${OVERSEAS[digits.slice(0, 4)] ?? '33'}${digits.slice(1)}`;
}
