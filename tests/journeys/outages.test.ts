import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openDatabase } from '../../db/database.ts';
import { type Answer, awaited } from '../../stack/demo/desk-client.ts';
import { ALL_ARS, alertBox, type Order, order, orderOf, release, writeDraft } from '../../stack/demo/orders.ts';
import { type Part, type RunningDesk, startDesk } from '../support/desk.ts';

const AUDIENCE = ['ARS-11', 'ARS-84'];
const DRAFT = { audience: { organisations: AUDIENCE }, deadline: '4H' };

let desk: RunningDesk;

beforeAll(async () => {
  desk = await startDesk();
}, 150_000);
afterAll(() => desk.stop(), 60_000);

function expectUnavailable(answer: Answer): void {
  expect([answer.status, answer.body]).toMatchObject([503, { status: 503 }]);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
}

const readiness = async (): Promise<{ status: number; body: { status: string } }> => {
  const response = await fetch(`${desk.addresses.api}/readyz`, { signal: AbortSignal.timeout(20_000) });
  return { status: response.status, body: (await response.json()) as { status: string } };
};

test('without Temporal what needs it is refused for a while, and reads work', async () => {
  const open = await order(desk, { ...DRAFT, subject: 'Déjà partie' });
  const draft = await writeDraft(desk, { ...DRAFT, subject: 'Encore un projet' });
  const letBack = await desk.hold('temporal');
  try {
    const officer = desk.api('corruss-valideur');
    expectUnavailable(await officer.post(`/v1/instructions/${draft}/release`, {}));
    const path = `/v1/instructions/${open.id}/recipients/ARS-84/replies`;
    expectUnavailable(await desk.api('ars-84').post(path, { kind: 'done' }));
    expect(await open.get()).toMatchObject({ status: 'open', recipients: 2 });
    expect((await open.recipients()).length).toBe(2);
    await awaited('it shows as degraded', async () => {
      const { status, body } = await readiness();
      return status === 200 && body.status === 'degraded';
    });
  } finally {
    letBack();
  }
  const { number } = await release(desk, draft);
  await orderOf(desk, draft, number).reply('ARS-11', { kind: 'done' });
  expect((await open.reply('ARS-84', { kind: 'done' })).closed).toBe(true);
  await awaited('it shows as ready', async () => (await readiness()).body.status === 'ready');
}, 120_000);

test('without PostgreSQL everything is refused for a while, and nothing is half-done', async () => {
  const open = await order(desk, { ...DRAFT, subject: 'Avant la panne de la base' });
  const letBack = await desk.hold('postgres');
  try {
    const officer = desk.api('corruss-chef');
    expectUnavailable(await officer.get(`/v1/instructions/${open.id}`));
    expectUnavailable(await officer.post('/v1/instructions', { nature: 'action', subject: 'x', body: 'x', ...DRAFT }));
    const path = `/v1/instructions/${open.id}/recipients/ARS-84/replies`;
    expectUnavailable(await desk.api('ars-84').post(path, { kind: 'done' }));
    await awaited('it shows as not ready', async () => (await readiness()).status === 503);
  } finally {
    letBack();
  }
  expect((await open.reply('ARS-84', { kind: 'done' })).closed).toBe(true);
  expect((await open.reply('ARS-11', { kind: 'done' })).closed).toBe(true);
  await awaited('it closes', async () => (await open.get()).status === 'closed');
}, 120_000);

test('without a mail relay an instruction is open, its deliveries wait, and they leave by themselves', async () => {
  const letBack = await desk.hold('mailbox');
  let open: Order | undefined;
  try {
    const held = await order(desk, { ...DRAFT, subject: 'Sans relais' });
    expect(await held.get()).toMatchObject({ status: 'open', recipients: 2 });
    await awaited('its deliveries show as waiting', async () => (await held.get()).deliveries['waiting'] === 2);
    expect((await held.recipients()).map(({ state }) => state)).toEqual(['pending', 'pending']);
    open = held;
  } finally {
    letBack();
  }
  const sent = open;
  for (const ars of AUDIENCE) {
    await awaited(`the mail of ${ars}`, async () => (await sent.mailsTo(alertBox(ars))).length === 1);
  }
  await awaited('both are sent', async () => (await sent.recipients()).every(({ state }) => state === 'sent'));
  expect((await sent.get()).deliveries).toEqual({ sent: 2 });
}, 120_000);

