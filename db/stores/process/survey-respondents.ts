import { sql } from 'kysely';
import { MACHINE } from '../../../domain/actor.ts';
import type { Fact } from '../../../domain/changes.ts';
import type { Instant } from '../../../domain/instant.ts';
import { CORRUSS } from '../../../domain/organisation.ts';
import type { CampaignStatus } from '../../../domain/survey/campaign.ts';
import type { CampaignCommand } from '../../../domain/survey/campaign-commands.ts';
import type { SurveyPurpose } from '../../../domain/survey/purposes.ts';
import type { SurveyAnswer } from '../../../domain/survey/survey-step.ts';
import type { Transaction } from '../../database.ts';
import { surveySubject } from '../audit.ts';
import { closeReportOfListed } from '../bounced-reports.ts';
import { toJson } from '../json.ts';
import { planMailing } from './mailings.ts';
import { readdress, type Readdressed, takeOverContacts } from './survey-contacts.ts';
import { addressees, fact, type Frame, plan } from './survey-effects.ts';
import { remindedByHand } from './survey-reminding.ts';
import type { LockedSurvey, SurveyStore } from './survey-row.ts';

type Accepted = Extract<SurveyAnswer, { accepted: true }>;
export type Asked =
  | { readonly facts: readonly Fact[]; readonly answer?: Pick<Accepted, 'reminded' | 'tooSoon'> }
  | { readonly refusal: SurveyAnswer };

/** What a command does with single respondents; nothing where it is about the whole campaign. */
export function askOfRespondents(
  store: SurveyStore,
  trx: Transaction,
  frame: Frame,
  ask: CampaignCommand,
): Promise<Asked> {
  if (ask.kind === 'remind') return remind(store, trx, frame, ask.respondents);
  if (ask.kind === 'readdress') return correctOne(store, trx, frame, ask);
  return Promise.resolve({ facts: [] });
}

async function remind(
  store: SurveyStore,
  trx: Transaction,
  frame: Frame,
  named: readonly string[] | null,
): Promise<Asked> {
  const { survey, by, now, counts } = frame;
  const reminding = await remindedByHand(trx, { survey, by: by.organisation, named, now });
  if ('refusal' in reminding) return reminding;
  const { chosen, tooSoon } = reminding;
  const to = await addressees(trx, survey.id, sql`r.id = any(${[...chosen]}::uuid[])`);
  const mails = await plan(store, trx, frame, 'reminder', to);
  const { expected, received } = counts;
  const data = { lastCall: false, byHand: true, mails, expected, received };
  return { facts: [fact(frame, 'surveyReminded', data)], answer: { reminded: mails, tooSoon } };
}

async function correctOne(
  store: SurveyStore,
  trx: Transaction,
  frame: Frame,
  ask: Extract<CampaignCommand, { kind: 'readdress' }>,
): Promise<Asked> {
  const { survey, now, by, campaign } = frame;
  const found = await readdress(trx, survey.id, { ...ask, now });
  if ('refusal' in found) return found;
  if (found.corrected === null) return { facts: [] };
  if (survey.author === CORRUSS && found.before !== null) await closeReportOfListed(trx, found.before, { by, now });
  const { status } = campaign;
  const again = await writeAgain(store, trx, { survey, now, status }, [found.corrected]);
  const data = { name: found.corrected.name, respondent: ask.respondent, respondents: 1, ...again, byHand: true };
  return { facts: [{ at: now, kind: 'surveyContactCorrected', organisation: null, actor: by, data }] };
}

/** What the register has corrected meanwhile: who still owes an answer, or may correct it alone, is written to anew. */
export async function correctContacts(
  store: SurveyStore,
  trx: Transaction,
  { survey, now }: { readonly survey: LockedSurvey; readonly now: Instant },
): Promise<readonly Fact[]> {
  const { status } = survey.campaign;
  if (status === 'draft' || status === 'ended' || status === 'cancelled') return [];
  const corrected = await takeOverContacts(trx, survey.id, now);
  const [first] = corrected;
  if (first === undefined) return [];
  const again = await writeAgain(store, trx, { survey, now, status }, corrected);
  const name = corrected.length === 1 ? { name: first.name, respondent: first.recipient } : {};
  const data = { ...name, respondents: corrected.length, ...again };
  return [{ at: now, kind: 'surveyContactCorrected', organisation: null, actor: MACHINE, data }];
}

