import { overtakenReminders } from '../../../domain/survey/campaign-calendar.ts';
import { type RawBuilder, sql } from 'kysely';
import type { Actor } from '../../../domain/actor.ts';
import type { Fact, FactKind } from '../../../domain/changes.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Campaign, Moment, MomentKind } from '../../../domain/survey/campaign.ts';
import type { CampaignCommand } from '../../../domain/survey/campaign-commands.ts';
import type { SurveyCounts } from '../../../domain/survey/rates.ts';
import type { SurveyPurpose } from '../../../domain/survey/purposes.ts';
import type { Transaction } from '../../database.ts';
import { surveySubject } from '../audit.ts';
import { authorBox } from './author-box.ts';
import { type Addressee, planMailing, withdrawMails } from './mailings.ts';
import { publishSurvey } from './survey-publishing.ts';
import { planLateLists } from './survey-reminding.ts';
import type { LockedSurvey, SurveyStore } from './survey-row.ts';
import { WITH_ANSWER } from '../../survey-counts.ts';

/** Mails that mean nothing any more once it is closed. */
const UNTIL_CLOSED: readonly SurveyPurpose[] = ['invitation', 'moved', 'reopened', 'reminder', 'lastCall', 'lateSites'];

export interface Frame {
  readonly survey: LockedSurvey;
  /** After the step. */
  readonly campaign: Campaign;
  /** Before it. */
  readonly counts: SurveyCounts;
  readonly now: Instant;
  readonly by: Actor;
  readonly reason?: string;
}

type Effect = (store: SurveyStore, trx: Transaction, frame: Frame, moment: Moment) => Promise<Fact | readonly Fact[]>;

const EFFECTS: Readonly<Record<MomentKind, Effect>> = {
  open: async (store, trx, frame) => {
    const everybody = await addressees(trx, frame.survey.id, sql`true`);
    const invited = await plan(store, trx, frame, 'invitation', everybody);
    const closesAt = frame.campaign.calendar?.closesAt;
    return fact(frame, 'surveyOpened', { invited, withoutAddress: frame.counts.expected - invited, closesAt });
  },
  remind: (store, trx, frame) => remind(store, trx, frame, false),
  lastCall: (store, trx, frame) => remind(store, trx, frame, true),
  close: async (store, trx, frame) => {
    await withdrawMails(trx, surveySubject(frame.survey.id), UNTIL_CLOSED);
    await tellAuthor(store, trx, { survey: frame.survey, purpose: 'result', now: frame.now });
    const { expected, received, complete, onTime } = frame.counts;
    const early = frame.reason === undefined ? {} : { early: true, reason: frame.reason };
    return fact(frame, 'surveyClosed', { expected, received, complete, onTime, ...early });
  },
  validationEnds: (_store, _trx, frame) => Promise.resolve(fact(frame, 'surveyValidationEnded', {})),
  end: async ({ keys }, trx, frame) => {
    const { survey, by, now } = frame;
    const published = await publishSurvey(trx, keys, { survey: survey.id, by, now, accepted: false });
    return [fact(frame, 'surveyEnded', {}), ...published];
  },
};

/** Does what the calendar has brought: mails are planned, facts are returned for the audit. */
export async function carryOutMoments(
  store: SurveyStore,
  trx: Transaction,
  frame: Frame,
  moments: readonly Moment[],
): Promise<readonly Fact[]> {
  const facts: Fact[] = [];
  for (const moment of moments) facts.push(...[await EFFECTS[moment.kind](store, trx, frame, moment)].flat());
  return facts;
}

/** What a command itself is told as; `close` is told by its moment, what is asked about respondents in `survey-respondents.ts`. */
export async function tellCommand(
  store: SurveyStore,
  trx: Transaction,
  frame: Frame,
  command: CampaignCommand,
): Promise<readonly Fact[]> {
  const { survey, campaign, counts } = frame;
  const closesAt = campaign.calendar?.closesAt;
  switch (command.kind) {
    case 'open': {
      const opensAt = campaign.calendar?.opensAt;
      return [fact(frame, 'surveyScheduled', { respondents: counts.expected, opensAt, closesAt })];
    }
    case 'extend':
      return [await moved(store, trx, frame, command)];
    case 'reopen':
      await plan(store, trx, frame, 'reopened', await addressees(trx, survey.id, sql`true`));
      return [fact(frame, 'surveyReopened', { closesAt, reason: command.reason })];
    case 'cancel': {
      await withdrawMails(trx, surveySubject(survey.id), [...UNTIL_CLOSED, 'complete']);
      // Only who was written to before is told that nothing is expected any more.
      if (survey.campaign.status === 'open')
        await plan(store, trx, frame, 'cancelled', await addressees(trx, survey.id, sql`true`));
      return [fact(frame, 'surveyCancelled', { reason: command.reason })];
    }
    case 'close':
    case 'remind':
    case 'readdress':
      return [];
  }
}

