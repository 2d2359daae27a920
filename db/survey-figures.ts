/** Stands where nothing was answered: the smallest bigint, which no number of an answer comes near. */
export const NO_FIGURE = '-9223372036854775808';

/** Figures of one answer as PostgreSQL reads them. */
export const figuresLiteral = (figures: readonly (number | null)[]): string =>
  `{${figures.map((figure) => figure ?? NO_FIGURE).join(',')}}`;

/** Cells of one answer: `{12,-9223372036854775808}` → `[12, null]`; all within what a number holds exactly. */
export const cellsFrom = (text: string): readonly (number | null)[] =>
  fieldsOf(text).map((field) => (field === NO_FIGURE ? null : Number(field)));

/** What many add up to: `{12,NULL}` → `[12n, null]` */
export const partsFrom = (text: string): readonly (bigint | null)[] =>
  fieldsOf(text).map((field) => (field === 'NULL' ? null : BigInt(field)));

const fieldsOf = (text: string): string[] => (text === '{}' ? [] : text.slice(1, -1).split(','));
