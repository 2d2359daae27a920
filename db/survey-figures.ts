/** Stands where nothing was answered: the smallest bigint, which no number of an answer comes near. */
export const NO_FIGURE = '-9223372036854775808';

/**
 * Figures of one answer as PostgreSQL reads `bigint[]`. Migrations that have run wrote them by it: it does not change.
 */
export const figuresLiteral = (figures: readonly (number | null)[]): string =>
  `{${figures.map((figure) => figure ?? NO_FIGURE).join(',')}}`;

/** The two columns of the figures of one answer: one to be added up by PostgreSQL, one to be read as it stands. */
export const figureColumns = (figures: readonly (number | null)[]): { figures: string; cells: string } => ({
  figures: figuresLiteral(figures),
  cells: JSON.stringify(figures),
});

/** What many add up to: `{12,NULL}` → `[12n, null]` */
export const partsFrom = (text: string): readonly (bigint | null)[] =>
  fieldsOf(text).map((field) => (field === 'NULL' ? null : BigInt(field)));

const fieldsOf = (text: string): string[] => (text === '{}' ? [] : text.slice(1, -1).split(','));
