import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { HOUR, MINUTE } from '../../domain/instant.ts';
import { startInstructionDesk, type InstructionDesk } from '../support/instruction-desk.ts';

let desk: InstructionDesk;
beforeAll(async () => {
  desk = await startInstructionDesk();
});
afterAll(() => desk.close());

test('a release sends one mail to the alert box of each of the 18 ARS and gives the first number of the year', async () => {
  const { id, number } = await desk.release();
  expect(number).toMatch(/^MINSANTE N°\d{4}_001$/);
  expect(desk.sink.mails).toHaveLength(18);
  expect(new Set(desk.sink.mails.map(({ to }) => to)).size).toBe(18);
  expect(desk.mailsTo(number, 'ars84-alerte')).toHaveLength(1);
  expect(await desk.projection(id, 'ARS-84')).toMatchObject({ state: 'sent', late: false, closed: false });
});

test('silence climbs the whole ladder, one mail a step, and ends as unreachable, still open', async () => {
  const { id, number } = await desk.release({ audience: { organisations: ['ARS-94'] } });
  const lastMail = () => desk.sink.mails.filter(({ subject }) => subject.includes(number)).at(-1)?.to;
  const ladder = ['ars94-alerte', 'ars94-secours', 'ars94-astreinte', 'ars94-direction', 'ars93-alerte', 'chef'];
  for (const [index, box] of ladder.entries()) {
    await desk.advance(id, ([80, 80, 80, 80, 160, 240][index] ?? 0) * MINUTE + MINUTE / 2);
    expect((await desk.followUp(id, 'ARS-94')).ladderStep).toBe(index + 1);
    expect(desk.sink.mails.some(({ subject, to }) => subject.includes(number) && to.includes(box))).toBe(true);
  }
  expect(lastMail()).toBeDefined();
  await desk.advance(id, 48 * HOUR);
  expect(await desk.projection(id, 'ARS-94')).toMatchObject({ state: 'unreachable', closed: false, late: true });
});
