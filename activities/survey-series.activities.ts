import { Context } from '@temporalio/activity';
import type { KeyRing } from '../config/keys.ts';
import type { Database } from '../db/database.ts';
import { prepareOpening, settleOpening } from '../db/stores/process/survey-series.ts';
import { MACHINE } from '../domain/actor.ts';
import type { CampaignCommand } from '../domain/survey/campaign-commands.ts';
import type { SeriesStep } from '../domain/survey/series.ts';
import type { SurveyAnswer } from '../domain/survey/survey-step.ts';
import type { SurveySeriesActivities } from './contract.ts';

export interface SurveySeriesDeps {
  readonly database: Database;
  readonly keys: KeyRing;
  /** Asks something of a survey's process, as a person does; the same ask by the same id is done once. */
  readonly ask: (survey: string, command: CampaignCommand, id: string) => Promise<SurveyAnswer>;
}

export const createSurveySeriesActivities = ({ database, keys, ask }: SurveySeriesDeps): SurveySeriesActivities => ({
  async openSeries(series, asked) {
    const store = { sql: database.sql, keys };
    // Of this try: one that comes hours later finds reminders past.
    const one = { series, ask: asked, now: Context.current().info.currentAttemptScheduledTimestampMs };
    const prepared = await prepareOpening(store, one);
    const step: SeriesStep =
      'by' in prepared
        ? await settleOpening(store, one, await ask(prepared.survey, { kind: 'open', by: prepared.by }, 'series-open'))
        : prepared;
    // No draft of a refused opening stays behind, to be opened by mistake. Once it is cancelled the answer says so.
    if (step.outcome === 'refused' && step.survey !== null)
      await ask(step.survey, { kind: 'cancel', reason: step.detail ?? '', by: MACHINE }, 'series-cancel');
    return step;
  },
});
