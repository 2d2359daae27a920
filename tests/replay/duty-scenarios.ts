import { randomUUID } from 'node:crypto';
import { replaceRoster } from '../../db/stores/desk/duty.ts';
import type { RosterDocument } from '../../domain/duty-document.ts';
import { HOUR, MINUTE } from '../../domain/instant.ts';
import { ensureDutyWatch } from '../../gateway/duty.ts';
import { DAILY_BRIEFING_WORKFLOW } from '../../workflows/contract.ts';
import { advance } from '../support/clock.ts';
import { absent, rosterBody, weekly } from '../support/duty.ts';
import { AUTHOR } from '../support/desk-actions.ts';
import type { InstructionDesk } from '../support/instruction-desk.ts';
import type { Scenario } from './scenario.ts';

const asItself = (id: string): string => id;

/** Rosters and the morning: workflows of their own, beside the instructions. */
export const DUTY_SCENARIOS: readonly Scenario[] = [
  {
    name: 'nobody-on-duty',
    async play(desk) {
      await putRoster(desk, rosterBody({ overrides: [{ ...absent(Date.now()), replaces: null }] }));
      const { id } = await desk.release({
        audience: { organisations: ['ARS-84'] },
        ladder: [
          { after: 'PT10M', target: 'onCall', channel: 'mail' },
          { after: 'PT2H', target: 'director', channel: 'mail' },
        ],
      });
      await desk.advance(id, 11 * MINUTE);
      await desk.settle(id);
      return id;
    },
  },
  {
    name: 'duty-watched',
    workflowId: asItself,
    async play(desk) {
      const hourly = weekly(['anne', 'bruno'], { every: 'PT1H', weekday: null });
      await putRoster(desk, rosterBody({ layers: [{ name: 'Premier niveau', rotations: [hourly] }] }));
      const id = `dutyWatch-${randomUUID()}`;
      await ensureDutyWatch(desk.client, `coordination${desk.queueSuffix}`, id);
      await advance(desk.client, id, 2 * HOUR);
      await desk.client.workflow.getHandle(id).terminate();
      return id;
    },
  },
  {
    name: 'duty-watched-relay-away',
    workflowId: asItself,
    async play(desk) {
      const hourly = weekly(['anne', 'bruno'], { every: 'PT1H', weekday: null });
      await putRoster(desk, rosterBody({ layers: [{ name: 'Premier niveau', rotations: [hourly] }] }), 'ARS-53');
      const id = `dutyWatch-${randomUUID()}`;
      const undo = desk.sink.trouble({ at: 'mail', code: 451, times: 2 });
      await ensureDutyWatch(desk.client, `coordination${desk.queueSuffix}`, id);
      await advance(desk.client, id, 2 * HOUR);
      undo();
      await desk.client.workflow.getHandle(id).terminate();
      return id;
    },
  },
  {
    name: 'duty-watched-in-a-new-run',
    workflowId: asItself,
    suggestContinueAsNew: 30,
    async play(desk) {
      const id = `dutyWatch-${randomUUID()}`;
      await ensureDutyWatch(desk.client, `coordination${desk.queueSuffix}`, id);
      await advance(desk.client, id, 2 * HOUR);
      await desk.client.workflow.getHandle(id).terminate();
      return id;
    },
  },
  {
    name: 'briefing-of-the-morning',
    workflowId: asItself,
    async play(desk) {
      const id = `dailyBriefing-${randomUUID()}`;
      const taskQueue = `coordination${desk.queueSuffix}`;
      await desk.client.workflow.execute(DAILY_BRIEFING_WORKFLOW, { workflowId: id, taskQueue, args: [] });
      return id;
    },
  },
];

async function putRoster(desk: InstructionDesk, body: object, organisation = 'ARS-84'): Promise<void> {
  const document = { calendar: 'FR', coverage: null, overrides: [], ...body } as unknown as RosterDocument;
  await replaceRoster(desk.database, desk.keys, {
    organisation,
    document,
    version: null,
    by: AUTHOR,
    now: Date.now(),
  });
}
