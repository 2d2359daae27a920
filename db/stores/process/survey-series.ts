import type { Selectable } from 'kysely';
import type { KeyRing } from '../../../config/keys.ts';
import type { Actor } from '../../../domain/actor.ts';
import type { FactKind } from '../../../domain/changes.ts';
import type { Instant } from '../../../domain/instant.ts';
import { decideOpening, surveyOf } from '../../../domain/survey/series-survey.ts';
import {
  type OpeningReason,
  type SeriesAsk,
  type SeriesStep,
  SKIP_REASONS,
  type SurveySeries,
} from '../../../domain/survey/series.ts';
import type { SurveyAnswer } from '../../../domain/survey/survey-step.ts';
import { newId, type Sql, type Transaction } from '../../database.ts';
import type { SurveySeriesOpeningTable } from '../../schema-survey-series.ts';
import { appendAudit, surveySeriesSubject } from '../audit.ts';
import { insertSurvey } from '../desk/surveys.ts';
import { closeSeriesTasks } from '../series-tasks.ts';
import { toJson } from '../json.ts';
import { tellSeriesAuthor, unsentAboutOpening } from './survey-series-mail.ts';

export interface SeriesStore {
  readonly sql: Sql;
  readonly keys: KeyRing;
}

/** One ask of a series, at the process's `now`. */
export interface AskedSeries {
  readonly series: string;
  readonly ask: SeriesAsk;
  readonly now: Instant;
}

/** An opening whose survey is written and is to be opened. */
export interface ToOpen {
  readonly survey: string;
  readonly by: Actor;
}

type OpeningRow = Selectable<SurveySeriesOpeningTable>;

const NOT_THERE: SeriesStep = { outcome: null, survey: null, reason: null, detail: null, mailings: [] };

/**
 * Writes the survey of one instant, or why there is none; once, whoever asks again. What is `pending` is to be opened: its
 * calendar is that of the latest try.
 */
export function prepareOpening(store: SeriesStore, asked: AskedSeries): Promise<SeriesStep | ToOpen> {
  return store.sql.transaction().execute(async (trx) => {
    const series = await lockSeries(trx, asked.series);
    if (series === undefined) return NOT_THERE;
    const by = actorOf(series, asked.ask);
    const known = await openingOf(trx, asked);
    if (known?.outcome === 'pending') return { survey: await refreshed(trx, series, known, asked.now), by };
    if (known !== undefined) return stepOf(trx, known);
    return begin(store, trx, series, { ...asked, by });
  });
}

type Series = SurveySeries & { readonly formCode: string };

/** Openings of one series take turns, with whoever changes it. */
async function lockSeries(trx: Transaction, id: string): Promise<Series | undefined> {
  const row = await trx
    .selectFrom('survey_series')
    .selectAll()
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const form = trx.selectFrom('survey_form').select('code').where('id', '=', row.form_id);
  const { code: formCode } = await form.executeTakeFirstOrThrow();
  const { author, form_id: formId, crisis_id: crisisId, exercise, status, document } = row;
  return { id, author, formId, crisisId, exercise, status, document, formCode };
}

/** Nobody acts when a series opens by itself: the machine, in the name of the series. */
const actorOf = ({ formCode }: Series, ask: SeriesAsk): Actor =>
  ask.kind === 'trigger' ? ask.by : { sub: `série ${formCode}`, organisation: 'VIGIE' };

async function openingOf(trx: Transaction, { series, ask }: AskedSeries): Promise<OpeningRow | undefined> {
  const openings = trx.selectFrom('survey_series_opening').selectAll().where('series_id', '=', series);
  const one =
    ask.kind === 'trigger'
      ? openings.where('trigger_key', '=', ask.key)
      : openings.where('trigger_key', 'is', null).where('due_at', '=', new Date(ask.at));
  return one.executeTakeFirst();
}

async function begin(
  store: SeriesStore,
  trx: Transaction,
  series: Series,
  { ask, now, by }: AskedSeries & { readonly by: Actor },
): Promise<SeriesStep | ToOpen> {
  const decided = decideOpening(series, ask, now);
  const taken = ask.kind === 'due' && decided.reason === null && (await isTaken(trx, series.id, decided.opensAt));
  const { opensAt, reason, detail } = taken ? { ...decided, ...SAME_OPENING } : decided;
  const opening: OpeningRow = {
    id: newId(),
    series_id: series.id,
    due_at: new Date(ask.at),
    trigger_key: ask.kind === 'trigger' ? ask.key : null,
    asked_by: by.sub,
    opens_at: opensAt === null ? null : new Date(opensAt),
    outcome: 'pending',
    reason: null,
    detail: null,
    survey_id: null,
    decided_at: new Date(now),
    task_since: null,
  };
  if (reason !== null) {
    await trx.insertInto('survey_series_opening').values(opening).execute();
    return settle(store, trx, opening, { by, now, reason, detail });
  }
  const draft = surveyOf(series, opensAt, now);
  const { id: survey } = await insertSurvey(trx, store.keys, draft, { by, now, series: series.id });
  await trx
    .insertInto('survey_series_opening')
    .values({ ...opening, survey_id: survey })
    .execute();
  return { survey, by };
}

const SAME_OPENING = {
  reason: 'sameOpening',
  detail: 'Une autre ouverture de la série a déjà lieu à cette heure.',
} as const;

