import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { newId } from '../../db/database.ts';
import { HOUR, MINUTE } from '../../domain/instant.ts';
import { type ApiDesk, DRAFT, startApiDesk } from '../support/api-desk.ts';

let api: ApiDesk;
beforeAll(async () => {
  api = await startApiDesk();
});
afterAll(() => api.close());

interface Then {
  readonly status: string;
  readonly number: string | null;
  readonly turn: number;
  readonly intact: boolean;
  readonly recipients: { organisation: string; [field: string]: unknown }[];
  readonly deliveries: { organisation: string; purpose: string; status: string }[];
  readonly tasks: { kind: string; organisation: string }[];
}
interface Item {
  readonly at: string;
  readonly kind: string;
  readonly organisation: string | null;
}

const at = (id: string, time: string | number, more = '') => {
  const text = typeof time === 'number' ? new Date(time).toISOString() : time;
  return api
    .as('superviseur')
    .get<Then>(`/v1/audit/at?subject=instruction/${id}&time=${encodeURIComponent(text)}${more}`);
};

/** ARS-84 takes in charge and does, ARS-93 refuses, an hour passes; `times`: before and after each. */
async function story() {
  const author = api.as('corruss-redacteur');
  const draft = { ...DRAFT, audience: { organisations: ['ARS-84', 'ARS-93'] } };
  const { id } = (await author.post<{ id: string }>('/v1/instructions', draft)).body;
  await api.as('corruss-valideur').post(`/v1/instructions/${id}/release`);
  await api.desk.settle(id);
  const base = `/v1/instructions/${id}`;
  await api.desk.advance(id, 5 * MINUTE);
  await api.as('ars-84').post(`${base}/recipients/ARS-84/replies`, { kind: 'takenInCharge' });
  await api.desk.advance(id, 20 * MINUTE);
  await api.as('ars-93').post(`${base}/recipients/ARS-93/replies`, { kind: 'refused', comment: 'Plus aucun lit' });
  await api.desk.settle(id);
  await api.desk.advance(id, HOUR);
  await api.as('ars-84').post(`${base}/recipients/ARS-84/replies`, { kind: 'done' });
  await api.desk.settle(id);
  const timeline = (await api.as('superviseur').get<{ items: Item[] }>(`${base}/timeline?limit=500`)).body.items;
  const when = (kind: string, organisation: string | null = null, nth = 0): number => {
    const found = timeline.filter((item) => item.kind === kind && item.organisation === organisation)[nth];
    if (found === undefined) throw new Error(`${kind} of ${String(organisation)} is not in the timeline`);
    return Date.parse(found.at);
  };
  return { id, base, timeline, when };
}

test('the audit alone tells what was known at each moment: draft, sent, taken in charge, refused, done', async () => {
  const { id, base, timeline, when } = await story();
  const state = (then: Then, organisation: string) =>
    then.recipients.find((one) => one.organisation === organisation)?.['state'];

  expect((await at(id, when('drafted') - MINUTE)).status).toBe(404);
  const draft = (await at(id, when('released') - 1)).body;
  expect(draft).toMatchObject({ status: 'draft', number: null, recipients: [], turn: 0, intact: true });

  const taken = (await at(id, when('replied', 'ARS-84') + 2 * MINUTE)).body;
  expect(taken).toMatchObject({
    status: 'open',
    intact: true,
    number: expect.stringMatching(/^MINSANTE N°/),
    tasks: [],
  });
  expect([state(taken, 'ARS-84'), state(taken, 'ARS-93')]).toEqual(['takenInCharge', 'sent']);
  const first = taken.deliveries.filter(({ purpose }) => purpose === 'instruction');
  expect(first.map(({ organisation, status }) => `${organisation} ${status}`).sort()).toEqual([
    'ARS-84 sent',
    'ARS-93 sent',
  ]);

  const refused = (await at(id, when('replied', 'ARS-93') + 2 * MINUTE)).body;
  expect([state(refused, 'ARS-93'), refused.tasks]).toMatchObject([
    'refused',
    [{ kind: 'refused', organisation: 'ARS-93' }],
  ]);
  expect(refused.recipients.find((one) => one.organisation === 'ARS-93')).toMatchObject({
    lastReply: { kind: 'refused', comment: 'Plus aucun lit' },
  });

  const now = (await at(id, when('closed') + 1)).body;
  const listed = await api.as('superviseur').get<{ items: Then['recipients'] }>(`${base}/recipients`);
  expect(now.status).toBe('closed');
  expect(now.recipients).toEqual(listed.body.items.map(({ name: _, ...rest }) => rest));
  expect(timeline.map(({ kind }) => kind)).not.toContain('turnRecorded');
});

test('by the recorder’s clock the same question looks at when the desk could read it', async () => {
  const { id, when } = await story();
  // The workflow’s clock was pushed by more than an hour; the machine’s was not.
  const then = when('replied', 'ARS-84') + MINUTE;
  expect((await at(id, then)).body).toMatchObject({ status: 'open' });
  expect((await at(id, then + 24 * HOUR, '&clock=recorded')).body).toMatchObject({ status: 'closed' });
  expect((await at(id, Date.now() - HOUR, '&clock=recorded')).status).toBe(404);
});

test('an entry that somebody altered shows: the answer says that the chain does not hold', async () => {
  const { id, when } = await story();
  const { owner } = api.desk;
  const subject = `instruction/${id}`;
  await owner.transaction().execute(async (trx) => {
    await sql`alter table audit_entry disable trigger all`.execute(trx);
    await sql`update audit_entry set data = data || '{"percent": 99}' where subject = ${subject} and kind = 'replied'`.execute(
      trx,
    );
    await sql`alter table audit_entry enable trigger all`.execute(trx);
  });
  expect((await at(id, when('released'))).body).toMatchObject({ intact: true });
  expect((await at(id, when('closed') + 1)).body).toMatchObject({ intact: false, status: 'closed' });
});

test('only a supervisor asks; a wrong time or subject is refused by its field, an unknown instruction not found', async () => {
  const path = `/v1/audit/at?subject=instruction/${newId()}&time=2026-11-24T14:05:00%2B01:00`;
  for (const account of ['corruss-chef', 'ars-84', 'admin'] as const) {
    expect((await api.as(account).get(path)).status).toBe(403);
  }
  expect((await api.as('superviseur').get(path)).status).toBe(404);
  const wrong = await api
    .as('superviseur')
    .get<{ errors: { pointer: string }[] }>('/v1/audit/at?subject=organisation/ARS-84&time=mardi');
  expect([wrong.status, wrong.body.errors.map(({ pointer }) => pointer).sort()]).toEqual([422, ['/subject', '/time']]);
  expect((await api.as('superviseur').get('/v1/audit/at')).status).toBe(422);
});
