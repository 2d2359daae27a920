import { sql } from 'kysely';
import { MACHINE } from '../../../domain/actor.ts';
import type { Fact } from '../../../domain/changes.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Campaign, CampaignStatus } from '../../../domain/survey/campaign.ts';
import type { Crossing, Place } from '../../../domain/survey/threshold-watch.ts';
import { newId, type Sql, type Transaction } from '../../database.ts';
import { readCrossingChanges } from '../../survey-thresholds.ts';
import { surveySubject } from '../audit.ts';
import { readForm } from '../desk/published-forms.ts';
import { toJson } from '../json.ts';
import { authorBox } from './author-box.ts';
import { planMailing } from './mailings.ts';
import type { LockedSurvey, SurveyStore } from './survey-row.ts';
import { draftInstructions } from './survey-threshold-drafts.ts';

interface Looking {
  readonly survey: LockedSurvey;
  /** After the step. */
  readonly campaign: Campaign;
  readonly now: Instant;
}

/** A crossing with its row, and the draft that was made of it. */
export interface BegunCrossing extends Crossing {
  readonly id: string;
  readonly instruction: string | null;
}

/**
 * Notes which figures have crossed their thresholds and which have come back, under the lock of the survey's row: a crossing that
 * lasts is one row, whoever looks how often. What has begun is told by one mail, and drafts are made of it.
 * @returns facts for the audit
 */
export async function watchThresholds(
  store: SurveyStore,
  trx: Transaction,
  { survey, campaign, now }: Looking,
): Promise<readonly Fact[]> {
  const { thresholds, formVersion, id } = survey;
  const status = watchedAs(survey.campaign.status, campaign.status);
  if (thresholds.length === 0 || formVersion === null || status === null) return [];
  const form = await readForm(trx, survey.formId, formVersion);
  const { begun, ended } = await readCrossingChanges(trx, { id, status, thresholds }, form);
  await endCrossings(trx, id, ended, now);
  const drafted = await draftInstructions(store, trx, { survey, begun, now });
  const rows = begun.map((one, index) => ({ ...one, id: newId(), instruction: drafted[index] ?? null }));
  await insertCrossings(trx, id, rows, now);
  await tell(store, trx, survey, rows, now);
  const fact = (kind: 'surveyThresholdCrossed' | 'surveyThresholdBack', data: Fact['data']): Fact => ({
    ...{ at: now, kind, organisation: null, actor: MACHINE, data },
  });
  const labelOf = ({ rule }: Place): string => thresholds[rule]?.label ?? '';
  const names = await namesOf(trx, id, ended);
  return [
    ...ended.map((one) => {
      const name = names.get(`${one.rule} ${one.territory}`) ?? one.territory;
      return fact('surveyThresholdBack', { ...one, name, label: labelOf(one) });
    }),
    ...rows.map(({ id: crossing, ...one }) =>
      fact('surveyThresholdCrossed', { crossing, ...one, label: labelOf(one) }),
    ),
  ];
}

/** One that ends by this very step, closed before or by it, is looked at once more. */
function watchedAs(before: CampaignStatus, after: CampaignStatus): 'open' | 'closed' | null {
  if (after === 'open' || after === 'closed') return after;
  return after === 'ended' && before !== 'ended' ? 'closed' : null;
}

async function endCrossings(trx: Transaction, survey: string, places: readonly Place[], now: Instant): Promise<void> {
  await sql`
    update survey_crossing c set ended_at = ${new Date(now)}::timestamptz
    from jsonb_to_recordset(${toJson(places)}::jsonb) as place (rule int, territory text)
    where c.survey_id = ${survey}::uuid and c.rule = place.rule and c.territory = place.territory and c.ended_at is null`.execute(
    trx,
  );
}

async function namesOf(db: Sql, survey: string, places: readonly Place[]): Promise<ReadonlyMap<string, string>> {
  if (places.length === 0) return new Map();
  const rows = await db
    .selectFrom('survey_crossing')
    .select(['rule', 'territory', 'name'])
    .where('survey_id', '=', survey)
    .execute();
  return new Map(rows.map(({ rule, territory, name }) => [`${rule} ${territory}`, name]));
}

async function insertCrossings(
  trx: Transaction,
  survey: string,
  rows: readonly BegunCrossing[],
  now: Instant,
): Promise<void> {
  await sql`
    insert into survey_crossing (id, survey_id, rule, territory, name, ars_id, figure, received, expected, began_at, instruction_id)
    select id, ${survey}::uuid, rule, territory, name, ars, figure, received, expected, ${new Date(now)}::timestamptz, instruction
    from jsonb_to_recordset(${toJson(rows)}::jsonb) as one (id uuid, rule int, territory text, name text, ars text,
      figure double precision, received int, expected int, instruction uuid)`.execute(trx);
}

async function tell(
  { keys }: SurveyStore,
  trx: Transaction,
  { id, author }: LockedSurvey,
  rows: readonly BegunCrossing[],
  now: Instant,
): Promise<void> {
  if (rows.length === 0) return;
  const detail = { crossings: rows.map((one) => one.id) };
  const mailing = { subject: surveySubject(id), purpose: 'threshold', detail, now };
  await planMailing(trx, keys, mailing, await authorBox(trx, author));
}

/** Crossings as their mail tells them, in the order of the thresholds. */
export async function crossingsToTell(db: Sql, survey: string, ids: readonly string[]) {
  const { thresholds } = await db
    .selectFrom('survey')
    .select('thresholds')
    .where('id', '=', survey)
    .executeTakeFirstOrThrow();
  const { rows } = await sql<BegunCrossing>`
    select id, rule, territory, name, ars_id as ars, figure, received, expected, instruction_id as instruction
    from survey_crossing where survey_id = ${survey}::uuid and id = any(${[...ids]}::uuid[]) order by rule, name, id`.execute(
    db,
  );
  return rows.flatMap((crossing) => {
    const threshold = thresholds[crossing.rule];
    return threshold === undefined ? [] : [{ threshold, ...crossing }];
  });
}
