import type { Client } from '@temporalio/client';
import type { Database } from '../db/database.ts';
import { seriesPlan, seriesPlans, seriesToSchedule } from '../db/stores/desk/survey-series.ts';
import { pendingOpenings } from '../db/stores/process/survey-series.ts';
import type { SeriesAsk } from '../domain/survey/series.ts';
import { isRunning } from '../gateway/engine-runs.ts';
import { surveySeriesWorkflowId } from '../workflows/contract.ts';
import type { SurveySeriesGateway } from '../gateway/survey-series-gateway.ts';

export interface SeriesReconciler {
  readonly database: Database;
  readonly gateway: SurveySeriesGateway;
  readonly client: Client;
}

/**
 * How the Schedule of a series differs. `missing`, `left` (its series has ended), `other` (another version, or paused by somebody
 * else than Vigie): it is made to follow the row. `noRow`: the database has never heard of the series (a person decides).
 * `pending`: no workflow finishes an opening that has begun (it goes on).
 */
export type SeriesDifference =
  | { readonly kind: 'missing' | 'left' | 'other' | 'noRow'; readonly id: string }
  | { readonly kind: 'pending'; readonly id: string; readonly ask: SeriesAsk };

/** Every difference between the series and what Temporal does for them. */
export async function seriesDifferences({ database, gateway, client }: SeriesReconciler): Promise<SeriesDifference[]> {
  const ids = new Set([...(await seriesToSchedule(database.sql)), ...(await gateway.scheduled())]);
  const found: SeriesDifference[] = [];
  for (const id of ids) {
    const kind = await differenceOf({ database, gateway }, id);
    if (kind !== null) found.push({ kind, id });
  }
  for (const { series, ask } of await pendingOpenings(database.sql)) {
    const isAtWork = await isRunning(client, surveySeriesWorkflowId(series, ask));
    if (!isAtWork) found.push({ kind: 'pending', id: series, ask });
  }
  return found;
}

async function differenceOf(
  { database, gateway }: Pick<SeriesReconciler, 'database' | 'gateway'>,
  id: string,
): Promise<'missing' | 'left' | 'other' | 'noRow' | null> {
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
  difference: SeriesDifference,
): Promise<boolean> {
  const { kind, id } = difference;
  if (kind === 'noRow') return false;
  if (kind === 'pending') await gateway.resume(id, difference.ask);
  else await gateway.keep(id, seriesPlans(database.sql));
  return true;
}

/** At the start of a worker: whatever has become of Schedules and openings, they follow the rows. */
export async function keepAllSeries(reconciler: SeriesReconciler): Promise<void> {
  for (const difference of await seriesDifferences(reconciler)) await mendSeries(reconciler, difference);
}
