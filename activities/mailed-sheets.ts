import { recogniseAutomatic } from '../channels/inbound/automatic.ts';
import type { ReceivedAttachment, ReceivedMail } from '../channels/inbound/received-mail.ts';
import { isForged } from './mail-trust.ts';
import { isForNow } from '../channels/spreadsheets/refusals.ts';
import type { Spreadsheets } from '../channels/spreadsheets/spreadsheets.ts';
import type { Sql } from '../db/database.ts';
import type { StoredMail, Understanding } from '../db/stores/process/inbound-mail.ts';
import { contactOf } from '../db/stores/process/relay.ts';
import type { MailedSheet } from '../db/stores/process/survey-mail-answers.ts';
import { surveyMailOf, type SurveyMail } from '../db/stores/process/survey-returns.ts';
import { ANSWER_SHEET } from '../domain/survey/sheet-template.ts';
import { PARIS } from '../domain/wording.ts';
import { hashesOf } from './mail-correlation.ts';
import { readingOf } from './mail-understanding.ts';

interface Reader {
  readonly sql: Sql;
  readonly domain: string;
  readonly spreadsheets: Spreadsheets;
}

/**
 * A person's answer to a mail of a survey, by the token of its address: the sheet that is attached is read. Undefined where no
 * sheet is, or a machine wrote it: then it is read like any other.
 */
export async function understandSheet(
  { sql, domain, spreadsheets }: Reader,
  stored: StoredMail,
  mail: ReceivedMail,
): Promise<Understanding | undefined> {
  const addresses = [...stored.envelopeTo, ...mail.deliveredTo, ...mail.to.map(({ address }) => address)];
  const about = await surveyMailOf(sql, { hashes: hashesOf(addresses, domain), ids: [] });
  const respondent = about?.respondent ?? null;
  if (about === undefined || respondent === null) return undefined;
  const clock = { now: stored.receivedAt, zone: PARIS };
  if (recogniseAutomatic(mail, { clock, envelopeSender: stored.envelopeFrom }).kind !== 'human') return undefined;
  const sheets = mail.attachments.filter(isSheet);
  const common = readingOf(mail, about.organisation ?? about.author);
  if (sheets.length === 0)
    return (await authorHasIt(sql, about, mail)) ? { ...common, state: 'surveyReply' } : undefined;
  const file = await fileOf(spreadsheets, mail, sheets);
  const sheet: MailedSheet = {
    about: { ...about, respondent },
    from: mail.from?.address ?? 'expéditeur inconnu',
    file,
  };
  return { ...common, state: 'surveyRefused', sheet };
}

const SHEET_NAME = /\.(?:xlsx|xlsm|xls|xlsb|ods|csv)$/i;
const SHEET_TYPE = /spreadsheet|ms-excel|^text\/csv$/;

/** By name or by type: what it is by its bytes, reading it tells, and a file that is none is refused in words. */
const isSheet = ({ name, mediaType, inline }: ReceivedAttachment): boolean =>
  !inline && (SHEET_NAME.test(name) || SHEET_TYPE.test(mediaType));

async function fileOf(
  spreadsheets: Spreadsheets,
  mail: ReceivedMail,
  sheets: readonly ReceivedAttachment[],
): Promise<MailedSheet['file']> {
  const [only, ...more] = sheets;
  const name = sheets
    .map((one) => one.name)
    .join(', ')
    .slice(0, 200);
  if (isForged(mail)) return { name, refused: FORGED };
  if (only === undefined || more.length > 0)
    return { name, refused: 'Plusieurs classeurs sont joints : n’en joignez qu’un.' };
  if (only.content === null) return { name, refused: 'Ce fichier dépasse 2 Mo.' };
  const reading = await spreadsheets.read(only.content, ANSWER_SHEET);
  if (!reading.read && isForNow(reading.as)) throw new Error('Too many spreadsheets are being read: again later.');
  return reading.read ? { name, grid: reading.grid } : { name, refused: reading.message };
}

const FORGED =
  'Notre relais n’a pas pu vérifier que ce courriel vient bien de son expéditeur (SPF, DKIM, DMARC) : répondez par votre lien.';

/** The author reads its own mailbox: what was sent there as well is not read twice. */
async function authorHasIt(sql: Sql, { author }: SurveyMail, mail: ReceivedMail): Promise<boolean> {
  const contact = await contactOf(sql, author);
  return contact !== undefined && mail.to.some(({ address }) => address === contact.address.toLowerCase());
}
