import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  continueAsNew,
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
import { NUDGE_SIGNAL, SURVEY_UPDATE, type SurveyInput } from './contract.ts';
import { Mailings } from './mailing.ts';
import { quickThenPatient } from './recording.ts';
import { fromTheDesk } from './sealed.ts';

const quick = proxyLocalActivities<SurveyActivities>(QUICK_RECORDING);
const patient = proxyActivities<SurveyActivities>(PATIENT_RECORDING);

const askUpdate = defineUpdate<SurveyAnswer, [CampaignCommand]>(SURVEY_UPDATE);
const nudgeSignal = defineSignal(NUDGE_SIGNAL);
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
  await campaign.run();
}

class Campaign {
  private readonly input: SurveyInput;
  private readonly alarm = new Alarm();
  private readonly mailings = new Mailings();
  private step: SurveyStep | null = null;
  private nudged = false;

  constructor(input: SurveyInput) {
    this.input = input;
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
    const [id, now] = [uuid4(), Date.now()];
    const { survey } = this.input;
    const step = await quickThenPatient(
      () => quick.takeSurvey(survey, id, ask, now),
      () => patient.takeSurvey(survey, id, ask, now),
    );
    // Steps are recorded one after the other, their answers may come in another order.
    if (this.step === null || step.seq >= this.step.seq) this.step = step;
    this.mailings.ask(step.mailings);
    return step;
  }
}
