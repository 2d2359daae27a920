import { MACHINE } from '../../../domain/actor.ts';
import type { Fact } from '../../../domain/changes.ts';
import type { Instant } from '../../../domain/instant.ts';
import { type Campaign, nextDue, passTime } from '../../../domain/survey/campaign.ts';
import { type CampaignCommand, type CampaignRefusal, decide } from '../../../domain/survey/campaign-commands.ts';
import type { SurveyCounts } from '../../../domain/survey/rates.ts';
import type { SurveyAnswer, SurveyAsk, SurveyStep } from '../../../domain/survey/survey-step.ts';
import type { Transaction } from '../../database.ts';
import { appendAudit, surveySubject } from '../audit.ts';
import { toJson } from '../json.ts';
import { unsentMailings } from './mailings.ts';
import { carryOutMoments, overtakenBy, tellAuthor, tellCommand } from './survey-effects.ts';
import { openSurvey } from './survey-opening.ts';
import { watchThresholds } from './survey-thresholds.ts';
import { askOfRespondents, correctContacts } from './survey-respondents.ts';
import { answeredAsk, countSurvey, keepAnswer, lockSurvey, type LockedSurvey, type SurveyStore } from './survey-row.ts';

export interface AskedSurvey {
  readonly survey: string;
  /** The same ask, tried again, has the same. */
  readonly id: string;
  readonly ask: SurveyAsk;
  readonly now: Instant;
}

const NOT_THERE: SurveyStep = {
  answer: { accepted: false, code: 'notFound', detail: 'Cette enquête n’existe pas.' },
  seq: 0,
  running: false,
  nextDue: null,
  mailings: [],
};

/**
 * One step of a survey's process, in one transaction under its row's lock: what time has brought, what a person asks, what has
 * come in. Tried again, it finds what the first try did: commands by their id, the calendar by how far it is handled.
 */
export function takeSurvey(store: SurveyStore, asked: AskedSurvey): Promise<SurveyStep> {
  return store.sql.transaction().execute(async (trx) => {
    const survey = await lockSurvey(trx, asked.survey);
    if (survey === undefined) return NOT_THERE;
    const known = await answeredAsk(trx, asked);
    if (known !== undefined) return stepOf(trx, survey, survey.campaign, known);
    const { ask } = asked;
    if (ask.kind === 'due' || ask.kind === 'nudge') return passed(store, trx, survey, asked);
    return commanded(store, trx, survey, { ...asked, ask });
  });
}

type Asked<Ask extends SurveyAsk> = Omit<AskedSurvey, 'ask'> & { readonly ask: Ask };

async function passed(
  store: SurveyStore,
  trx: Transaction,
  survey: LockedSurvey,
  { now }: AskedSurvey,
): Promise<SurveyStep> {
  const corrected = await correctContacts(store, trx, { survey, now });
  const { campaign, done } = passTime(survey.campaign, now);
  const counts = await countSurvey(trx, survey.id);
  const facts = await carryOutMoments(store, trx, { survey, campaign, counts, now, by: MACHINE }, done);
  const complete = await noteComplete(store, trx, { survey, campaign, counts, now });
  const completeAt = complete.length > 0 ? now : null;
  const crossed = await watchThresholds(store, trx, { survey, campaign, now });
  await write(store, trx, survey, { campaign, facts: [...corrected, ...facts, ...complete, ...crossed], completeAt });
  return stepOf(trx, survey, campaign, accepted(campaign, counts));
}

