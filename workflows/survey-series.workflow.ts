import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { ApplicationFailure, condition, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { SurveySeriesActivities } from '../activities/contract.ts';
import type { SeriesAsk, SeriesStep } from '../domain/survey/series.ts';
import { PATIENT_RECORDING } from './activity-profiles.ts';
import type { SurveySeriesInput } from './contract.ts';
import { Mailings } from './mailing.ts';

const { openSeries } = proxyActivities<SurveySeriesActivities>(PATIENT_RECORDING);

/** Set by the server on whatever a Schedule starts: the instant that was due, also where it comes late or is filled in. */
const SCHEDULED = defineSearchAttributeKey('TemporalScheduledStartTime', SearchAttributeType.DATETIME);

/** One opening of a series: its survey is written and opened, or it is noted and told why not. */
export async function surveySeries(input: SurveySeriesInput): Promise<SeriesStep> {
  // A later version than this code knows is left to a later code.
  if ((input.version as number) !== 1)
    throw ApplicationFailure.retryable(`SurveySeriesInput of version ${String(input.version)}`);
  const step = await openSeries(input.series, input.ask ?? due());
  const mailings = new Mailings();
  mailings.ask(step.mailings);
  await condition(() => mailings.isIdle);
  return step;
}

function due(): SeriesAsk {
  const { typedSearchAttributes, startTime } = workflowInfo();
  const at = typedSearchAttributes.get(SCHEDULED) ?? startTime;
  return { kind: 'due', at: at.getTime() };
}
