import type { Column, Form, Labelled } from '../../../domain/survey/form.ts';

/** Disciplines of hospital beds, as the ROR tells them apart at the level of a site. */
export const DISCIPLINES: readonly Labelled[] = [
  { code: 'medecine', label: 'Médecine' },
  { code: 'chirurgie', label: 'Chirurgie' },
  { code: 'obstetrique', label: 'Gynécologie-obstétrique' },
  { code: 'pediatrie', label: 'Pédiatrie' },
  { code: 'neonatologie', label: 'Néonatologie' },
  { code: 'reanimation', label: 'Réanimation adulte' },
  { code: 'reanimationPediatrique', label: 'Réanimation pédiatrique' },
  { code: 'soinsIntensifs', label: 'Soins intensifs polyvalents et de spécialité' },
  { code: 'psychiatrie', label: 'Psychiatrie' },
  { code: 'smr', label: 'Soins médicaux et de réadaptation' },
  { code: 'usld', label: 'Soins de longue durée' },
];

const someBeds = (code: string, label: string): Column => ({
  code,
  label,
  type: 'integer',
  min: 0,
  max: 5_000,
  aggregate: 'sum',
});

/** Beds of one state: an explicit zero, never an empty cell, in a row that is filled in. */
export const beds = (code: string, label: string, more: Partial<Column> = {}): Column => ({
  ...someBeds(code, label),
  required: true,
  ...more,
});

const count = (code: string, label: string, more: object = {}) => ({
  code,
  label,
  type: 'integer' as const,
  required: true,
  min: 0,
  max: 5_000,
  aggregate: 'sum' as const,
  ...more,
});

export const BACH: Form = {
  code: 'BACH',
  title: 'BACH – Activité et capacités hospitalières (modèle à adapter)',
  help: 'Situation du jour à 8 h. Un zéro se saisit ; ce qui n’existe pas dans l’établissement est « non concerné ».',
  sections: [
    {
      code: 'capacites',
      title: 'Lits par discipline',
      help: 'Vocabulaire du ROR. Chaque lit installé est compté dans un seul état.',
      questions: [
        {
          code: 'lits',
          label: 'Lits par discipline',
          type: 'table',
          required: true,
          prefill: true,
          rows: DISCIPLINES,
          columns: [
            beds('installes', 'Installés', { commentWhenMoves: 20 }),
            beds('disponibles', 'Disponibles', { headline: true }),
            beds('occupes', 'Occupés'),
            beds('reserves', 'Réservés (24 h)', { help: 'Pour une entrée programmée dans les 24 heures.' }),
            beds('fermesReactivables', 'Fermés, réactivables'),
            beds('fermesNonReactivables', 'Fermés, non réactivables'),
            beds('supplementairesMobilises', 'Supplémentaires mobilisés'),
            someBeds('supplementairesAvecPersonnel', 'Supplémentaires mobilisables, avec personnel'),
            someBeds('supplementairesSansPersonnel', 'Supplémentaires mobilisables, sans personnel'),
          ],
          rules: [
            {
              formula:
                'disponibles + occupes + reserves + fermesReactivables + fermesNonReactivables <= installes + supplementairesMobilises',
              message:
                'Les lits disponibles, occupés, réservés et fermés dépassent les lits installés et supplémentaires.',
            },
          ],
        },
        {
          code: 'litsOccupes',
          label: 'Lits occupés, ensemble',
          type: 'computed',
          formula: 'sum(lits.occupes)',
          decimals: 0,
        },
        {
          code: 'litsOuverts',
          label: 'Lits ouverts, ensemble',
          type: 'computed',
          formula:
            'sum(lits.installes) + sum(lits.supplementairesMobilises) - sum(lits.fermesReactivables) - sum(lits.fermesNonReactivables)',
          decimals: 0,
        },
        {
          code: 'tauxOccupation',
          label: 'Taux d’occupation des lits ouverts',
          type: 'computed',
          formula: 'litsOccupes / litsOuverts * 100',
          unit: '%',
          decimals: 1,
          aggregate: 'ratio',
          numerator: 'litsOccupes',
          denominator: 'litsOuverts',
          headline: true,
        },
      ],
    },
    {
      code: 'urgences',
      title: 'Structure des urgences',
      help: 'Les dernières 24 heures, de 8 h à 8 h.',
      questions: [
        count('passages', 'Passages', { commentWhenMoves: 30, headline: true }),
        count('passagesMoins1An', 'dont moins d’un an'),
        count('passages75Ans', 'dont 75 ans et plus'),
        count('hospitalisations', 'Hospitalisations après passage'),
        count('attenteLit', 'Patients en attente d’un lit', {
          help: 'Décision d’hospitalisation prise, à 8 h.',
          headline: true,
        }),
        {
          code: 'tauxHospitalisation',
          label: 'Part des passages suivis d’une hospitalisation',
          type: 'computed',
          formula: 'hospitalisations / passages * 100',
          unit: '%',
          decimals: 1,
          aggregate: 'ratio',
          numerator: 'hospitalisations',
          denominator: 'passages',
        },
      ],
    },
    {
      code: 'tension',
      title: 'Tension',
      questions: [
        {
          code: 'niveauTension',
          label: 'Niveau de tension de l’établissement',
          type: 'choice',
          required: true,
          aggregate: 'count',
          headline: true,
          choices: [
            { code: 'niveau0', label: '0 – Fonctionnement habituel' },
            { code: 'niveau1', label: '1 – Tension, gérée par le service' },
            { code: 'niveau2', label: '2 – Hôpital en tension, cellule réunie' },
            { code: 'niveau3', label: '3 – Plan de mobilisation interne ou plan blanc' },
          ],
        },
        {
          code: 'difficultes',
          label: 'Difficultés rencontrées',
          type: 'choices',
          aggregate: 'count',
          choices: [
            { code: 'personnel', label: 'Effectifs' },
            { code: 'aval', label: 'Lits d’aval' },
            { code: 'materiel', label: 'Matériel ou produits de santé' },
            { code: 'batiment', label: 'Bâtiment, énergie, informatique' },
          ],
        },
        { code: 'precisions', label: 'Précisions', type: 'text', maxLength: 2_000 },
      ],
    },
  ],
  rules: [
    {
      formula: 'passagesMoins1An + passages75Ans <= passages',
      message: 'Les passages par âge dépassent le nombre de passages.',
    },
    { formula: 'hospitalisations <= passages', message: 'Les hospitalisations dépassent le nombre de passages.' },
    {
      formula: 'tauxOccupation <= 110',
      message: 'Le taux d’occupation dépasse 110 % : vérifiez les lits ouverts.',
      blocking: false,
    },
  ],
};
