import { proxyActivities, sleep } from '@temporalio/workflow';
import type { DutyActivities } from '../activities/contract.ts';
import { HOUR, MINUTE } from '../domain/instant.ts';
import { PATIENT_READING } from './activity-profiles.ts';
import { send } from './duty-watch.workflow.ts';

/** A briefing that no relay took by then is yesterday's. */
const PATIENCE = 13 * HOUR;
const AGAIN = 5 * MINUTE;

/** Started by its Schedule at 7 h 30 in Paris: what the desk finds in its box in the morning. */
export async function dailyBriefing(): Promise<void> {
  const { planBriefing } = proxyActivities<DutyActivities>(PATIENT_READING);
  const begun = Date.now();
  let waiting = await planBriefing(begun);
  while (waiting > 0 && Date.now() - begun < PATIENCE) {
    waiting = await send('briefing');
    if (waiting > 0) await sleep(AGAIN);
  }
}