const NATIONAL = { audience: { national: true }, deadline: '4H' };

interface Sending {
  readonly messageId: string;
  readonly address: string;
  readonly status: string;
  readonly inDoubt: boolean;
}

/** The delivery rows as they are, once none is under way. */
async function sendings(instruction: Order): Promise<Sending[]> {
  const { DATABASE_URL: url } = await desk.environment();
  const database = await openDatabase(url!, { poolSize: 1, connectTimeoutMs: 30_000 });
  try {
    const rows = await database.sql
      .selectFrom('delivery')
      .select(['message_id', 'address', 'status', 'in_doubt'])
      .where('instruction_id', '=', instruction.id)
      .execute();
    return rows.map((row) => ({
      messageId: row.message_id,
      address: row.address,
      status: row.status,
      inDoubt: row.in_doubt,
    }));
  } finally {
    await database.close();
  }
}

/** Each ARS got its mail; what was known as sent came once, and only an uncertain one twice, as the same message. */
async function everyMailOnceOrInDoubt(instruction: Order): Promise<void> {
  const firsts = await awaited('the 18 mails', async () => {
    const rows = (await sendings(instruction)).filter(
      ({ address, status }) => address.includes('-alerte@') && status !== 'withdrawn',
    );
    return rows.length >= 18 && rows.every(({ status }) => status === 'sent') ? rows : null;
  });
  expect(new Set(firsts.map(({ address }) => address))).toEqual(new Set(ALL_ARS.map(alertBox)));
  const mails = await awaited('they are in the mailbox', async () => {
    const found = await desk.mails({ subject: instruction.number });
    const reached = new Set(found.flatMap(({ to }) => to));
    return firsts.every(({ address }) => reached.has(address)) ? found : null;
  });
  for (const { messageId, address, inDoubt } of firsts) {
    const copies = mails.filter((mail) => mail.messageId.includes(messageId));
    expect(copies.length).toBeGreaterThan(0);
    if (!inDoubt) expect([address, copies.length]).toEqual([address, 1]);
  }
  const known = new Set((await sendings(instruction)).map(({ messageId }) => `<${messageId}>`));
  expect(mails.filter(({ messageId }) => !known.has(messageId))).toEqual([]);
}

/** Every ARS answers, while something happens to the desk; the instruction closes. */
async function closes(instruction: Order, meanwhile?: Promise<unknown>): Promise<void> {
  await Promise.all([...ALL_ARS.map((ars) => instruction.reply(ars, { kind: 'done' })), meanwhile]);
  await awaited(`${instruction.number} closes`, async () => (await instruction.get()).status === 'closed');
  expect(await instruction.get()).toMatchObject({ counts: { done: 18 }, open: 0 });
}

test.each<Part>(['worker', 'api', 'temporal', 'postgres'])(
  'kill -9 of %s while mails leave and while answers come loses nothing and sends nothing twice',
  async (part) => {
    const instruction = await order(desk, { ...NATIONAL, subject: `Pendant la mort de ${part}` });
    await desk.killPart(part);
    await everyMailOnceOrInDoubt(instruction);
    await closes(instruction, desk.killPart(part));
  },
  120_000,
);

test('kill -9 of everything, then the same command: it goes on where it was', async () => {
  const step = { target: 'alertBox', channel: 'mail' };
  // The ladder's step falls due while nothing runs, or soon after.
  const ladder = [
    { after: 'PT4S', ...step },
    { after: 'PT3H', ...step },
  ];
  const before = await order(desk, { ...NATIONAL, ladder, subject: 'Avant la coupure' });
  await before.reply('ARS-84', { kind: 'progress', percent: 30 });
  const id = await writeDraft(desk, { ...NATIONAL, subject: 'Pendant la coupure' });
  const asked = release(desk, id);
  await desk.killAll();
  await desk.restart();
  const during = orderOf(desk, id, (await asked).number);

  expect(await before.recipient('ARS-84')).toMatchObject({
    state: 'inProgress',
    percent: 30,
    nextStep: expect.anything(),
  });
  await everyMailOnceOrInDoubt(during);
  await awaited('the ladder goes on', async () => {
    const silent = (await before.recipients()).filter(({ organisation }) => organisation !== 'ARS-84');
    return silent.length === 17 && silent.every(({ ladderStep }) => ladderStep === 1);
  });
  await everyMailOnceOrInDoubt(before);
  await Promise.all([closes(before), closes(during)]);
}, 150_000);
