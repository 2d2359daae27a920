import { type Selectable, sql } from 'kysely';
import type { KeyRing } from '../../../config/keys.ts';
import type { OrganisationId } from '../../../domain/instruction.ts';
import type { Campaign } from '../../../domain/survey/campaign.ts';
import type { AskedCalendar } from '../../../domain/survey/campaign-calendar.ts';
import type { SurveyCounts } from '../../../domain/survey/rates.ts';
import type { SurveyAudience } from '../../../domain/survey/survey-draft.ts';
import type { SurveyAnswer } from '../../../domain/survey/survey-step.ts';
import type { Threshold } from '../../../domain/survey/threshold.ts';
import type { Sql, Transaction } from '../../database.ts';
import type { SurveyTable } from '../../schema-surveys.ts';
import { counted, countsOf } from '../../survey-counts.ts';
import { toJson } from '../json.ts';

export interface SurveyStore {
  readonly sql: Sql;
  readonly keys: KeyRing;
}

/** A survey whose row this transaction holds. */
export interface LockedSurvey {
  readonly id: string;
  readonly author: OrganisationId;
  readonly formId: string;
  readonly title: string;
  readonly audience: SurveyAudience;
  readonly asked: AskedCalendar;
  readonly crisisId: string | null;
  readonly campaign: Campaign;
  readonly allReceived: boolean;
  readonly formVersion: number | null;
  readonly exercise: boolean;
  readonly thresholds: readonly Threshold[];
  /** How old, in days, a reused answer may be; null: none is offered. */
  readonly reuseDays: number | null;
  /** Moves with what this transaction writes. */
  seq: number;
}

/** Whoever submits an answer holds the same row shared: what is submitted is committed before a closing, or not at all. */
export async function lockSurvey(trx: Transaction, id: string): Promise<LockedSurvey | undefined> {
  const row = await trx.selectFrom('survey').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    id,
    author: row.author,
    formId: row.form_id,
    title: row.title,
    audience: row.audience,
    asked: row.asked,
    crisisId: row.crisis_id,
    campaign: campaignOf(row),
    allReceived: row.all_received_at !== null,
    formVersion: row.form_version,
    exercise: row.exercise,
    thresholds: row.thresholds,
    reuseDays: row.reuse_days,
    seq: row.seq,
  };
}

type CampaignColumns = Pick<
  Selectable<SurveyTable>,
  'status' | 'calendar' | 'handled_until' | 'closings' | 'closed_at'
>;

export const campaignOf = (row: CampaignColumns): Campaign => ({
  status: row.status,
  calendar: row.calendar,
  handledUntil: row.handled_until.getTime(),
  closings: row.closings,
  closedAt: row.closed_at?.getTime() ?? null,
});

interface Ask {
  readonly survey: string;
  readonly id: string;
}

export async function answeredAsk(trx: Transaction, { survey, id }: Ask): Promise<SurveyAnswer | undefined> {
  const row = await trx
    .selectFrom('survey_ask')
    .select('answer')
    .where('survey_id', '=', survey)
    .where('ask', '=', id)
    .executeTakeFirst();
  return row?.answer;
}

export async function keepAnswer(trx: Transaction, { survey, id }: Ask, answer: SurveyAnswer): Promise<void> {
  await trx
    .insertInto('survey_ask')
    .values({ survey_id: survey, ask: id, answer: toJson(answer) })
    .execute();
}

export async function countSurvey(db: Sql, survey: string): Promise<SurveyCounts> {
  const { rows } = await sql<SurveyCounts>`
    select ${countsOf('corrected')} from survey_respondent r ${counted('corrected')}
    where r.survey_id = ${survey}::uuid`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error('an aggregate is always one row');
  return row;
}
