import { hashToken, mailingReplyPart, surveyLinkToken, tokenOf } from '../config/tokens.ts';
import { composeNotOpened } from '../channels/survey-series.ts';
import { composeLateList, composeSurvey, composeThreshold } from '../channels/survey.ts';
import type { ClaimedMail } from '../db/stores/process/mail-rows.ts';
import { renewReplyHash, type MailingMatter } from '../db/stores/process/mailings.ts';
import { lateSitesOf, withdrawEmptyLists } from '../db/stores/process/survey-late-lists.ts';
import { readMailFigures } from '../db/stores/process/survey-mail-figures.ts';
import {
  readSurveyMatter,
  renewSurveyLink,
  type SurveyMatter,
  withdrawAnswered,
} from '../db/stores/process/survey-matter.ts';
import { readNotOpened } from '../db/stores/process/survey-series-mail.ts';
import { crossingsToTell } from '../db/stores/process/survey-thresholds.ts';
import { titleOf } from '../domain/survey/series-survey.ts';
import { isSurveyPurpose } from '../domain/survey/purposes.ts';
import { PARIS } from '../domain/wording.ts';
import type { DispatchDeps } from './delivery-sending.ts';
import type { Mailing } from './mail-slice.ts';

type Kind = (deps: DispatchDeps, id: string, mailing: MailingMatter) => Promise<Pick<Mailing, 'withdraw' | 'compose'>>;

/** Who writes the mails of which subjects: all that a new mass mail needs is a line here. */
const KINDS: Readonly<Record<string, Kind>> = { survey: surveyMailing, 'survey-series': seriesMailing };

/** @throws Error for a subject that nobody writes for */
export function mailingKind(subject: string): Kind {
  const kind = KINDS[subject.split('/')[0] ?? ''];
  if (kind === undefined) throw new Error(`nobody writes mails about ${subject}`);
  return kind;
}

async function surveyMailing(deps: DispatchDeps, id: string, { subject, purpose, detail }: MailingMatter) {
  if (!isSurveyPurpose(purpose)) throw new Error(`no letter of a survey is called ${purpose}`);
  const { sql } = deps.database;
  const survey = await readSurveyMatter(sql, subject.slice('survey/'.length));
  const { publicUrl, mailFrom, mailReplyDomain } = deps;
  const shared = { ...survey, publicUrl, mailFrom, mailReplyDomain };
  if (purpose === 'lateSites') return lateLists(deps, id, shared, detail);
  if (purpose === 'threshold') return crossings(deps, shared, detail);
  const tells = purpose === 'result' || purpose === 'published';
  const figures = tells ? await readMailFigures(sql, survey.survey) : null;
  const matter = { ...shared, purpose, detail, figures };
  const reminds = purpose === 'reminder' || purpose === 'lastCall' || purpose === 'moved';
  return {
    withdraw: () => (reminds ? withdrawAnswered(sql, id) : Promise.resolve()),
    compose: async (mail: ClaimedMail) => {
      const tokens = { link: await linkOf(deps, mail), reply: await replyOf(deps, mail) };
      return () => composeSurvey(matter, mail, tokens);
    },
  };
}

type Shared = SurveyMatter & Pick<DispatchDeps, 'publicUrl' | 'mailFrom' | 'mailReplyDomain'>;

/** `detail.agencies` says of which agency each mail is the list. */
async function lateLists(deps: DispatchDeps, id: string, shared: Shared, detail: MailingMatter['detail']) {
  const { sql } = deps.database;
  const late = await lateSitesOf(sql, shared.survey);
  const agencies = new Map(Object.entries(detail['agencies'] ?? {}));
  return {
    withdraw: () => withdrawEmptyLists(sql, id, shared.survey),
    compose: async (mail: ClaimedMail) => {
      const ars = String(agencies.get(mail.id) ?? '');
      const reply = await replyOf(deps, mail);
      const [timeZone, lastCall] = [shared.agencyZones.get(ars) ?? PARIS, detail['lastCall'] === true];
      return () => composeLateList({ ...shared, late: late.get(ars) ?? [], lastCall, timeZone }, mail, reply);
    },
  };
}

async function crossings(deps: DispatchDeps, shared: Shared, detail: MailingMatter['detail']) {
  const ids = Array.isArray(detail['crossings']) ? detail['crossings'].map(String) : [];
  const matter = { ...shared, crossings: await crossingsToTell(deps.database.sql, shared.survey, ids) };
  return {
    withdraw: () => Promise.resolve(),
    compose: async (mail: ClaimedMail) => {
      const reply = await replyOf(deps, mail);
      return () => composeThreshold(matter, mail, reply);
    },
  };
}

async function seriesMailing(deps: DispatchDeps, _id: string, { detail }: MailingMatter) {
  const opening = await readNotOpened(deps.database.sql, String(detail['opening']));
  const title = titleOf(opening.title, opening.opensAt ?? opening.dueAt);
  const { mailFrom, mailReplyDomain } = deps;
  const matter = { ...opening, title, mailFrom, mailReplyDomain };
  return {
    withdraw: () => Promise.resolve(),
    compose: async (mail: ClaimedMail) => {
      const reply = await replyOf(deps, mail);
      return () => composeNotOpened(matter, mail, reply);
    },
  };
}

/** Made again from the stored hash; a new one where the key that made it has been dropped. Null: a mail to the author. */
async function linkOf({ keys, database }: DispatchDeps, { recipient, linkHash }: ClaimedMail): Promise<string | null> {
  if (recipient === null) return null;
  const known = tokenOf(keys, surveyLinkToken, recipient, linkHash ?? '');
  if (known !== undefined) return known;
  const renewed = surveyLinkToken(keys[0], recipient);
  await renewSurveyLink(database.sql, recipient, hashToken(renewed));
  return renewed;
}

async function replyOf({ keys, database }: DispatchDeps, { id, replyHash }: ClaimedMail): Promise<string> {
  const known = tokenOf(keys, mailingReplyPart, id, replyHash ?? '');
  if (known !== undefined) return known;
  const renewed = mailingReplyPart(keys[0], id);
  await renewReplyHash(database.sql, id, hashToken(renewed));
  return renewed;
}
