import type { SurveySubjectMatter } from '../domain/survey/subject-matter.ts';
import { PARIS } from '../domain/wording.ts';
import { mailAddress } from './address.ts';
import type { Outgoing } from './compose.ts';
import { massMail } from './mass-mail.ts';
import type { Letter } from './templates/blocks.ts';
import { renderLetter } from './templates/layout.ts';
import { lateListLetter, type LateListMatter } from './templates/survey-late.ts';
import { thresholdLetter, type ThresholdLetterMatter } from './templates/survey-threshold.ts';
import { surveyLetter, type SurveyLetterMatter } from './templates/survey.ts';

interface Envelope {
  readonly zones: ReadonlyMap<string, string>;
  /** Why an answer was given back, by its respondent. */
  readonly returned: ReadonlyMap<string, string>;
  readonly publicUrl: string;
  readonly mailFrom: string;
  readonly mailReplyDomain: string;
}

/** All that the mails of one mailing share. */
export type SurveyMailMatter = Omit<
  SurveyLetterMatter,
  'recipient' | 'answerUrl' | 'timeZone' | 'pageUrl' | 'returned'
> &
  Envelope;

const under = (publicUrl: string, path: string): string => `${publicUrl.replace(/\/+$/, '')}${path}`;

/** The page by which a respondent answers: a GET of it changes nothing. */
export const surveyUrl = (publicUrl: string, token: string): string => under(publicUrl, `/s/${token}`);

/** The page on which results are read, by an account. */
export const surveyResultsUrl = (publicUrl: string, survey: string): string => under(publicUrl, `/enquetes/${survey}`);

/**
 * One mail of a survey: from whoever asks, answered to it, and to Vigie, which takes a filled sheet and what comes back undelivered.
 * @throws InvalidAddress when an address on record is not one bare address
 */
export function composeSurvey(
  matter: SurveyMailMatter,
  to: Recipient,
  tokens: { readonly link: string | null; readonly reply: string },
): Outgoing {
  const timeZone = matter.zones.get(to.recipient ?? '') ?? PARIS;
  const answerUrl = tokens.link === null ? null : surveyUrl(matter.publicUrl, tokens.link);
  const pageUrl = surveyResultsUrl(matter.publicUrl, matter.survey);
  const returned = matter.returned.get(to.recipient ?? '') ?? null;
  const letter = surveyLetter({ ...matter, timeZone, answerUrl, pageUrl, returned, recipient: to.name });
  return mailOf(matter, to, tokens.reply, letter);
}

/** The list of an agency's late establishments. @throws InvalidAddress */
export const composeLateList = (
  matter: Omit<LateListMatter, 'recipient'> & Envelope,
  to: Recipient,
  reply: string,
): Outgoing => mailOf(matter, to, reply, lateListLetter({ ...matter, recipient: to.name }));

/** Figures that have crossed their thresholds, to the survey's author. @throws InvalidAddress */
export const composeThreshold = (matter: ThresholdLetterMatter & Envelope, to: Recipient, reply: string): Outgoing =>
  mailOf(matter, to, reply, thresholdLetter(matter));

interface Recipient {
  readonly id: string;
  readonly recipient: string | null;
  readonly name: string;
  readonly address: string;
}

function mailOf(
  matter: Pick<SurveySubjectMatter, 'survey' | 'contact'> & Envelope,
  to: Recipient,
  reply: string,
  letter: Letter,
) {
  const { mailFrom, mailReplyDomain, contact, survey } = matter;
  const from = contact === null ? mailAddress(mailFrom, 'CORRUSS') : mailAddress(contact.address, contact.name);
  return massMail({
    ...{ from, to, reply, mailReplyDomain, thread: `survey-${survey}`, rendered: renderLetter(letter) },
    ...(to.recipient === null ? {} : { answersTo: 'Vigie – réponses par fichier' }),
  });
}
