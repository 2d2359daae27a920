/**
 * The mails of a survey. `lateSites` goes to agencies, the four after it to its author, the others to those whom it asks; `file…`
 * answer a sheet that came by mail.
 */
export const SURVEY_PURPOSES = [
  'invitation',
  'reminder',
  'lastCall',
  'moved',
  'reopened',
  'cancelled',
  'returned',
  'unlocked',
  'fileTaken',
  'fileRefused',
  'lateSites',
  'complete',
  'result',
  'published',
  'threshold',
] as const;
export type SurveyPurpose = (typeof SURVEY_PURPOSES)[number];

export const isSurveyPurpose = (text: string): text is SurveyPurpose =>
  (SURVEY_PURPOSES as readonly string[]).includes(text);
