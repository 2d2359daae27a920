import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { dayBefore } from '../../domain/briefing.ts';
import { DAY, HOUR, MINUTE } from '../../domain/instant.ts';
import { newId } from '../../db/database.ts';
import { callerOf, type Caller, type ReadingDesk, startReadingDesk } from '../support/api-desk.ts';

let api: ReadingDesk;
let desk: Caller;
const NOW = Date.parse('2026-11-27T06:30:00Z'); // 7 h 30 in Paris

beforeAll(async () => {
  api = await startReadingDesk();
  const app = await api.rebuild({ now: () => NOW });
  desk = callerOf(app, () => api.issuer.token('corruss-chef'));
}, 60_000);
afterAll(() => api.close());
beforeEach(async () => {
  for (const table of ['reply', 'delivery', 'instruction_recipient', 'instruction'] as const) {
    await api.database.sql.deleteFrom(table).execute();
  }
});

interface Recipient {
  readonly organisation: string;
  readonly closed?: boolean;
  readonly late?: boolean;
  /** Minutes after the first mail. */
  readonly answers?: readonly (readonly [after: number, kind: string])[];
}

/** An instruction as it stands in the tables, sent at an instant. */
async function instruction(
  number: string,
  sentAt: number,
  recipients: readonly Recipient[],
  {
    nature = 'action',
    exercise = false,
    status = 'open',
  }: { nature?: 'action' | 'information'; exercise?: boolean; status?: 'open' | 'closed' } = {},
): Promise<void> {
  const { sql } = api.database;
  const id = newId();
  const at = new Date(sentAt);
  const row = { id, status, number, nature, exercise, subject: 'Plan blanc', body: 'x', draft: '{}', created_by: 'x' };
  await sql
    .insertInto('instruction')
    .values({ ...row, created_at: at, updated_at: at, released_at: at })
    .execute();
  for (const { organisation, closed = false, late = false, answers = [] } of recipients) {
    const key = { instruction_id: id, organisation_id: organisation };
    await sql
      .insertInto('instruction_recipient')
      .values({
        ...key,
        seq: 1,
        state: 'sent',
        closed,
        late,
        deadline: new Date(sentAt + 4 * HOUR),
        returns: 0,
        ladder_step: 0,
        follow_up: '{}',
      })
      .execute();
    await sql
      .insertInto('delivery')
      .values({
        ...key,
        id: newId(),
        purpose: 'instruction',
        target: 'alertBox',
        channel: 'mail',
        step: 0,
        round: 0,
        addressee: organisation,
        address: 'a@x.example',
        status: 'sent',
        message_id: randomUUID(),
        planned_at: at,
        sent_at: at,
      })
      .execute();
    for (const [after, kind] of answers) {
      const reply = {
        id: newId(),
        message_id: randomUUID(),
        seq: 1,
        said_by: 'x',
        channel: 'api' as const,
        verified: true,
      };
      await sql
        .insertInto('reply')
        .values({ ...key, ...reply, kind: kind as 'done', at: new Date(sentAt + after * MINUTE) })
        .execute();
    }
  }
}

interface Briefing {
  openInstructions: number;
  openFollowUps: number;
  lateFollowUps: number;
  answeredFollowUps: number;
  open: { number: string; awaited: number; recipients: number; late: number }[];
  late: { number: string; organisation: string }[];
  answered: { number: string; organisation: string; kind: string }[];
  medians: { organisation: string; answers: number; medianSeconds: number }[];
}

test('nothing at all is said as nothing', async () => {
  const { body } = await desk.get('/v1/briefing');
  expect(body).toEqual({
    at: '2026-11-27T06:30:00.000Z',
    since: '2026-11-26T06:30:00.000Z',
    openInstructions: 0,
    openFollowUps: 0,
    lateFollowUps: 0,
    answeredFollowUps: 0,
    open: [],
    late: [],
    answered: [],
    signals: [],
    medians: [],
  });
});

