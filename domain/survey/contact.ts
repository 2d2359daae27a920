export const CONTACT_STATES = ['ok', 'missing', 'toCorrect'] as const;
/** Whether mails reach a respondent: as far as is known; it has no address; one to its address came back or was refused. */
export type ContactState = (typeof CONTACT_STATES)[number];
