/** Stands where nothing was answered: the smallest bigint, which no number of an answer comes near. */
export const NO_FIGURE = '-9223372036854775808';

/** Figures of one answer as PostgreSQL reads them. */
export const figuresLiteral = (figures: readonly (number | null)[]): string =>
  `{${figures.map((figure) => figure ?? NO_FIGURE).join(',')}}`;

/** `{12,-9223372036854775808}` or `{12,NULL}` → `[12n, null]` */
export const figuresFrom = (text: string): readonly (bigint | null)[] =>
  text === '{}'
    ? []
    : text.slice(1, -1).split(',').map((figure) => (figure === 'NULL' || figure === NO_FIGURE ? null : BigInt(figure)));
