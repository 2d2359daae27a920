import { figureInWords } from './figure-words.ts';
import type { Threshold } from './threshold.ts';
import type { Crossing } from './threshold-watch.ts';

const COMPARISON_WORDS = { '>=': 'au moins', '>': 'plus de', '<=': 'au plus', '<': 'moins de' } as const;

/** `moins de 12` */
export const thresholdInWords = ({ comparison, value }: Threshold): string =>
  `${COMPARISON_WORDS[comparison]} ${figureInWords(value)}`;

type Crossed = Pick<Crossing, 'name' | 'figure' | 'received' | 'expected'>;

/** `Département 84 : 9 (seuil : moins de 12 ; 3 réponses reçues sur 4)` */
export function placeInWords(threshold: Threshold, { name, figure, received, expected }: Crossed): string {
  const s = received > 1 ? 's' : '';
  const answers = expected === 1 ? '' : ` ; ${received} réponse${s} reçue${s} sur ${expected}`;
  return `${name}\u00a0: ${figureInWords(figure)} (seuil\u00a0: ${thresholdInWords(threshold)}${answers})`;
}

/** The same after the name of the threshold. */
export const crossingInWords = (threshold: Threshold, crossed: Crossed): string =>
  `${threshold.label} – ${placeInWords(threshold, crossed)}`;
