import { randomUUID } from 'node:crypto';
import type { CampaignCommand } from '../domain/survey/campaign-commands.ts';
import type { SurveyAnswer } from '../domain/survey/survey-step.ts';
import {
  COORDINATION_QUEUE,
  NUDGE_SIGNAL,
  PROCESS_QUERY,
  SURVEY_UPDATE,
  SURVEY_WORKFLOW,
  surveyWorkflowId,
  type SurveyInput,
  type SurveyWhere,
} from '../workflows/contract.ts';
import { askingGateway } from './asking-gateway.ts';
import { boundedCalls } from './bounded-calls.ts';
import type { TemporalGateway } from './connection.ts';

/** Campaigns of surveys. */
export interface SurveyGateway {
  /**
   * Asks something of one survey: its workflow is started, or found. Answers once that is recorded or refused.
   * @param updateId asked twice with the same one: done once
   * @throws EngineUnavailable
   */
  ask(survey: string, command: CampaignCommand, updateId?: string): Promise<SurveyAnswer>;
  /** Answers have come. @throws NoSuchWorkflow, EngineUnavailable: nothing is lost, the calendar reads the table as well */
  nudge(survey: string): Promise<void>;
  /** Has a survey followed again, from the table, whose workflow is gone: for `npm run reconcile`. @throws EngineUnavailable */
  resume(survey: string): Promise<void>;
  /** Where its workflow believes it stands; null: it has just begun. @throws NoSuchWorkflow, EngineUnavailable */
  where(survey: string): Promise<SurveyWhere | null>;
}

export function surveyGateway(gateway: TemporalGateway, options: { readonly taskQueue?: string } = {}): SurveyGateway {
  const { client } = gateway;
  const { ask, resume } = askingGateway<SurveyInput, CampaignCommand, SurveyAnswer>(gateway, {
    taskQueue: options.taskQueue ?? COORDINATION_QUEUE,
    workflowType: SURVEY_WORKFLOW,
    update: SURVEY_UPDATE,
  });
  const { within } = boundedCalls(client);
  return {
    ask: (survey, command, updateId = randomUUID()) =>
      ask({ workflowId: surveyWorkflowId(survey), input: { version: 1, survey }, ask: command, updateId }),
    resume: (survey) => resume(surveyWorkflowId(survey), { version: 1, survey, running: true }),
    where(survey) {
      const workflowId = surveyWorkflowId(survey);
      const query = () => client.workflow.getHandle(workflowId).query<SurveyWhere | null>(PROCESS_QUERY);
      return within(workflowId, false, query);
    },
    nudge(survey) {
      const workflowId = surveyWorkflowId(survey);
      return within(workflowId, true, () => client.workflow.getHandle(workflowId).signal(NUDGE_SIGNAL));
    },
  };
}
