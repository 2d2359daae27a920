import { randomUUID } from 'node:crypto';
import { createSurvey } from '../../db/stores/desk/surveys.ts';
import { writeAnswer } from '../../db/stores/desk/survey-answer-groups.ts';
import { HOUR } from '../../domain/instant.ts';
import type { CampaignCommand } from '../../domain/survey/campaign-commands.ts';
import type { SurveyAudience } from '../../domain/survey/survey-draft.ts';
import type { Threshold } from '../../domain/survey/threshold.ts';
import { surveyWorkflowId } from '../../workflows/contract.ts';
import { advance, quiet } from '../support/clock.ts';
import { AUTHOR } from '../support/desk-actions.ts';
import type { InstructionDesk } from '../support/instruction-desk.ts';
import { publishForm } from '../support/survey.ts';
import type { Scenario } from './scenario.ts';

const CALENDAR = {
  opensAt: null,
  closesAt: 'PT48H',
  remindBefore: ['PT24H', 'PT2H'],
  validateUntil: null,
  acceptUntil: null,
};

const BUSY: Threshold = {
  ...{ question: 'taux', level: 'ars', comparison: '>=', value: 90 },
  ...{ then: 'alert', label: 'Réanimation saturée' },
};

/** Asks something of a survey; settled. */
async function ask(desk: InstructionDesk, id: string, command: CampaignCommand): Promise<void> {
  await desk.surveys.ask(id, command, randomUUID());
  await quiet(desk.client, surveyWorkflowId(id));
}

export async function opened(
  desk: InstructionDesk,
  audience: SurveyAudience = { ars: ['ARS-84', 'ARS-11'] },
  thresholds: readonly Threshold[] = [],
): Promise<string> {
  const draft = {
    formId: await publishForm(desk.database),
    title: 'Lits',
    author: 'CORRUSS',
    audience,
    calendar: CALENDAR,
    exercise: false,
    crisisId: null,
    thresholds,
  };
  const { id } = await createSurvey(desk.database, desk.keys, draft, { by: AUTHOR, now: Date.now() });
  await ask(desk, id, { kind: 'open', loadReason: 'Essai.', by: AUTHOR });
  return id;
}

export async function answer(desk: InstructionDesk, id: string, org: string, occupes = 5): Promise<void> {
  const { id: respondent } = await desk.database.sql
    .selectFrom('survey_respondent')
    .select('id')
    .where('survey_id', '=', id)
    .where('key', '=', org)
    .executeTakeFirstOrThrow();
  await writeAnswer(desk.database, desk.keys, {
    ...{ survey: id, respondent, mode: 'submit', raw: { values: { installes: 10, occupes } }, version: null },
    ...{ door: 'api', by: { sub: org.toLowerCase(), organisation: org }, onBehalf: false, now: Date.now() },
  });
}

const pass = (desk: InstructionDesk, id: string, ms: number) => advance(desk.client, surveyWorkflowId(id), ms);

/** Campaigns of surveys. */
export const SURVEY_SCENARIOS: readonly Scenario[] = [
  {
    name: 'survey-from-opening-to-end',
    workflowId: surveyWorkflowId,
    async play(desk) {
      const id = await opened(desk);
      await answer(desk, id, 'ARS-84');
      await pass(desk, id, 49 * HOUR);
      await pass(desk, id, 73 * HOUR);
      return id;
    },
  },
  {
    name: 'survey-nudged-moved-closed-reopened-cancelled',
    workflowId: surveyWorkflowId,
    async play(desk) {
      const id = await opened(desk);
      for (const org of ['ARS-84', 'ARS-11']) await answer(desk, id, org);
      for (const _twice of [1, 2]) await desk.surveys.nudge(id);
      await pass(desk, id, HOUR);
      await ask(desk, id, { kind: 'extend', closesAt: Date.now() + 60 * HOUR, reason: '', by: AUTHOR });
      await ask(desk, id, { kind: 'close', reason: 'Complet.', by: AUTHOR });
      await ask(desk, id, { kind: 'close', reason: 'Encore.', by: AUTHOR });
      await ask(desk, id, { kind: 'reopen', closesAt: Date.now() + 70 * HOUR, reason: 'Un oubli.', by: AUTHOR });
      await ask(desk, id, { kind: 'cancel', reason: 'Doublon.', by: AUTHOR });
      return id;
    },
  },
  {
    name: 'survey-relay-away-and-back',
    workflowId: surveyWorkflowId,
    async play(desk) {
      await desk.sink.stop();
      const id = await opened(desk);
      await pass(desk, id, HOUR);
      await desk.sink.start();
      await pass(desk, id, HOUR);
      await ask(desk, id, { kind: 'cancel', reason: 'Essai.', by: AUTHOR });
      return id;
    },
  },
  {
    name: 'survey-one-mailbox-full',
    workflowId: surveyWorkflowId,
    async play(desk) {
      const list = ['plein', 'joint'].map((name) => ({ name, email: `${name}@samu.example` }));
      const undo = desk.sink.refuse(/^plein/, 452);
      const id = await opened(desk, { respondents: list });
      await pass(desk, id, HOUR);
      await ask(desk, id, { kind: 'remind', respondents: null, by: AUTHOR });
      await pass(desk, id, HOUR);
      undo();
      await pass(desk, id, HOUR);
      await ask(desk, id, { kind: 'cancel', reason: 'Essai.', by: AUTHOR });
      return id;
    },
  },
  {
    name: 'survey-reminded-by-hand-and-readdressed',
    workflowId: surveyWorkflowId,
    async play(desk) {
      const id = await opened(desk, { respondents: [{ name: 'SAMU 69', email: 'faux@samu.example' }] });
      const { id: respondent } = await desk.database.sql
        .selectFrom('survey_respondent')
        .select('id')
        .where('survey_id', '=', id)
        .executeTakeFirstOrThrow();
      await ask(desk, id, { kind: 'readdress', respondent, address: 'juste@samu.example', by: AUTHOR });
      await ask(desk, id, { kind: 'remind', respondents: null, by: AUTHOR });
      await ask(desk, id, { kind: 'remind', respondents: [respondent], by: AUTHOR });
      await pass(desk, id, HOUR);
      await ask(desk, id, { kind: 'cancel', reason: 'Essai.', by: AUTHOR });
      return id;
    },
  },
  {
    name: 'survey-threshold-crossed-and-back',
    workflowId: surveyWorkflowId,
    async play(desk) {
      const id = await opened(desk, { ars: ['ARS-84', 'ARS-11'] }, [BUSY]);
      for (const occupes of [9, 5, 9]) {
        await answer(desk, id, 'ARS-84', occupes);
        await desk.surveys.nudge(id);
        await pass(desk, id, HOUR);
      }
      await ask(desk, id, { kind: 'close', reason: 'Complet.', by: AUTHOR });
      return id;
    },
  },
  {
    name: 'survey-in-a-new-run',
    workflowId: surveyWorkflowId,
    suggestContinueAsNew: 30,
    async play(desk) {
      const id = await opened(desk);
      await pass(desk, id, 49 * HOUR);
      await pass(desk, id, 73 * HOUR);
      return id;
    },
  },
];
