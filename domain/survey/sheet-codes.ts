/** What the first column of a sheet of answers holds besides the codes of questions: none of these can be one (no «:», «-», «#»). */
export const REFERENCE = 'vigie:reference';
/** A line for the reader alone. */
export const READ_ONLY = '#';
/** The whole survey (first column), or one row of a table (head of a column). */
export const NOT_CONCERNED = 'non-concerne';

export const commentCode = (question: string): string => `${question}:commentaire`;
export const rowCode = (table: string, row: string): string => `${table}.${row}`;

/** Which survey, which version of its form, and whose sheet: a sheet that was made for another is refused. */
export interface SheetReference {
  readonly survey: string;
  readonly formVersion: number;
  readonly respondent: string;
}

/** The reference as a template bears it. */
export interface TemplateReference extends SheetReference {
  /** The version of the answer (its ETag) that stood when the template was made: whoever fills it has seen no later one. */
  readonly answerVersion: number;
}

export const referenceText = ({ survey, formVersion, respondent }: SheetReference): string =>
  `${survey}/v${formVersion}/${respondent}`;

export const templateReferenceText = ({ answerVersion, ...reference }: TemplateReference): string =>
  `${referenceText(reference)}/r${answerVersion}`;

/** Whose sheet it is, and the version of the answer; null: of a template made before these were in it. */
export function readReference(text: string): { readonly whose: string; readonly answerVersion: number | null } {
  const [, whose, version] = /^([^/]+\/[^/]+\/[^/]+)\/r(\d{1,9})$/.exec(text) ?? [];
  return whose === undefined ? { whose: text, answerVersion: null } : { whose, answerVersion: Number(version) };
}
