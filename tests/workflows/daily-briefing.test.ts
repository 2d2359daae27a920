import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { ScheduleHandle } from '@temporalio/client';
import { msToTs, tsToDate, type Timestamp } from '@temporalio/common/lib/time.js';
import { HOUR, MINUTE } from '../../domain/instant.ts';
import { ensureDailyBriefing } from '../../gateway/duty.ts';
import { type InstructionDesk, startInstructionDesk } from '../support/instruction-desk.ts';
import { until } from '../support/wait.ts';

let desk: InstructionDesk;
let schedule: ScheduleHandle;

beforeAll(async () => {
  desk = await startInstructionDesk();
  const id = `dailyBriefing-${randomUUID()}`;
  await ensureDailyBriefing(desk.client, `coordination${desk.queueSuffix}`, id);
  await ensureDailyBriefing(desk.client, `coordination${desk.queueSuffix}`, id); // a second worker finds it
  schedule = desk.client.schedule.getHandle(id);
}, 120_000);
afterAll(async () => {
  await schedule.delete();
  await desk.close();
});

/** When the server itself says that the Schedule fires, in a period. */
async function firings(from: string, to: string): Promise<string[]> {
  const at = (text: string) => msToTs(Date.parse(text));
  const request = {
    namespace: 'default',
    scheduleId: schedule.scheduleId,
    startTime: at(from),
    endTime: at(to),
  };
  const found: { startTime?: Timestamp[] | null } =
    await desk.client.workflowService.listScheduleMatchingTimes(request);
  return (found.startTime ?? []).map((instant) => tsToDate(instant).toISOString());
}

test('it fires at 7 h 30 on the wall in Paris, once a day, through both changes of the clock', async () => {
  expect(await firings('2027-03-26T12:00:00Z', '2027-03-30T12:00:00Z')).toEqual([
    '2027-03-27T06:30:00.000Z',
    '2027-03-28T05:30:00.000Z', // the night of spring is over
    '2027-03-29T05:30:00.000Z',
    '2027-03-30T05:30:00.000Z',
  ]);
  expect(await firings('2027-10-29T12:00:00Z', '2027-11-02T12:00:00Z')).toEqual([
    '2027-10-30T05:30:00.000Z',
    '2027-10-31T06:30:00.000Z', // the night of autumn is over
    '2027-11-01T06:30:00.000Z',
    '2027-11-02T06:30:00.000Z',
  ]);
  const { info } = await schedule.describe();
  expect(info.nextActionTimes.length).toBeGreaterThan(0);
  const wall = new Intl.DateTimeFormat('fr-FR', { timeZone: 'Europe/Paris', timeStyle: 'medium' });
  expect(new Set(info.nextActionTimes.map((at) => wall.format(at)))).toEqual(new Set(['07:30:00']));
});

/** Every run that the Schedule has begun is over. */
const runs = (count: number) =>
  until('the briefings are over', async () => {
    const { info } = await schedule.describe();
    return info.numActionsTaken >= count && info.runningActions.length === 0 ? true : null;
  });

test('fired, the mail leaves to the desk’s box; fired again the same day, and for a morning that was missed, it does not leave twice', async () => {
  await schedule.trigger();
  const [mail] = await desk.sink.waitFor(({ subject }) => subject.startsWith('POINT DU MATIN – '));
  expect(mail!.to).toBe('permanence@corruss.example');
  await runs(1);
  await schedule.trigger();
  await runs(2);
  const [first = ''] = await firings(new Date(Date.now() - 25 * HOUR).toISOString(), new Date().toISOString());
  const missed = Date.parse(first);
  const [start, end] = [new Date(missed - MINUTE), new Date(missed + MINUTE)];
  await schedule.backfill({ start, end, overlap: 'ALLOW_ALL' });
  await runs(3);
  expect(desk.sink.mails.filter(({ subject }) => subject.startsWith('POINT DU MATIN'))).toHaveLength(1);
}, 60_000);
