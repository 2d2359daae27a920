import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { HOUR, MINUTE } from '../../domain/instant.ts';
import { AUTHOR, HEAD, RELEASER, releaseRequest } from '../support/desk-actions.ts';
import { startInstructionDesk, type InstructionDesk } from '../support/instruction-desk.ts';

let desk: InstructionDesk;
beforeAll(async () => {
  desk = await startInstructionDesk();
});
afterAll(() => desk.close());

const only = (...organisations: string[]) => ({ audience: { organisations } });
/** Addresses to which the mails of one instruction went, in order. */
const written = (number: string): string[] =>
  desk.sink.mails.filter(({ subject }) => subject.includes(number)).map(({ to }) => to.replace(/@.*/, ''));

test('a release sends one mail to the alert box of each of the 18 ARS', async () => {
  const { id, number } = await desk.release();
  expect(number).toMatch(/^MINSANTE N°\d{4}_\d{3}$/);
  const boxes = written(number);
  expect(boxes).toHaveLength(18);
  expect(new Set(boxes).size).toBe(18);
  expect(desk.mailsTo(number, 'ars84-alerte')).toHaveLength(1);
  expect(await desk.projection(id, 'ARS-84')).toMatchObject({ state: 'sent', late: false, closed: false });
});

test('silence climbs the whole ladder, one mail a step, and ends as unreachable, still open', async () => {
  const { id, number } = await desk.release(only('ARS-94'));
  const ladder = ['ars94-alerte', 'ars94-secours', 'ars94-astreinte', 'ars94-direction', 'ars93-alerte', 'chef'];
  const gaps = [80, 80, 80, 80, 160, 240];
  for (const [index, box] of ladder.entries()) {
    await desk.advance(id, (gaps[index] ?? 0) * MINUTE + MINUTE / 2);
    expect((await desk.projection(id, 'ARS-94')).ladderStep).toBe(index + 1);
    expect(written(number)).toContain(box);
  }
  await desk.advance(id, 48 * HOUR);
  expect(await desk.projection(id, 'ARS-94')).toMatchObject({ state: 'unreachable', closed: false, late: true });
  const toTheArs = written(number).filter((box) => box !== 'permanence');
  expect(toTheArs).toEqual(['ars94-alerte', ...ladder]);
  // Still open: its answer counts, and the instruction closes.
  expect(await desk.reply(id, 'ARS-94', 'done')).toMatchObject({ accepted: true });
  expect((await desk.process(id)).status).toBe('closed');
});

test('an answer stops the ladder, and the instruction closes with the last one', async () => {
  const { id, number } = await desk.release(only('ARS-11', 'ARS-53'));
  const first = await desk.reply(id, 'ARS-11', 'done', { comment: 'Fait.' });
  expect(first).toMatchObject({ accepted: true, followUps: [{ organisation: 'ARS-11', state: 'done', closed: true }] });
  // Whoever was told «recorded» reads it back at once.
  expect(await desk.projection(id, 'ARS-11')).toMatchObject({ state: 'done' });
  await desk.advance(id, 81 * MINUTE);
  expect(desk.mailsTo(number, 'ars11')).toHaveLength(1);
  expect(desk.mailsTo(number, 'ars53')).toHaveLength(2);
  await desk.reply(id, 'ARS-53', 'done');
  await desk.settle(id);
  expect(desk.mailsTo(number, 'permanence')).toHaveLength(1);
  const row = await desk.database.sql.selectFrom('instruction').selectAll().where('id', '=', id).executeTakeFirst();
  expect(row?.status).toBe('closed');
  expect(await desk.reply(id, 'ARS-53', 'done')).toMatchObject({ accepted: false, refusal: { code: 'closed' } });
});

test('72 hours after its closing the instruction takes nothing more in', async () => {
  const { id } = await desk.release(only('ARS-44'));
  await desk.reply(id, 'ARS-44', 'done');
  await desk.settle(id);
  await desk.advance(id, 71 * HOUR);
  const returned = await desk.command(id, { kind: 'return', organisation: 'ARS-44', reason: 'Incomplet.', by: HEAD });
  expect(returned).toMatchObject({ accepted: true, followUps: [{ state: 'sent', returns: 1 }] });
  await desk.reply(id, 'ARS-44', 'done');
  await desk.settle(id);
  expect(await desk.advance(id, 73 * HOUR)).toBe('ended');
  await expect(desk.reply(id, 'ARS-44', 'done')).rejects.toMatchObject({ name: 'NoSuchWorkflow' });
  expect((await desk.timeline(id)).at(-1)?.kind).toBe('ended');
});

test('taken in charge and then silence: the ladder goes on when it expires', async () => {
  const { id, number } = await desk.release({ ...only('ARS-32'), takenInChargeExpires: 'PT1H' });
  await desk.reply(id, 'ARS-32', 'takenInCharge');
  await desk.advance(id, 50 * MINUTE);
  expect(desk.mailsTo(number, 'ars32')).toHaveLength(1);
  await desk.advance(id, 12 * MINUTE);
  expect(desk.mailsTo(number, 'ars32')).toHaveLength(2);
  expect((await desk.timeline(id)).map(({ kind }) => kind)).toContain('pauseEnded');
});

