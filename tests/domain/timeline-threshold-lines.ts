import type { Lines } from './timeline-lines.ts';

const CROSSED = { label: 'Lits de réanimation', name: 'Département 69', figure: 9.5, received: 2, expected: 3 };

/** Lines of the thresholds and of the load of surveys. */
export const THRESHOLD_LINES = {
  surveyLoadAccepted: [
    [
      { overloaded: 3, most: 5, askedAgain: 2, reason: 'Canicule' },
      'Enquête ouverte par corruss-chef (CORRUSS) malgré la charge (3 répondant(s) à plus de 3 enquêtes en 7 jours (jusqu’à 5), 2 à qui une question est reposée) : « Canicule »',
    ],
    [
      { overloaded: 0, most: 0, askedAgain: 2, reason: null },
      'Enquête ouverte par corruss-chef (CORRUSS) malgré la charge (2 à qui une question est reposée), sans motif donné par la série',
    ],
  ],
  surveyThresholdCrossed: [
    [CROSSED, 'Seuil franchi : « Lits de réanimation », Département 69\u00a0: 9,5 (2 réponse(s) sur 3)'],
    [
      { ...CROSSED, instruction: 'x' },
      'Seuil franchi, instruction préparée en brouillon : « Lits de réanimation », Département 69\u00a0: 9,5 (2 réponse(s) sur 3)',
    ],
  ],
  surveyThresholdBack: [
    [{ ...CROSSED, figure: 14 }, 'Retour dans les limites : « Lits de réanimation », Département 69\u00a0: 14'],
    [
      { ...CROSSED, figure: null },
      'Retour dans les limites : « Lits de réanimation », Département 69\u00a0: aucune réponse ne compte plus',
    ],
  ],
  surveyThresholdNoted: [
    [
      { ...CROSSED, comment: 'Vu avec l’ARS' },
      'Franchissement pris en compte par corruss-chef (CORRUSS) : « Lits de réanimation », Département 69 : « Vu avec l’ARS »',
    ],
  ],
} satisfies Lines;
