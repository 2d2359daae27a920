import type { Lines } from './timeline-lines.ts';

const CROSSED = { label: 'Lits de réanimation', name: 'Département 69', figure: 9.5, received: 2, expected: 3 };

/** Lines of the thresholds of surveys. */
export const THRESHOLD_LINES = {
  surveyThresholdCrossed: [
    [CROSSED, 'Seuil franchi : « Lits de réanimation », Département 69\u00a0: 9,5 (2 réponse(s) sur 3)'],
    [
      { ...CROSSED, instruction: 'x' },
      'Seuil franchi, instruction préparée en brouillon : « Lits de réanimation », Département 69\u00a0: 9,5 (2 réponse(s) sur 3)',
    ],
  ],
  surveyThresholdBack: [
    [{ ...CROSSED, figure: 14 }, 'Retour sous le seuil : « Lits de réanimation », Département 69\u00a0: 14'],
    [
      { ...CROSSED, figure: null },
      'Retour sous le seuil : « Lits de réanimation », Département 69\u00a0: plus de réponse',
    ],
  ],
  surveyThresholdNoted: [
    [
      { ...CROSSED, comment: 'Vu avec l’ARS' },
      'Franchissement pris en compte par corruss-chef (CORRUSS) : « Lits de réanimation », Département 69 : « Vu avec l’ARS »',
    ],
  ],
} satisfies Lines;
