import type { SurveyPurpose } from '../domain/survey/purposes.ts';
import { mailAddress } from './address.ts';
import type { Outgoing } from './compose.ts';
import { massMail } from './mass-mail.ts';
import { renderLetter } from './templates/layout.ts';
import { surveyLetter, type SurveyLetterMatter } from './templates/survey.ts';

/** All that the mails of one mailing share. */
export interface SurveyMailMatter extends Omit<SurveyLetterMatter, 'recipient' | 'answerUrl' | 'timeZone' | 'pageUrl'> {
  readonly purpose: SurveyPurpose;
  readonly zones: ReadonlyMap<string, string>;
  readonly publicUrl: string;
  readonly mailFrom: string;
  readonly mailReplyDomain: string;
}

const under = (publicUrl: string, path: string): string => `${publicUrl.replace(/\/+$/, '')}${path}`;

/** The page by which a respondent answers: a GET of it changes nothing. */
export const surveyUrl = (publicUrl: string, token: string): string => under(publicUrl, `/s/${token}`);

/** The page on which results are read, by an account. */
export const surveyResultsUrl = (publicUrl: string, survey: string): string => under(publicUrl, `/enquetes/${survey}`);

/**
 * One mail of a survey: from whoever asks, answered to it; only what comes back undelivered goes to Vigie.
 * @throws InvalidAddress when an address on record is not one bare address
 */
export function composeSurvey(
  matter: SurveyMailMatter,
  to: { readonly id: string; readonly recipient: string | null; readonly name: string; readonly address: string },
  tokens: { readonly link: string | null; readonly reply: string },
): Outgoing {
  const { mailFrom, mailReplyDomain, contact, zones } = matter;
  const timeZone = zones.get(to.recipient ?? '') ?? 'Europe/Paris';
  const answerUrl = tokens.link === null ? null : surveyUrl(matter.publicUrl, tokens.link);
  const pageUrl = surveyResultsUrl(matter.publicUrl, matter.survey);
  const rendered = renderLetter(surveyLetter({ ...matter, timeZone, answerUrl, pageUrl, recipient: to.name }));
  const from = contact === null ? mailAddress(mailFrom, 'CORRUSS') : mailAddress(contact.address, contact.name);
  return massMail({ from, to, reply: tokens.reply, mailReplyDomain, thread: `survey-${matter.survey}`, rendered });
}
