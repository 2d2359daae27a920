import type { Form } from '../../../domain/survey/form.ts';
import { beds, DISCIPLINES } from './bach.ts';

export const LITS_ETE: Form = {
  code: 'LITS_ETE',
  title: 'Lits d’été – Fermetures estivales prévues (modèle à adapter)',
  help: 'Prévision des fermetures de lits de la période estivale, par discipline.',
  sections: [
    {
      code: 'fermetures',
      title: 'Lits fermés pendant l’été',
      questions: [
        {
          code: 'lits',
          label: 'Lits fermés par discipline',
          type: 'table',
          required: true,
          prefill: true,
          rows: DISCIPLINES,
          columns: [
            beds('installes', 'Installés'),
            beds('fermesJuin', 'Fermés en juin'),
            beds('fermesJuillet', 'Fermés en juillet', { commentWhenMoves: 20 }),
            beds('fermesAout', 'Fermés en août', { commentWhenMoves: 20 }),
            beds('fermesSeptembre', 'Fermés en septembre'),
          ],
          rules: [
            {
              formula:
                'fermesJuin <= installes and fermesJuillet <= installes and fermesAout <= installes and fermesSeptembre <= installes',
              message: 'Plus de lits fermés que de lits installés.',
            },
          ],
        },
        {
          code: 'installesEnsemble',
          label: 'Lits installés, ensemble',
          type: 'computed',
          formula: 'sum(lits.installes)',
          decimals: 0,
        },
        {
          code: 'fermesAoutEnsemble',
          label: 'Lits fermés en août, ensemble',
          type: 'computed',
          formula: 'sum(lits.fermesAout)',
          decimals: 0,
        },
        {
          code: 'partFermeeAout',
          label: 'Part des lits fermés en août',
          type: 'computed',
          formula: 'fermesAoutEnsemble / installesEnsemble * 100',
          unit: '%',
          decimals: 1,
          aggregate: 'ratio',
          numerator: 'fermesAoutEnsemble',
          denominator: 'installesEnsemble',
        },
        {
          code: 'motifs',
          label: 'Motifs des fermetures',
          type: 'choices',
          aggregate: 'count',
          choices: [
            { code: 'conges', label: 'Congés' },
            { code: 'effectifs', label: 'Postes vacants' },
            { code: 'activite', label: 'Baisse d’activité' },
            { code: 'travaux', label: 'Travaux' },
          ],
        },
      ],
    },
    {
      code: 'urgences',
      title: 'Urgences et SMUR',
      questions: [
        {
          code: 'accesUrgences',
          label: 'Accès aux urgences pendant l’été',
          type: 'choice',
          required: true,
          aggregate: 'count',
          choices: [
            { code: 'ouvert', label: 'Ouvert sans régulation' },
            { code: 'regule', label: 'Régulé par le SAMU – centre 15' },
            { code: 'ferme', label: 'Fermé à certaines heures' },
            { code: 'sans', label: 'Sans structure des urgences' },
          ],
        },
        { code: 'premiereFermeture', label: 'Première fermeture prévue', type: 'date', aggregate: 'min' },
        {
          code: 'lignesSmurFermees',
          label: 'Lignes de SMUR fermées',
          type: 'integer',
          min: 0,
          max: 50,
          aggregate: 'sum',
        },
        { code: 'mesures', label: 'Mesures prises pour compenser', type: 'text', maxLength: 2_000 },
      ],
    },
  ],
};