/** Whoever owes an answer and knows of the term before is told of the new one: a sooner one would be missed. */
async function moved(
  { keys }: SurveyStore,
  trx: Transaction,
  frame: Frame,
  command: Extract<CampaignCommand, { readonly kind: 'extend' }>,
): Promise<Fact> {
  const { survey, campaign, now } = frame;
  const [from, closesAt] = [survey.campaign.calendar?.closesAt, campaign.calendar?.closesAt];
  const { reason } = command;
  const said = { from, closesAt, reason, ...overtakenBy(frame, command) };
  if (survey.campaign.status !== 'open' || from === closesAt) return fact(frame, 'surveyMoved', said);
  const subject = surveySubject(survey.id);
  await withdrawMails(trx, subject, ['moved']);
  const owing = await addressees(trx, survey.id, sql`a.submitted is null and ${WRITTEN_TO}`);
  const mails = await planMailing(trx, keys, { subject, purpose: 'moved', detail: { from, reason }, now }, owing);
  return fact(frame, 'surveyMoved', { ...said, mails });
}

/** What has not left yet tells the new term by itself. */
const WRITTEN_TO = sql<boolean>`exists (
  select from mailing_mail mail where mail.recipient = r.id and mail.status not in ('planned', 'waiting', 'withdrawn'))`;

/** Reminders that the moving of a closing leaves out; none: nothing is said. */
export function overtakenBy(
  { survey, campaign, now }: Pick<Frame, 'survey' | 'campaign' | 'now'>,
  { kind }: CampaignCommand,
): { readonly overtaken?: readonly Instant[] } {
  const [before, after] = [survey.campaign.calendar, campaign.calendar];
  if (kind !== 'extend' || before === null || after === null) return {};
  const overtaken = overtakenReminders(before, after, now);
  return overtaken.length === 0 ? {} : { overtaken };
}

async function remind(store: SurveyStore, trx: Transaction, frame: Frame, lastCall: boolean): Promise<Fact> {
  const { survey, now } = frame;
  // Whose contact was corrected by this very step is invited by it.
  const at = new Date(now);
  const owes = sql`a.submitted is null and (r.contact_at is null or r.contact_at < ${at})`;
  const mails = await plan(
    store,
    trx,
    frame,
    lastCall ? 'lastCall' : 'reminder',
    await addressees(trx, survey.id, owes),
  );
  const agencies = await planLateLists(store, trx, { survey: survey.id, lastCall, now });
  const { expected, received } = frame.counts;
  return fact(frame, 'surveyReminded', { lastCall, mails, agencies, expected, received });
}

/** A mail to whoever asks: the desk, or the agency by its alert box. */
export async function tellAuthor(
  store: SurveyStore,
  trx: Transaction,
  { survey, purpose, now }: { readonly survey: LockedSurvey; readonly purpose: SurveyPurpose; readonly now: Instant },
): Promise<void> {
  const to = await authorBox(trx, survey.author);
  await planMailing(trx, store.keys, { subject: surveySubject(survey.id), purpose, detail: {}, now }, to);
}

export const plan = (
  { keys }: SurveyStore,
  trx: Transaction,
  { survey, now, reason }: Frame,
  purpose: SurveyPurpose,
  to: readonly Addressee[],
): Promise<number> => {
  const detail = reason === undefined ? {} : { reason };
  return planMailing(trx, keys, { subject: surveySubject(survey.id), purpose, detail, now }, to);
};

export async function addressees(trx: Transaction, survey: string, which: RawBuilder<unknown>): Promise<Addressee[]> {
  const { rows } = await sql<Addressee>`
    select r.id as recipient, r.name, r.address, r.link_hash as "linkHash"
    from survey_respondent r ${WITH_ANSWER}
    where r.survey_id = ${survey}::uuid and r.address is not null and ${which} order by r.id`.execute(trx);
  return rows;
}

export const fact = ({ now, by }: Frame, kind: FactKind, data: Readonly<Record<string, unknown>>): Fact => ({
  at: now,
  kind,
  organisation: null,
  actor: by,
  data,
});
