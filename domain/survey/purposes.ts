/** The mails of a survey. The last three go to its author, the others to those whom it asks. */
export const SURVEY_PURPOSES = [
  'invitation',
  'reminder',
  'lastCall',
  'reopened',
  'cancelled',
  'complete',
  'result',
  'threshold',
] as const;
export type SurveyPurpose = (typeof SURVEY_PURPOSES)[number];

export const isSurveyPurpose = (text: string): text is SurveyPurpose =>
  (SURVEY_PURPOSES as readonly string[]).includes(text);
