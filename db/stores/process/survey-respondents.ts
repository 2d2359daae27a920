import { sql } from 'kysely';
import { MACHINE } from '../../../domain/actor.ts';
import type { Fact } from '../../../domain/changes.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { CampaignCommand } from '../../../domain/survey/campaign-commands.ts';
import type { SurveyAnswer } from '../../../domain/survey/survey-step.ts';
import type { Transaction } from '../../database.ts';
import { surveySubject } from '../audit.ts';
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
  const isOpen = campaign.status === 'open';
  const resent = await inviteAgain(store, trx, { survey, now, isOpen }, [found.corrected]);
  const data = { name: found.corrected.name, respondent: ask.respondent, respondents: 1, resent, byHand: true };
  return { facts: [{ at: now, kind: 'surveyContactCorrected', organisation: null, actor: by, data }] };
}

/** What the register has corrected meanwhile: who still owes an answer is invited anew, alone. */
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
  const resent = await inviteAgain(store, trx, { survey, now, isOpen: status === 'open' }, corrected);
  const name = corrected.length === 1 ? { name: first.name, respondent: first.recipient } : {};
  const data = { ...name, respondents: corrected.length, resent };
  return [{ at: now, kind: 'surveyContactCorrected', organisation: null, actor: MACHINE, data }];
}

interface Again {
  readonly survey: LockedSurvey;
  readonly now: Instant;
  /** Else its opening or re-opening writes to them. */
  readonly isOpen: boolean;
}

/** What has not left to the address before never will. @returns mails planned */
async function inviteAgain(
  { keys }: SurveyStore,
  trx: Transaction,
  { survey, now, isOpen }: Again,
  corrected: readonly Readdressed[],
): Promise<number> {
  const ids = corrected.map(({ recipient }) => recipient);
  await sql`
    update mailing_mail set status = 'withdrawn'
    where recipient = any(${ids}::uuid[]) and status in ('planned', 'waiting')`.execute(trx);
  if (!isOpen) return 0;
  const owing = corrected.filter(({ owes }) => owes);
  const mailing = { subject: surveySubject(survey.id), purpose: 'invitation', detail: {}, now };
  return planMailing(trx, keys, mailing, owing);
}