/** An opening that was refused leaves its cancelled survey behind, and the instant to another. */
async function isTaken(trx: Transaction, series: string, opensAt: Instant): Promise<boolean> {
  const other = await trx
    .selectFrom('survey_series_opening')
    .select('id')
    .where('series_id', '=', series)
    .where('opens_at', '=', new Date(opensAt))
    .where('trigger_key', 'is', null)
    .where('survey_id', 'is not', null)
    .where('outcome', 'in', ['pending', 'opened'])
    .executeTakeFirst();
  return other !== undefined;
}

/** Openings that a workflow is to finish, as it was asked. A person acts for the organisation that asks by the series. */
export async function pendingOpenings(db: Sql): Promise<{ readonly series: string; readonly ask: SeriesAsk }[]> {
  const rows = await db
    .selectFrom('survey_series_opening as p')
    .innerJoin('survey_series as s', 's.id', 'p.series_id')
    .select(['p.series_id', 'p.due_at', 'p.trigger_key', 'p.asked_by', 's.author'])
    .where('p.outcome', '=', 'pending')
    .execute();
  return rows.map(({ series_id: series, due_at, trigger_key: key, asked_by, author }) => {
    const at = due_at.getTime();
    const by = { sub: asked_by, organisation: author };
    return { series, ask: key === null ? { kind: 'due', at } : { kind: 'trigger', at, key, by } };
  });
}

/** A try that comes later may have to leave out reminders that are past by now. */
async function refreshed(trx: Transaction, series: Series, opening: OpeningRow, now: Instant): Promise<string> {
  const { survey_id: survey, opens_at, due_at } = opening;
  if (survey === null) throw new Error('a pending opening has its survey');
  const { calendar } = surveyOf(series, (opens_at ?? due_at).getTime(), now);
  await trx
    .updateTable('survey')
    .set({ asked: toJson(calendar) })
    .where('id', '=', survey)
    .where('status', '=', 'draft')
    .execute();
  return survey;
}

/** Notes what the opening of the survey came to: once. */
export function settleOpening(store: SeriesStore, asked: AskedSeries, answer: SurveyAnswer): Promise<SeriesStep> {
  return store.sql.transaction().execute(async (trx) => {
    const series = await lockSeries(trx, asked.series);
    const opening = await openingOf(trx, asked);
    if (series === undefined || opening === undefined) return NOT_THERE;
    if (opening.outcome !== 'pending') return stepOf(trx, opening);
    const none =
      answer.accepted || (await isOpened(trx, opening)) ? NONE : { reason: answer.code, detail: answer.detail };
    return settle(store, trx, opening, { by: actorOf(series, asked.ask), now: asked.now, ...none });
  });
}

const NONE = { reason: null, detail: null };

/** The answer of an earlier try was lost: it has been opened since. */
async function isOpened(trx: Transaction, { survey_id }: OpeningRow): Promise<boolean> {
  const survey = trx
    .selectFrom('survey')
    .select('status')
    .where('id', '=', survey_id ?? '');
  const { status } = await survey.executeTakeFirstOrThrow();
  return status !== 'draft' && status !== 'cancelled';
}

interface Settling {
  readonly by: Actor;
  readonly now: Instant;
  readonly reason: OpeningReason | null;
  readonly detail: string | null;
}

async function settle(
  store: SeriesStore,
  trx: Transaction,
  opening: OpeningRow,
  { by, now, reason, detail }: Settling,
): Promise<SeriesStep> {
  const skipped = (SKIP_REASONS as readonly (OpeningReason | null)[]).includes(reason);
  const outcome = reason === null ? 'opened' : skipped ? 'skipped' : 'refused';
  // A person who asks by hand is told by the answer.
  const waits = outcome === 'refused' && opening.trigger_key === null;
  const decided_at = new Date(now);
  const settled: OpeningRow = {
    ...opening,
    outcome,
    reason,
    detail,
    decided_at,
    task_since: waits ? decided_at : null,
  };
  const { id, series_id: series } = opening;
  await trx
    .updateTable('survey_series_opening')
    .set({ outcome, reason, detail, decided_at, task_since: settled.task_since })
    .where('id', '=', id)
    .execute();
  const fact = { at: now, kind: FACTS[outcome], organisation: null, actor: by, data: await factOf(trx, settled) };
  await appendAudit(trx, store.keys, surveySeriesSubject(series), [fact]);
  if (outcome === 'opened') await closeSeriesTasks(trx, series);
  if (waits) await tellSeriesAuthor(trx, store.keys, { series, opening: id, now });
  return stepOf(trx, settled);
}

const FACTS: Readonly<Record<'opened' | 'skipped' | 'refused', FactKind>> = {
  opened: 'surveySeriesOpened',
  skipped: 'surveySeriesSkipped',
  refused: 'surveySeriesRefused',
};

async function factOf(trx: Transaction, opening: OpeningRow): Promise<Readonly<Record<string, unknown>>> {
  const { survey_id: survey, reason, detail, due_at, opens_at, trigger_key } = opening;
  const due = due_at.getTime();
  const told = { due, opensAt: opens_at?.getTime() ?? null, ...(trigger_key === null ? {} : { byHand: true }) };
  if (reason !== null || survey === null) return { ...told, reason, detail };
  const title = trx.selectFrom('survey').select('title').where('id', '=', survey);
  return { ...told, survey, ...(await title.executeTakeFirstOrThrow()) };
}

async function stepOf(trx: Transaction, { id, ...opening }: OpeningRow): Promise<SeriesStep> {
  const { outcome, survey_id: survey, reason, detail } = opening;
  return { outcome, survey, reason, detail, mailings: await unsentAboutOpening(trx, id) };
}
