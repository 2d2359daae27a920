import type { SurveyPurpose } from '../domain/survey/purposes.ts';
import { mailAddress } from './address.ts';
import type { Outgoing } from './compose.ts';
import { massMail } from './mass-mail.ts';
import { renderLetter } from './templates/layout.ts';
import { surveyLetter, type SurveyLetterMatter } from './templates/survey.ts';

/** All that the mails of one mailing share. */
export interface SurveyMailMatter extends Omit<SurveyLetterMatter, 'recipient' | 'answerUrl' | 'timeZone'> {
  readonly purpose: SurveyPurpose;
  readonly zones: ReadonlyMap<string, string>;
  readonly publicUrl: string;
  readonly mailFrom: string;
  readonly mailReplyDomain: string;
}

/** The page by which a respondent answers: a GET of it changes nothing. */
export const surveyUrl = (publicUrl: string, token: string): string => `${publicUrl.replace(/\/+$/, '')}/s/${token}`;

/**
 * One mail of a survey: from whoever asks, answered to it, and to Vigie, which takes a filled sheet and what comes back undelivered.
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
  const rendered = renderLetter(surveyLetter({ ...matter, timeZone, answerUrl, recipient: to.name }));
  const answers = to.recipient === null ? {} : { answersTo: 'Vigie – réponses par fichier' };
  const from = contact === null ? mailAddress(mailFrom, 'CORRUSS') : mailAddress(contact.address, contact.name);
  return massMail({
    from,
    to,
    reply: tokens.reply,
    mailReplyDomain,
    thread: `survey-${matter.survey}`,
    rendered,
    ...answers,
  });
}
