import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  defineUpdate,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  sleep,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import type { SurveyActivities } from '../activities/contract.ts';
import { SECOND } from '../domain/instant.ts';
import type { CampaignCommand } from '../domain/survey/campaign-commands.ts';
import type { SurveyAnswer, SurveyAsk, SurveyStep } from '../domain/survey/survey-step.ts';
import { PATIENT_RECORDING, QUICK_RECORDING } from './activity-profiles.ts';
import { Alarm } from './alarm.ts';
import { NUDGE_SIGNAL, PROCESS_QUERY, SURVEY_UPDATE, type SurveyInput, type SurveyWhere } from './contract.ts';
import { Mailings } from './mailing.ts';
import { quickThenPatient } from './recording.ts';
import { fromTheDesk } from './sealed.ts';

const quick = proxyLocalActivities<SurveyActivities>(QUICK_RECORDING);
const patient = proxyActivities<SurveyActivities>(PATIENT_RECORDING);

const askUpdate = defineUpdate<SurveyAnswer, [CampaignCommand]>(SURVEY_UPDATE);
const nudgeSignal = defineSignal(NUDGE_SIGNAL);
const processQuery = defineQuery<SurveyWhere | null>(PROCESS_QUERY);
/** Started without being asked anything: by hand. */
const NOBODY_ASKS = '1 minute';
/** Nudges that come within it are one. */
const NUDGES_TOGETHER = 10 * SECOND;

/**
 * The calendar of one survey, from its opening to its end: one timer for what comes next, Updates for what persons ask. Answers
 * and mails are rows of PostgreSQL: three thousand respondents cost no event more than ten.
 */
export async function surveyCampaign(input: SurveyInput): Promise<void> {
  // A later version than this code knows is left to a later code.
  if ((input.version as number) !== 1)
    throw ApplicationFailure.retryable(`SurveyInput of version ${String(input.version)}`);
  const campaign = new Campaign(input);
  setHandler(askUpdate, (command) => campaign.take(command), { validator: fromTheDesk });
  setHandler(nudgeSignal, () => campaign.nudge());
  setHandler(processQuery, () => campaign.where);
  await campaign.run();
}

class Campaign {
  private readonly input: SurveyInput;
  private readonly alarm = new Alarm();
  private readonly mailings = new Mailings();
  private step: SurveyStep | null = null;
  private nudged = false;
  /** Steps asked for so far, and those that have not come back. */
  private asked = 0;
  private underWay = 0;

  constructor(input: SurveyInput) {
    this.input = input;
  }

  get where(): SurveyWhere | null {
    return this.step && { seq: this.step.seq, nextDue: this.step.nextDue };
  }

  async take(command: CampaignCommand): Promise<SurveyAnswer> {
    return (await this.record(command)).answer;
  }

  /** Answers have come: the table is read once for all that come within a while. */
  async nudge(): Promise<void> {
    if (this.nudged) return;
    this.nudged = true;
    await sleep(NUDGES_TOGETHER);
    this.nudged = false;
    await this.record({ kind: 'nudge' });
  }

  async run(): Promise<void> {
    if (this.input.running === true) await this.record({ kind: 'due' });
    else await condition(() => this.step !== null, NOBODY_ASKS);
    while (this.step?.running === true) {
      const { seq, nextDue } = this.step;
      this.alarm.set(nextDue, Date.now());
      await condition(() => this.alarm.rang || this.step?.seq !== seq || this.mayContinue);
      if (this.alarm.rang) await this.record({ kind: 'due' });
      else if (this.mayContinue) await continueAsNew<typeof surveyCampaign>({ ...this.input, running: true });
    }
    await condition(() => this.mailings.isIdle && allHandlersFinished());
  }

  private get mayContinue(): boolean {
    return workflowInfo().continueAsNewSuggested && this.mailings.isIdle && allHandlersFinished();
  }

  private async record(ask: SurveyAsk): Promise<SurveyStep> {
    this.asked += 1;
    this.underWay += 1;
    const [mine, alone] = [this.asked, this.underWay === 1];
    try {
      const step = await this.recorded(ask);
      // Steps are recorded one after the other, their answers may come in another order. What came by itself is what the table
      // says now, even where that was set back by a restore: else the alarm would ring for ever for what it does not know.
      const undisputed = alone && mine === this.asked;
      if (this.step === null || undisputed || step.seq >= this.step.seq) this.step = step;
      this.mailings.ask(step.mailings);
      return step;
    } finally {
      this.underWay -= 1;
    }
  }

  private recorded(ask: SurveyAsk): Promise<SurveyStep> {
    const [id, now] = [uuid4(), Date.now()];
    const { survey } = this.input;
    return quickThenPatient(
      () => quick.takeSurvey(survey, id, ask, now),
      () => patient.takeSurvey(survey, id, ask, now),
    );
  }
}
