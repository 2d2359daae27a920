import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Answer, awaited } from '../../stack/demo/desk-client.ts';
import { type RunningDesk, startDesk } from '../support/desk.ts';
import { alertBox, type Order, order, orderOf, release, writeDraft } from '../../stack/demo/orders.ts';

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
