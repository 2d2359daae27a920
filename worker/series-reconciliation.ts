import type { Database } from '../db/database.ts';
import { seriesPlan, seriesPlans, seriesToSchedule } from '../db/stores/desk/survey-series.ts';
import type { SurveySeriesGateway } from '../gateway/survey-series-gateway.ts';

export interface SeriesReconciler {
  readonly database: Database;
  readonly gateway: SurveySeriesGateway;
}

/**
 * How the Schedule of a series differs. `missing`, `left` (its series has ended), `other` (another version, or paused by somebody
 * else than Vigie): it is made to follow the row. `noRow`: the database has never heard of the series (a person decides).
 */
export interface SeriesDifference {
  readonly kind: 'missing' | 'left' | 'other' | 'noRow';
  readonly id: string;
}

/** Every difference between the series and their Schedules. */
export async function seriesDifferences({ database, gateway }: SeriesReconciler): Promise<SeriesDifference[]> {
  const ids = new Set([...(await seriesToSchedule(database.sql)), ...(await gateway.scheduled())]);
  const found: SeriesDifference[] = [];
  for (const id of ids) {
    const kind = await differenceOf({ database, gateway }, id);
    if (kind !== null) found.push({ kind, id });
  }
  return found;
}

async function differenceOf(
  { database, gateway }: SeriesReconciler,
  id: string,
): Promise<SeriesDifference['kind'] | null> {
  const plan = await seriesPlan(database.sql, id);
  const schedule = await gateway.schedule(id);
  if (schedule === undefined) return plan === undefined || plan.status === 'ended' ? null : 'missing';
  if (plan === undefined) return 'noRow';
  if (plan.status === 'ended') return 'left';
  const same = schedule.version === plan.version && schedule.paused === (plan.status === 'paused');
  return same ? null : 'other';
}

/** Takes a difference away. @returns false where only a person can */
export async function mendSeries(
  { database, gateway }: SeriesReconciler,
  { kind, id }: SeriesDifference,
): Promise<boolean> {
  if (kind === 'noRow') return false;
  await gateway.keep(id, seriesPlans(database.sql));
  return true;
}

/** At the start of a worker: whatever has become of the Schedules, they follow the rows. */
export async function keepAllSeries(database: Database, gateway: SurveySeriesGateway): Promise<void> {
  for (const difference of await seriesDifferences({ database, gateway }))
    await mendSeries({ database, gateway }, difference);
}