async function commanded(
  store: SurveyStore,
  trx: Transaction,
  before: LockedSurvey,
  asked: Asked<CampaignCommand>,
): Promise<SurveyStep> {
  const { ask, now } = asked;
  const survey = await caughtUp(store, trx, before, asked);
  const opened = ask.kind === 'open' ? await openSurvey(store, trx, survey, { now, ask }) : null;
  if (opened !== null && 'refusal' in opened) return stepOf(trx, survey, survey.campaign, opened.refusal);
  const decided = decide(survey.campaign, ask, now, opened?.calendar ?? null);
  if (decided.refusal !== undefined) return stepOf(trx, survey, survey.campaign, refused(decided.refusal));
  const { campaign, done } = decided;
  const counts = await countSurvey(trx, survey.id);
  const frame = { survey, campaign, counts, now, by: ask.by };
  // Whoever was given another contact since the closing is told where it is now.
  const corrected = ask.kind === 'reopen' ? await correctContacts(store, trx, { survey, now }) : [];
  const asking = await askOfRespondents(store, trx, frame, ask);
  if ('refusal' in asking) return stepOf(trx, survey, survey.campaign, asking.refusal);
  const told = await tellCommand(store, trx, { ...frame, reason: reasonOf(ask) }, ask);
  const early = ask.kind === 'close' ? { reason: ask.reason } : {};
  const facts = await carryOutMoments(store, trx, { ...frame, ...early }, done);
  const crossed = await watchThresholds(store, trx, { survey, campaign, now });
  await write(store, trx, survey, {
    campaign,
    facts: [...(opened?.facts ?? []), ...corrected, ...asking.facts, ...told, ...facts, ...crossed],
    completeAt: null,
  });
  const answer = { ...accepted(campaign, counts), ...asking.answer, ...overtakenBy(frame, ask) };
  await keepAnswer(trx, asked, answer);
  return stepOf(trx, survey, campaign, answer);
}

/**
 * What was due before a command is done and written before it, whole: who cancels at the hour of a reminder withdraws it, and whom it
 * has just reminded nobody reminds by hand.
 */
async function caughtUp(
  store: SurveyStore,
  trx: Transaction,
  survey: LockedSurvey,
  asked: AskedSurvey,
): Promise<LockedSurvey> {
  if (passTime(survey.campaign, asked.now).done.length === 0) return survey;
  await passed(store, trx, survey, asked);
  return (await lockSurvey(trx, survey.id)) ?? survey;
}

const reasonOf = (ask: CampaignCommand): string => ('reason' in ask ? ask.reason : '');

interface Frame {
  readonly survey: LockedSurvey;
  readonly campaign: Campaign;
  readonly counts: SurveyCounts;
  readonly now: Instant;
}

/** Nobody owes an answer any more: told once. */
async function noteComplete(store: SurveyStore, trx: Transaction, frame: Frame): Promise<readonly Fact[]> {
  const { survey, campaign, counts, now } = frame;
  if (campaign.status !== 'open' || survey.allReceived || counts.expected === 0 || counts.late > 0) return [];
  await tellAuthor(store, trx, { survey, purpose: 'complete', now });
  const { expected, received } = counts;
  return [{ at: now, kind: 'surveyComplete', organisation: null, actor: MACHINE, data: { expected, received } }];
}

interface Written {
  readonly campaign: Campaign;
  readonly facts: readonly Fact[];
  /** When nobody owed an answer any more, where this step has seen it. */
  readonly completeAt: Instant | null;
}

async function write(
  { keys }: SurveyStore,
  trx: Transaction,
  survey: LockedSurvey,
  { campaign, facts, completeAt }: Written,
): Promise<void> {
  const moved = JSON.stringify(campaign) !== JSON.stringify(survey.campaign);
  if (!moved && facts.length === 0) return;
  const { status, calendar, closings, handledUntil, closedAt } = campaign;
  survey.seq += 1;
  await trx
    .updateTable('survey')
    .set({
      status,
      calendar: calendar === null ? null : toJson(calendar),
      closings,
      handled_until: new Date(handledUntil),
      closed_at: closedAt === null ? null : new Date(closedAt),
      seq: survey.seq,
      ...(completeAt === null ? {} : { all_received_at: new Date(completeAt) }),
    })
    .where('id', '=', survey.id)
    .execute();
  await appendAudit(trx, keys, surveySubject(survey.id), facts);
}

const accepted = ({ status }: Campaign, { expected }: SurveyCounts) => ({
  accepted: true as const,
  status,
  respondents: expected,
});

const refused = (refusal: CampaignRefusal): SurveyAnswer => ({ accepted: false, ...refusal });

async function stepOf(
  trx: Transaction,
  survey: LockedSurvey,
  campaign: Campaign,
  answer: SurveyAnswer,
): Promise<SurveyStep> {
  const running = ['scheduled', 'open', 'closed'].includes(campaign.status);
  const mailings = await unsentMailings(trx, surveySubject(survey.id));
  return { answer, seq: survey.seq, running, nextDue: nextDue(campaign), mailings };
}
