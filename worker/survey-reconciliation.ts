import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Sql } from '../db/database.ts';
import { storedSurvey, surveysToFollow } from '../db/stores/process/survey-following.ts';
import { isRunning } from '../gateway/engine-runs.ts';
import type { SurveyGateway } from '../gateway/survey-gateway.ts';
import { SURVEY_WORKFLOW, surveyWorkflowId } from '../workflows/contract.ts';
import { openWorkflowIds } from './running-workflows.ts';

export interface SurveyReconciler {
  readonly sql: Sql;
  readonly client: Client;
  readonly gateway: SurveyGateway;
}

/**
 * How a survey differs. `noWorkflow`: nobody keeps its calendar or sends its mails any more (followed again from the table).
 * `other`: its workflow waits for something else than the table says (it reads the table again). `noRow`: the database has
 * never heard of it (a person decides).
 */
export type SurveyDifference =
  | { readonly kind: 'noWorkflow' | 'other'; readonly id: string; readonly title: string }
  | { readonly kind: 'noRow'; readonly id: string };

/** A workflow takes nudges that come within ten seconds as one. */
const NUDGED_WITHIN_MS = 30_000;

/** Every difference between the surveys of the table and their workflows. Asks the worker: one must be running. */
export async function surveyDifferences(reconciler: SurveyReconciler): Promise<SurveyDifference[]> {
  const { sql, client } = reconciler;
  const toFollow = new Set(await surveysToFollow(sql));
  const found: SurveyDifference[] = [];
  for (const id of new Set([...toFollow, ...(await openWorkflowIds(client, SURVEY_WORKFLOW))])) {
    // A step may have been under way between the two readings: only what stays different is.
    const difference = (await differenceOf(reconciler, id)) && (await differenceOf(reconciler, id));
    if (difference !== undefined) found.push(difference);
  }
  return found;
}

/** Takes a difference away. @returns false where only a person can */
export async function mendSurvey(reconciler: SurveyReconciler, difference: SurveyDifference): Promise<boolean> {
  const { kind, id } = difference;
  if (kind === 'noRow') return false;
  if (kind === 'noWorkflow') {
    await reconciler.gateway.resume(id);
    return true;
  }
  await reconciler.gateway.nudge(id);
  for (const until = performance.now() + NUDGED_WITHIN_MS; performance.now() < until;) {
    if ((await differenceOf(reconciler, id)) === undefined) return true;
    await pause(500);
  }
  return false;
}

async function differenceOf(
  { sql, client, gateway }: SurveyReconciler,
  id: string,
): Promise<SurveyDifference | undefined> {
  if (!(await isRunning(client, surveyWorkflowId(id)))) {
    const left = (await surveysToFollow(sql)).includes(id) ? await storedSurvey(sql, id) : undefined;
    return left && { kind: 'noWorkflow', id, title: left.title };
  }
  const where = await gateway.where(id);
  if (where === null) return undefined; // it has just begun
  const stored = await storedSurvey(sql, id);
  if (stored === undefined) return { kind: 'noRow', id };
  const same = stored.seq === where.seq && stored.nextDue === where.nextDue;
  return same ? undefined : { kind: 'other', id, title: stored.title };
}
