import { randomUUID } from 'node:crypto';
import { createSeries, seriesPlans } from '../../db/stores/desk/survey-series.ts';
import { DAY, HOUR } from '../../domain/instant.ts';
import { nextOpenings } from '../../domain/survey/series-openings.ts';
import type { SeriesDocument } from '../../domain/survey/series.ts';
import { surveySeriesWorkflowId } from '../../workflows/contract.ts';
import { AUTHOR } from '../support/desk-actions.ts';
import type { InstructionDesk } from '../support/instruction-desk.ts';
import { publishForm } from '../support/survey.ts';
import { until } from '../support/wait.ts';
import type { Scenario } from './scenario.ts';

const DOCUMENT: SeriesDocument = {
  title: 'Lits – semaine {semaine}',
  audience: { ars: ['ARS-84', 'ARS-11'] },
  recurrence: { days: ['tuesday'], at: '08:00' },
  closesAt: { after: 'PT10H' },
  remindBefore: [],
  validateUntil: null,
  acceptUntil: null,
  onHoliday: 'open',
  from: null,
  until: null,
};

async function series(desk: InstructionDesk): Promise<string> {
  const formId = await publishForm(desk.database);
  const draft = { author: 'CORRUSS', formId, exercise: false, crisisId: null, document: DOCUMENT };
  const { id } = await createSeries(desk.database, desk.keys, draft, { by: AUTHOR, now: Date.now(), key: null });
  await desk.surveySeries.keep(id, seriesPlans(desk.database.sql));
  return id;
}

/** Has the Schedule take one instant; the id of the workflow that it has started, once that is over. */
async function filledIn(desk: InstructionDesk, id: string, due: number): Promise<string> {
  const schedule = desk.client.schedule.getHandle(`survey-series/${id}`);
  await schedule.backfill({ start: new Date(due - HOUR), end: new Date(due + HOUR), overlap: 'ALLOW_ALL' });
  const { workflowId } = await until('the opening', async () => {
    const { info } = await schedule.describe();
    return info.recentActions[0]?.action.workflow;
  });
  await desk.client.workflow.getHandle(workflowId).result();
  await schedule.delete();
  return workflowId;
}

/** Openings of series of surveys; the id that each returns is its workflow's. */
export const SURVEY_SERIES_SCENARIOS: readonly Scenario[] = [
  {
    name: 'survey-series-opened',
    workflowId: (id) => id,
    async play(desk) {
      const id = await series(desk);
      const [next] = nextOpenings(DOCUMENT, Date.now(), 1);
      return filledIn(desk, id, next?.dueAt ?? 0);
    },
  },
  {
    name: 'survey-series-missed-and-told',
    workflowId: (id) => id,
    async play(desk) {
      const id = await series(desk);
      const [past] = nextOpenings(DOCUMENT, Date.now() - 30 * DAY, 1);
      return filledIn(desk, id, past?.dueAt ?? 0);
    },
  },
  {
    name: 'survey-series-triggered',
    workflowId: (id) => id,
    async play(desk) {
      const id = await series(desk);
      const ask = { kind: 'trigger', at: Date.now(), key: randomUUID(), by: AUTHOR } as const;
      await desk.surveySeries.trigger(id, ask);
      await desk.client.schedule.getHandle(`survey-series/${id}`).delete();
      return surveySeriesWorkflowId(id, ask);
    },
  },
];
