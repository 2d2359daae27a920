import type { Figure } from './aggregate.ts';

/** Between groups of digits, and before a unit: no line is broken there. */
const NBSP = '\u00a0';

/** `1 234,5 lits`, `24/11/2026`; a dash where there is no figure: missing is no zero. */
export function figureInWords(figure: Figure | undefined, unit = ''): string {
  if (typeof figure === 'string') return figure.split('-').reverse().join('/');
  if (typeof figure !== 'number') return '–';
  const digits = figure.toLocaleString('fr-FR', { maximumFractionDigits: 6 }).replaceAll(/\s/g, NBSP);
  return unit === '' ? digits : `${digits}${NBSP}${unit}`;
}