test('figures are exact; exercises, mere receipts and answers of other days are not among them', async () => {
  await instruction('MINSANTE N°2026_001', NOW - 10 * HOUR, [
    {
      organisation: 'ARS-84',
      closed: true,
      answers: [
        [5, 'received'],
        [30, 'takenInCharge'],
        [120, 'done'],
      ],
    },
    { organisation: 'ARS-11', late: true, answers: [[90, 'progress']] },
    { organisation: 'ARS-93', late: true },
    { organisation: 'ARS-94' },
  ]);
  await instruction(
    'MINSANTE N°2026_002',
    NOW - 3 * DAY,
    [{ organisation: 'ARS-84', closed: true, answers: [[10, 'done']] }],
    { status: 'closed' },
  );
  await instruction(
    'MINSANTE N°2026_003',
    NOW - 20 * HOUR,
    [{ organisation: 'ARS-84', closed: true, answers: [[50, 'read']] }, { organisation: 'ARS-11' }],
    { nature: 'information' },
  );
  await instruction(
    'MINSANTE N°2026_004',
    NOW - 40 * DAY,
    [{ organisation: 'ARS-84', closed: true, answers: [[1, 'done']] }],
    { status: 'closed' },
  );
  await instruction(
    'MINSANTE EXERCICE N°2026_001',
    NOW - 5 * HOUR,
    [{ organisation: 'ARS-53', late: true, answers: [[1, 'done']] }],
    { exercise: true },
  );
  const { body, status } = await desk.get<Briefing>('/v1/briefing');
  expect(status).toBe(200);
  expect(body).toMatchObject({ openInstructions: 2, openFollowUps: 4, lateFollowUps: 2, answeredFollowUps: 3 });
  expect(body.open.map(({ number, awaited, recipients, late }) => [number, awaited, recipients, late])).toEqual([
    ['MINSANTE N°2026_003', 1, 2, 0],
    ['MINSANTE N°2026_001', 3, 4, 2],
  ]);
  expect(body.late.map(({ organisation }) => organisation).toSorted()).toEqual(['ARS-11', 'ARS-93']);
  expect(body.answered.map(({ organisation, number, kind }) => [organisation, number, kind])).toEqual([
    ['ARS-84', 'MINSANTE N°2026_003', 'read'],
    ['ARS-11', 'MINSANTE N°2026_001', 'progress'],
    ['ARS-84', 'MINSANTE N°2026_001', 'done'],
  ]);
  // ARS-84: 10, 30 and 50 minutes; the answer of forty days ago is too old.
  expect(
    body.medians.map(({ organisation, answers, medianSeconds }) => [organisation, answers, medianSeconds]),
  ).toEqual([
    ['ARS-11', 1, 90 * 60],
    ['ARS-84', 3, 30 * 60],
  ]);
});

test('early signals that nobody has closed are named, the most urgent first; exercises never', async () => {
  const signal = (reference: string, more: object) => ({
    ...{
      id: newId(),
      reference,
      organisation_id: 'ARS-84',
      exercise: false,
      urgency: 'routine' as const,
      subject: 'Toux',
    },
    ...{ status: 'raised' as const, seq: 1, raised_by: 'x', raised_by_name: 'X', late: false },
    ...{ raised_at: new Date(NOW - HOUR), due_at: new Date(NOW + HOUR), ...more },
  });
  await api.database.sql
    .insertInto('early_signal')
    .values([
      signal('SIGNAL 1', {}),
      signal('SIGNAL 2', { urgency: 'immediate', status: 'complete', late: true }),
      signal('SIGNAL 3', { status: 'closed' }),
      signal('SIGNAL 4', { exercise: true }),
    ])
    .execute();
  const { body } = await desk.get<{ signals: { reference: string; status: string; late: boolean }[] }>('/v1/briefing');
  expect(body.signals.map(({ reference, status, late }) => [reference, status, late])).toEqual([
    ['SIGNAL 2', 'complete', true],
    ['SIGNAL 1', 'raised', false],
  ]);
});

test('the desk and the supervisor read it, an ARS and the administrator do not', async () => {
  for (const account of ['corruss-redacteur', 'superviseur'] as const)
    expect((await api.as(account).get('/v1/briefing')).status).toBe(200);
  for (const account of ['ars-84', 'admin'] as const)
    expect((await api.as(account).get('/v1/briefing')).status).toBe(403);
});

test('yesterday at the same hour is 25 hours away after the night of autumn, 23 after that of spring', () => {
  const autumn = Date.parse('2026-10-25T06:30:00Z');
  const spring = Date.parse('2026-03-29T05:30:00Z');
  expect([autumn - dayBefore(autumn), spring - dayBefore(spring)]).toEqual([25 * HOUR, 23 * HOUR]);
});
