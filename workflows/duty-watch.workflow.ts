import { ApplicationFailure, continueAsNew, proxyActivities, sleep, workflowInfo } from '@temporalio/workflow';
import type { DutyActivities, NoticeActivities } from '../activities/contract.ts';
import { MINUTE, SECOND, type Instant } from '../domain/instant.ts';
import { NOTICE_SENDING, PATIENT_READING } from './activity-profiles.ts';
import type { DutyWatchInput } from './contract.ts';
import { dispatchQueue } from './dispatcher.ts';
import { isActivityTrouble } from './recording.ts';

/** A relay that was away is tried again so often. */
const AGAIN = MINUTE;

/**
 * One for all rosters, for ever: at each change of shift the incoming officer gets a summary, gaps to come are announced. Rosters
 * and holidays are read by its activity: a roster is the desk's, and a table of holidays changes with its package.
 */
export async function dutyWatch({ version, watchedUntil }: DutyWatchInput): Promise<void> {
  if ((version as number) !== 1) throw ApplicationFailure.retryable(`DutyWatchInput of version ${String(version)}`);
  const { watchDuty } = proxyActivities<DutyActivities>(PATIENT_READING);
  let since = watchedUntil ?? Date.now();
  while (!workflowInfo().continueAsNewSuggested) {
    const now = Date.now();
    const { next, unsent } = await watchDuty(since, now);
    since = now;
    const waiting = unsent > 0 ? await send('watch') : 0;
    await sleep(Math.max(SECOND, Math.min(next, waiting > 0 ? now + AGAIN : next) - Date.now()));
  }
  await continueAsNew<typeof dutyWatch>({ version: 1, watchedUntil: since });
}

/** @returns how many are left */
export async function send(source: 'watch' | 'briefing'): Promise<number> {
  const { sendNotices } = proxyActivities<NoticeActivities>({ ...NOTICE_SENDING, taskQueue: dispatchQueue() });
  const now: Instant = Date.now();
  try {
    return await sendNotices(source, now);
  } catch (error) {
    if (!isActivityTrouble(error)) throw error;
    return 1;
  }
}