test('a returned completion starts the clock again, with a mail that gives the reason', async () => {
  const { id, number } = await desk.release(only('ARS-75', 'ARS-76'));
  await desk.reply(id, 'ARS-75', 'done');
  await desk.advance(id, HOUR);
  await desk.command(id, { kind: 'return', organisation: 'ARS-75', reason: 'Il manque Bayonne.', by: RELEASER });
  await desk.settle(id);
  expect(desk.mailsTo(number, 'ars75').at(-1)?.text).toContain('Il manque Bayonne.');
  const { deadline, returns } = await desk.projection(id, 'ARS-75');
  const other = await desk.projection(id, 'ARS-76');
  expect(returns).toBe(1);
  expect((deadline ?? 0) - (other.deadline ?? 0)).toBeGreaterThan(59 * MINUTE);
  await desk.advance(id, 81 * MINUTE);
  expect(desk.mailsTo(number, 'ars75')).toHaveLength(3);
});

test('a moved deadline moves the steps not yet done, for those named only', async () => {
  const { id, number } = await desk.release(only('ARS-24', 'ARS-27'));
  const before = (await desk.projection(id, 'ARS-24')).deadline ?? 0;
  const deadline = before + 2 * HOUR;
  await desk.command(id, { kind: 'moveDeadline', organisations: ['ARS-24'], deadline, by: RELEASER });
  await desk.settle(id);
  await desk.advance(id, 90 * MINUTE);
  expect(await desk.projection(id, 'ARS-24')).toMatchObject({ ladderStep: 0, deadline });
  expect(await desk.projection(id, 'ARS-27')).toMatchObject({ ladderStep: 1 });
  await desk.advance(id, 2 * HOUR);
  expect((await desk.projection(id, 'ARS-24')).ladderStep).toBe(1);
  expect(desk.mailsTo(number, 'ars24').length).toBeGreaterThanOrEqual(3);
});

test('a passed deadline tells the desk and marks the recipient late', async () => {
  const { id, number } = await desk.release(only('ARS-28'));
  await desk.reply(id, 'ARS-28', 'received');
  await desk.advance(id, 4 * HOUR + 5 * MINUTE);
  expect(await desk.projection(id, 'ARS-28')).toMatchObject({ late: true });
  expect(desk.mailsTo(number, 'permanence')).toHaveLength(1);
});

test('where acceptance is required a completion waits for it, and the desk is reminded', async () => {
  const { id, number } = await desk.release({ ...only('ARS-52'), acceptance: 'required' });
  await desk.reply(id, 'ARS-52', 'done');
  expect(await desk.projection(id, 'ARS-52')).toMatchObject({ state: 'done', closed: false });
  await desk.advance(id, 2 * HOUR + MINUTE);
  expect(desk.mailsTo(number, 'permanence')).toHaveLength(1);
  await desk.command(id, { kind: 'accept', organisation: 'ARS-52', by: RELEASER });
  expect((await desk.process(id)).status).toBe('closed');
});

test('a refusal closes for counting and is told to the desk at once', async () => {
  const { id, number } = await desk.release(only('ARS-01', 'ARS-02'));
  await desk.reply(id, 'ARS-01', 'refused', { comment: 'Sans objet ici.' });
  await desk.settle(id);
  expect(desk.mailsTo(number, 'permanence')[0]?.text).toContain('Sans objet ici.');
  const tasks = await desk.database.sql.selectFrom('task').selectAll().where('instruction_id', '=', id).execute();
  expect(tasks).toMatchObject([{ kind: 'refused', organisation_id: 'ARS-01', closed_at: null }]);
});

test('an information is closed by reading, knows no ladder, and ends at its term with who has not read', async () => {
  const { id, number } = await desk.release({ ...only('ARS-03', 'ARS-04'), nature: 'information', deadline: '8H' });
  await desk.reply(id, 'ARS-03', 'read');
  expect(await desk.projection(id, 'ARS-03')).toMatchObject({ state: 'read', closed: true });
  await desk.advance(id, 9 * HOUR);
  expect(desk.mailsTo(number, 'ars04')).toHaveLength(1);
  const closed = (await desk.timeline(id)).find(({ kind }) => kind === 'closed');
  expect(closed?.data).toMatchObject({ unread: ['ARS-04'] });
});

test('two releases at the same instant give one number, one workflow, one mail each', async () => {
  const id = await desk.draft(only('ARS-06', 'ARS-93'));
  const [one, two, own] = await Promise.all([
    desk.gateway.release(releaseRequest(id)),
    desk.gateway.release(releaseRequest(id, HEAD, ['head', 'releaser'])),
    desk.gateway.release(releaseRequest(id, AUTHOR, ['author', 'releaser'])),
  ]);
  const numbers = [one, two, own].flatMap((answer) => (answer.released ? [answer.number] : []));
  expect(numbers.length).toBeGreaterThan(0);
  expect(new Set(numbers).size).toBe(1);
  await desk.settle(id);
  expect(written(numbers[0] ?? '')).toHaveLength(2);
});

test('a refused release leaves a draft, and the right person may release it afterwards', async () => {
  const id = await desk.draft(only('ARS-84'));
  const refused = await desk.gateway.release(releaseRequest(id, AUTHOR, ['author', 'releaser']));
  expect(refused).toMatchObject({ released: false, code: 'ownDraft' });
  const released = await desk.gateway.release(releaseRequest(id));
  expect(released).toMatchObject({ released: true });
});