interface Again {
  readonly survey: LockedSurvey;
  readonly now: Instant;
  readonly status: CampaignStatus;
}

/** Mails planned anew: invitations, and letters about answers that are taken alone. */
type Resent = { readonly resent: number; readonly letters?: number };

/** What has not left to the address before never will: what still stands of it goes to the one that it has now. */
async function writeAgain(
  { keys }: SurveyStore,
  trx: Transaction,
  { survey, now, status }: Again,
  corrected: readonly Readdressed[],
): Promise<Resent> {
  await withdrawOrRedirect(trx, corrected);
  // The opening or the re-opening writes to whom it asks.
  if (status === 'scheduled') return { resent: 0 };
  const subject = surveySubject(survey.id);
  const letters = await lettersAgain(trx, { now, isOpen: status === 'open' }, corrected);
  for (const { purpose, detail, to } of letters) await planMailing(trx, keys, { subject, purpose, detail, now }, [to]);
  const told = letters.length > 0 ? { letters: letters.length } : {};
  if (status !== 'open') return { resent: 0, ...told };
  const written = new Set(letters.map(({ to }) => to));
  const owing = corrected.filter((one) => one.owes && !written.has(one));
  return { resent: await planMailing(trx, keys, { subject, purpose: 'invitation', detail: {}, now }, owing), ...told };
}

/** Of what has not left: what is written anew, or means nothing any more. The rest, about a file, goes to the new address. */
const WRITTEN_ANEW: readonly SurveyPurpose[] = [
  'invitation',
  'reminder',
  'lastCall',
  'moved',
  'reopened',
  'returned',
  'unlocked',
];

async function withdrawOrRedirect(trx: Transaction, corrected: readonly Readdressed[]): Promise<void> {
  const rows = corrected.map(({ recipient, address }) => ({ recipient, address }));
  await sql`
    update mailing_mail mail set address = now.address,
      status = case when mailing.purpose = any(${[...WRITTEN_ANEW]}::text[]) then 'withdrawn' else mail.status end
    from jsonb_to_recordset(${toJson(rows)}::jsonb) as now (recipient uuid, address text), mailing
    where mail.recipient = now.recipient and mailing.id = mail.mailing_id and mail.status in ('planned', 'waiting')`.execute(
    trx,
  );
}

interface LetterAgain {
  readonly purpose: SurveyPurpose;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly to: Readdressed;
}

/** Answers that are given back, or of a closed survey taken alone: their last letter, with the term that counts now. */
async function lettersAgain(
  trx: Transaction,
  { now, isOpen }: { readonly now: Instant; readonly isOpen: boolean },
  corrected: readonly Readdressed[],
): Promise<readonly LetterAgain[]> {
  const until = isOpen ? sql`null::float` : sql`extract(epoch from a.unlocked_until) * 1000`;
  const stands = isOpen ? sql`a.returned_at is not null` : sql`a.unlocked_until > ${new Date(now)}::timestamptz`;
  const { rows } = await sql<Omit<LetterAgain, 'to'> & { respondent: string }>`
    select a.respondent_id as respondent, wanted.purpose,
      coalesce(last.detail, jsonb_build_object('reason', a.return_reason)) || jsonb_build_object('until', ${until}) as detail
    from survey_answer a
    cross join lateral (select case when a.returned_at is null then 'unlocked' else 'returned' end as purpose) wanted
    left join lateral (
      select mailing.detail from mailing_mail mail join mailing on mailing.id = mail.mailing_id
      where mail.recipient = a.respondent_id and mailing.purpose = wanted.purpose order by mail.id desc limit 1
    ) last on true
    where a.respondent_id = any(${corrected.map(({ recipient }) => recipient)}::uuid[]) and ${stands}
      and (last.detail is not null or a.submitted is null)`.execute(trx);
  const known = new Map(corrected.map((one) => [one.recipient, one]));
  return rows.flatMap(({ respondent, purpose, detail }) => {
    const to = known.get(respondent);
    return to === undefined ? [] : [{ purpose, detail, to }];
  });
}
