import { recogniseAutomatic, type MailNature } from '../channels/inbound/automatic.ts';
import type { ReceivedMail } from '../channels/inbound/received-mail.ts';
import type { Sql } from '../db/database.ts';
import type { StoredMail, Understanding } from '../db/stores/process/inbound-mail.ts';
import { returnedNotice } from '../db/stores/process/notices.ts';
import { relayMailByReplyHash } from '../db/stores/process/relay-bounces.ts';
import { surveyMailOf, type SurveyMail } from '../db/stores/process/survey-returns.ts';
import type { MailState } from '../domain/mail-reading.ts';
import { PARIS } from '../domain/wording.ts';
import { isOwnUuid } from '../domain/uuid.ts';
import { hashesOf, idsOf, ourLocalParts } from './mail-correlation.ts';
import { NOTHING, understand } from './mail-understanding.ts';

type Machine = Exclude<MailNature, { kind: 'human' }>;

const STATES: Partial<Record<Machine['kind'], MailState>> = {
  bounce: 'bounce',
  outOfOffice: 'outOfOffice',
  receipt: 'receipt',
};

/**
 * What machines send back of a mail that no follow-up waits for: relayed to a partner, a notice of duty, or of a survey. A bounce
 * marks it as not delivered, and nothing else moves. What a person answers to a mail of a survey is read by the desk.
 * Undefined where the mail names none of these, or a person answers one of the others: then it is read like any other.
 */
export async function understandReturned(
  database: Sql,
  domain: string,
  stored: StoredMail,
  mail: ReceivedMail,
): Promise<Understanding | undefined> {
  const about = await whatReturned(database, domain, stored, mail);
  if (about === undefined) return undefined;
  const clock = { now: stored.receivedAt, zone: PARIS };
  const nature = recogniseAutomatic(mail, { clock, envelopeSender: stored.envelopeFrom });
  if (nature.kind === 'human')
    return about.survey && answerTo(about.survey, await understand(database, domain, stored, mail));
  const { tie, bounced } = about;
  return {
    ...NOTHING,
    ...tie,
    state: STATES[nature.kind] ?? 'automatic',
    sender: mail.from?.address ?? null,
    ...(nature.kind === 'bounce' && nature.permanent ? bounced(nature.diagnostic ?? nature.status ?? 'non remis') : {}),
  };
}

/** No answer to the survey: that is given by its link or its account. */
function answerTo(about: SurveyMail, read: Understanding): Understanding {
  const from = read.sender ?? 'inconnu';
  if (read.instruction !== null) return read;
  return { ...read, organisation: about.organisation ?? about.author, surveyReturn: { about, bounced: null, from } };
}

interface Returned {
  readonly tie: Pick<Understanding, 'organisation'> & Partial<Pick<Understanding, 'instruction' | 'surveyReturn'>>;
  readonly bounced: (diagnostic: string) => Pick<Understanding, 'relayBounce' | 'noticeBounce' | 'surveyReturn'>;
  readonly survey?: SurveyMail;
}

async function whatReturned(
  database: Sql,
  domain: string,
  stored: StoredMail,
  mail: ReceivedMail,
): Promise<Returned | undefined> {
  const addresses = [...stored.envelopeTo, ...mail.deliveredTo, mail.returned?.returnPath ?? ''];
  const relayed = await relayMailByReplyHash(database, hashesOf(addresses, domain));
  if (relayed !== undefined) {
    const { mail: id, instruction, organisation } = relayed;
    return { tie: { instruction, organisation }, bounced: (diagnostic) => ({ relayBounce: { mail: id, diagnostic } }) };
  }
  const ids = idsOf(mail, domain);
  const survey = await surveyMailOf(database, { hashes: hashesOf(addresses, domain), ids });
  if (survey !== undefined) return ofSurvey(survey);
  const notice = await returnedNotice(database, [...new Set([...ids, ...idsAmong(addresses, domain)])]);
  if (notice === undefined) return undefined;
  const { organisation } = notice;
  return { tie: { organisation }, bounced: (diagnostic) => ({ noticeBounce: { ...notice, diagnostic } }) };
}

const ofSurvey = (survey: SurveyMail): Returned => ({
  tie: {
    organisation: survey.organisation ?? survey.author,
    surveyReturn: { about: survey, bounced: null, from: null },
  },
  bounced: (diagnostic) => ({ surveyReturn: { about: survey, bounced: diagnostic, from: null } }),
  survey,
});

/** The envelope sender of a notice is its id at our reply domain. */
const idsAmong = (addresses: readonly string[], domain: string): string[] =>
  ourLocalParts(addresses, domain).filter((local) => isOwnUuid(local));
