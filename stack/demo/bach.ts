/** Beds of two disciplines; the nine others the hospital does not have. */
export interface Beds {
  readonly installed: number;
  readonly occupied: number;
  readonly available: number;
}

const WITHOUT =
  'chirurgie obstetrique pediatrie neonatologie reanimationPediatrique soinsIntensifs psychiatrie smr usld'.split(' ');
const ABSENT = 'Discipline absente de l’établissement.';

/** An answer to BACH, as the API takes it. */
export function bachOf(medecine: Beds, reanimation: Beds) {
  const rest = { reserves: 0, fermesReactivables: 0, fermesNonReactivables: 0, supplementairesMobilises: 0 };
  const row = ({ installed, occupied, available }: Beds) => ({
    installes: installed,
    disponibles: available,
    occupes: occupied,
    ...rest,
  });
  return {
    lits: {
      medecine: row(medecine),
      reanimation: row(reanimation),
      ...Object.fromEntries(WITHOUT.map((code) => [code, { notConcerned: ABSENT }])),
    },
    passages: 96,
    passagesMoins1An: 4,
    passages75Ans: 31,
    hospitalisations: 27,
    attenteLit: 3,
    niveauTension: 'niveau1',
  };
}

/** The same as the fields of its page. */
export function fieldsOf(values: ReturnType<typeof bachOf>): Readonly<Record<string, string>> {
  const { lits, ...questions } = values;
  const cells = Object.entries(lits).flatMap(([row, cell]) =>
    'notConcerned' in cell
      ? [[`n.lits.${row}`, String(cell.notConcerned)]]
      : Object.entries(cell).map(([column, value]) => [`v.lits.${row}.${column}`, String(value)]),
  );
  const others = Object.entries(questions).map(([code, value]) => [`v.${code}`, String(value)]);
  return Object.fromEntries([...cells, ...others]) as Record<string, string>;
}
