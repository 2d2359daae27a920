import type { Form } from '../../../domain/survey/form.ts';

const count = (code: string, label: string, more: object = {}) => ({
  code,
  label,
  type: 'integer' as const,
  min: 0,
  max: 5_000,
  aggregate: 'sum' as const,
  ...more,
});

export const CANICULE: Form = {
  code: 'CANICULE',
  title: 'Canicule – Remontée quotidienne (modèle à adapter)',
  help: 'Les dernières 24 heures, de 8 h à 8 h.',
  sections: [
    {
      code: 'recours',
      title: 'Recours aux soins liés à la chaleur',
      questions: [
        count('passages', 'Passages aux urgences, toutes causes', { required: true, commentWhenMoves: 30 }),
        count('hyperthermies', 'dont hyperthermies et coups de chaleur', { required: true }),
        count('deshydratations', 'dont déshydratations', { required: true }),
        count('hyponatremies', 'dont hyponatrémies', { required: true }),
        count('hospitalisations', 'Hospitalisations liées à la chaleur', { required: true }),
        count('deces', 'Décès liés à la chaleur', { required: true }),
        {
          code: 'partChaleur',
          label: 'Part des passages liés à la chaleur',
          type: 'computed',
          formula: '(hyperthermies + deshydratations + hyponatremies) / passages * 100',
          unit: '%',
          decimals: 1,
          aggregate: 'mean',
          weightedBy: 'passages',
        },
      ],
    },
    {
      code: 'organisation',
      title: 'Organisation de l’établissement',
      questions: [
        {
          code: 'plan',
          label: 'Plan activé',
          type: 'choice',
          required: true,
          aggregate: 'count',
          choices: [
            { code: 'aucun', label: 'Aucun' },
            { code: 'planBleu', label: 'Plan bleu' },
            { code: 'mobilisation', label: 'Plan de mobilisation interne' },
            { code: 'planBlanc', label: 'Plan blanc' },
          ],
        },
        {
          code: 'piecesRafraichies',
          label: 'Pièces rafraîchies en état de marche',
          type: 'percentage',
          aggregate: 'mean',
          prefill: true,
          help: 'Part des pièces rafraîchies prévues qui fonctionnent.',
        },
        {
          code: 'tensions',
          label: 'Tensions',
          type: 'choices',
          aggregate: 'count',
          choices: [
            { code: 'lits', label: 'Lits d’hospitalisation' },
            { code: 'personnel', label: 'Effectifs' },
            { code: 'froid', label: 'Climatisation, groupes froids' },
            { code: 'eau', label: 'Eau' },
            { code: 'funeraire', label: 'Chambre mortuaire' },
          ],
        },
        { code: 'precisions', label: 'Précisions', type: 'text', maxLength: 2_000 },
      ],
    },
  ],
  rules: [
    {
      formula: 'hyperthermies + deshydratations + hyponatremies <= passages',
      message: 'Les passages liés à la chaleur dépassent le nombre de passages.',
    },
  ],
};
