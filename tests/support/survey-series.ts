import { randomUUID } from 'node:crypto';
import type { ScheduleHandle } from '@temporalio/client';
import { msToTs, tsToDate, type Timestamp } from '@temporalio/common/lib/time.js';
import type { OpeningView, SeriesView } from '../../db/read-models/survey-series.ts';
import { instantAt } from '../../domain/business-time-local.ts';
import type { Instant } from '../../domain/instant.ts';
import type { ApiDesk } from './api-desk.ts';
import type { AccountName } from './desk-accounts.ts';
import { until } from './wait.ts';

export type SeriesBody = SeriesView & {
  readonly nextOpenings: readonly { readonly dueAt: string; readonly opensAt: string | null }[];
};

/** BACH, asked of three agencies every Tuesday. */
export const BACH_SERIES = {
  formCode: 'BACH',
  title: 'BACH – semaine {semaine}',
  audience: { ars: ['ARS-84', 'ARS-11', 'ARS-93'] },
  recurrence: { days: ['tuesday'], at: '08:00' },
  closesAt: { days: 0, at: '18:00' },
  remindBefore: ['PT4H', 'PT1H'],
  loadReason: 'Essai.',
};

export const path = (id: string, act = ''): string => `/v1/survey-series/${id}${act}`;

/** A series, written by one account. */
export async function newSeries(api: ApiDesk, body: object = {}, account: AccountName = 'corruss-chef') {
  const title = `Série ${randomUUID().slice(0, 8)} – semaine {semaine}`;
  const made = await api.as(account).post<SeriesBody>('/v1/survey-series', { ...BACH_SERIES, title, ...body });
  if (made.status !== 201) throw new Error(`not written: ${made.text}`);
  return made.body;
}

export const scheduleOf = (api: ApiDesk, id: string): ScheduleHandle =>
  api.desk.client.schedule.getHandle(`survey-series/${id}`);

/** Every opening of a series, earliest first. */
export async function openingsOf(api: ApiDesk, id: string): Promise<OpeningView[]> {
  const { body } = await api.as('superviseur').get<{ items: OpeningView[] }>(path(id, '/openings?limit=500'));
  return body.items.reverse();
}

/** Has a Schedule take a period as if it passed now, and waits until everything that it has started is over. */
export async function backfill(api: ApiDesk, id: string, [start, end]: readonly [Instant, Instant], runs: number) {
  const schedule = scheduleOf(api, id);
  const { info: before } = await schedule.describe();
  await schedule.backfill({ start: new Date(start), end: new Date(end), overlap: 'ALLOW_ALL' });
  await until(
    `${runs} openings`,
    async () => {
      const { info } = await schedule.describe();
      if (info.numActionsTaken < before.numActionsTaken + runs) return null;
      const query = `WorkflowId STARTS_WITH 'survey-series/${id}' and ExecutionStatus = 'Running'`;
      for await (const _running of api.desk.client.workflow.list({ query })) return null;
      return true;
    },
    { limitMs: 60_000 },
  );
}

/** When the server itself says that a Schedule fires, in a period. */
export async function firings(api: ApiDesk, id: string, from: string, to: string): Promise<number[]> {
  const at = (text: string) => msToTs(Date.parse(text));
  const found: { startTime?: Timestamp[] | null } = await api.desk.client.workflowService.listScheduleMatchingTimes({
    namespace: 'default',
    scheduleId: `survey-series/${id}`,
    startTime: at(from),
    endTime: at(to),
  });
  return (found.startTime ?? []).map((instant) => tsToDate(instant).getTime());
}

/** `mardi 08:00`, on the walls of Paris. */
export function wall(instant: string | number | null): string {
  const day = new Intl.DateTimeFormat('fr-FR', { timeZone: 'Europe/Paris', weekday: 'long' });
  const time = new Intl.DateTimeFormat('fr-FR', { timeZone: 'Europe/Paris', timeStyle: 'short' });
  const at = new Date(instant ?? Number.NaN);
  return `${day.format(at)} ${time.format(at)}`;
}

/** Surveys that a series has opened, the earliest due first. */
export const surveysOf = (api: ApiDesk, id: string) =>
  api.desk.database.sql
    .selectFrom('survey_series_opening as p')
    .innerJoin('survey as s', 's.id', 'p.survey_id')
    .select(['s.id', 's.title', 's.status', 's.calendar', 's.created_by', 's.exercise'])
    .where('p.series_id', '=', id)
    .orderBy('p.due_at')
    .execute();

/** An hour on the walls of Paris. */
export const paris = (date: string, time = '08:00'): Instant => instantAt(date, time, 'Europe/Paris');
