import type { Threshold } from './threshold.ts';
import type { Crossing } from './threshold-watch.ts';

const COMPARISON_WORDS = { '>=': 'au moins', '>': 'plus de', '<=': 'au plus', '<': 'moins de' } as const;

/** `1 234,5`, with no-break spaces. */
export const figureInWords = (figure: number): string =>
  figure.toLocaleString('fr-FR', { maximumFractionDigits: 4 }).replaceAll('\u202f', '\u00a0');

/** `moins de 12` */
export const thresholdInWords = ({ comparison, value }: Threshold): string =>
  `${COMPARISON_WORDS[comparison]} ${figureInWords(value)}`;

/** `Lits de réanimation – Département 84 : 9 (seuil : moins de 12 ; 3 réponses reçues sur 4)` */
export function crossingInWords(
  threshold: Threshold,
  { name, figure, received, expected }: Pick<Crossing, 'name' | 'figure' | 'received' | 'expected'>,
): string {
  const answers = expected === 1 ? '' : ` ; ${received} réponse${received > 1 ? 's' : ''} reçue${received > 1 ? 's' : ''} sur ${expected}`;
  return `${threshold.label} – ${name}\u00a0: ${figureInWords(figure)} (seuil\u00a0: ${thresholdInWords(threshold)}${answers})`;
}
