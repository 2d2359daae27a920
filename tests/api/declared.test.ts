import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ApiDesk, startApiDesk } from '../support/api-desk.ts';
import type { AccountName } from '../support/desk-accounts.ts';
import { pdfText } from '../support/pdf-text.ts';
import { until } from '../support/wait.ts';

let api: ApiDesk;
beforeAll(async () => {
  api = await startApiDesk();
});
afterAll(() => api.close());

interface Relay {
  readonly organisation: string;
  readonly relayed: number;
  readonly declared: Record<string, unknown> | null;
}

const DIFFUSION = { nature: 'diffusion', relayTo: ['pharmacists'], subject: 'Rappel de lots' };
const release = (changes: object = {}, organisations = ['ARS-84', 'ARS-11', 'ARS-93']) =>
  api.desk.release({ ...DIFFUSION, ...changes, audience: { organisations } });
const recipient = (id: string, org: string) => `/v1/instructions/${id}/recipients/${org}`;
const say = (account: AccountName, id: string, org: string, body: object) =>
  api
    .as(account)
    .post<{ errors?: { pointer: string; message: string }[]; declared?: object }>(
      `${recipient(id, org)}/replies`,
      body,
    );
const relays = async (id: string, account: AccountName = 'corruss-chef') =>
  (await api.as(account).get<{ items: Relay[] }>(`/v1/instructions/${id}/relays`)).body.items;
const totals = async (id: string) => (await api.as('corruss-chef').get(`/v1/instructions/${id}`)).body['relays'];
const lines = async (id: string) =>
  (
    await api.as('superviseur').get<{ items: { text: string }[] }>(`/v1/instructions/${id}/timeline?limit=500`)
  ).body.items.map(({ text }) => text.replaceAll('\u00a0', ' '));
const text = (page: string): string =>
  page
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/[\s\u00a0]+/g, ' ');
const NONE = { relayed: 0, reached: 0, acknowledged: 0, notReached: 0 };

/** The path of the reply link that an ARS got by mail. */
async function linkOf(number: string, org: string): Promise<string> {
  const box = `ars${org.slice(4)}-alerte@`;
  const [mail] = await api.desk.sink.waitFor((one) => one.subject.includes(number) && one.to.startsWith(box), 1);
  return /http:\/\/vigie\.example(\/r\/[\w-]+)/.exec(mail!.text)![1]!;
}

async function submit(path: string, fields: Record<string, string>) {
  const nonce = /name="nonce" value="([0-9a-f-]{36})"/.exec((await api.app.inject(path)).body)![1]!;
  return api.app.inject({
    method: 'POST',
    url: path,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ nonce, ...fields }).toString(),
  });
}

test('what an ARS declares stands beside what Vigie counted, for it and for the nation, and the last one counts', async () => {
  const { id } = await release();
  const first = { relayed: 900, notReached: 40, means: 'liste régionale' };
  expect((await say('ars-84', id, 'ARS-84', { kind: 'progress', percent: 70, declared: first })).status).toBe(200);
  const before = new Date().toISOString();
  const whole = { relayed: 1204, reached: 1150, acknowledged: 800, notReached: 54 };
  const done = await say('ars-84', id, 'ARS-84', { kind: 'done', comment: 'Diffusé.', declared: whole });
  expect([done.status, done.body.declared]).toMatchObject([200, { ...whole, means: null }]);
  // CORRUSS on behalf of an ARS; this one knows only how many it relayed to.
  const behalf = { kind: 'progress', declared: { relayed: 10 } };
  expect((await say('corruss-valideur', id, 'ARS-93', behalf)).status).toBe(200);
  expect(await relays(id)).toMatchObject([
    { organisation: 'ARS-11', ...NONE, declared: null },
    { organisation: 'ARS-84', ...NONE, askedAt: null, declared: { ...whole, means: null } },
    { organisation: 'ARS-93', ...NONE, declared: { relayed: 10, reached: null, acknowledged: null } },
  ]);
  expect(await totals(id)).toEqual({
    ...{ organisations: 0, partners: 0, ...NONE, waiting: 0 },
    declared: { organisations: 2, relayed: 1214, reached: 1150, acknowledged: 800, notReached: 54 },
    both: 0,
  });
  expect(await relays(id, 'ars-93')).toMatchObject([{ organisation: 'ARS-93' }]);
  const own = await api.as('ars-93').get(`/v1/instructions/${id}`);
  expect(own.body['relays']).toMatchObject({ declared: { organisations: 1, relayed: 10, reached: null } });
  expect((await lines(id)).filter((line) => line.includes('déclaré hors Vigie'))).toEqual([
    'ARS-84 répond « en cours à 70 % » (application) ; déclaré hors Vigie : 900 relayés, 40 non joints (liste régionale)',
    'ARS-84 répond « réalisé » (application) : « Diffusé. » ; déclaré hors Vigie : 1 204 relayés, 1 150 joints, 800 accusés de réception, 54 non joints',
    'ARS-93 répond « en cours » (application, saisi pour son compte par corruss-valideur (CORRUSS)) ; déclaré hors Vigie : 10 relayés',
  ]);
  const at = async (time: string) =>
    (
      await api.as('superviseur').get<{ recipients: Relay[] }>(`/v1/audit/at?subject=instruction/${id}&time=${time}`)
    ).body.recipients.find(({ organisation }) => organisation === 'ARS-84')?.declared;
  expect(await at(before)).toMatchObject({ relayed: 900, reached: null, notReached: 40, means: 'liste régionale' });
  expect(await at('2999-01-01T00:00:00Z')).toMatchObject(whole);
  const [echo] = await api.desk.sink.waitFor((mail) => mail.to.startsWith('ars84') && mail.text.includes('1 204'), 1);
  expect(echo?.text).toContain('Déclaré hors Vigie');
}, 60_000);

test('what was relayed through Vigie and what was declared are never added up', async () => {
  const entries = ['a', 'b'].map((name) => `pharmacists;Pharmacie ${name};${name}@declared.example;;;`);
  await api.app.inject({
    method: 'POST',
    url: '/v1/organisations/ARS-84/partners/import',
    headers: { authorization: `Bearer ${await api.issuer.token('ars-84')}`, 'content-type': 'text/csv' },
    payload: ['categorie;nom;adresse;finess;departement;telephone', ...entries].join('\n'),
  });
  const { id } = await release({ acceptance: 'required' }, ['ARS-84', 'ARS-11']);
  expect((await api.as('ars-84').post(`${recipient(id, 'ARS-84')}/relay`)).status).toBe(202);
  await until('the relay is told', async () => (await api.desk.followUp(id, 'ARS-84')).state === 'done');
  const more = { kind: 'done', comment: 'Et par l’ordre.', declared: { relayed: 30, reached: 28 } };
  expect((await say('ars-84', id, 'ARS-84', more)).status).toBe(200);
  expect((await relays(id))[1]).toMatchObject({ partners: 2, relayed: 2, reached: 2, declared: { relayed: 30 } });
  expect(await totals(id)).toMatchObject({
    ...{ organisations: 1, partners: 2, relayed: 2, reached: 2 },
    declared: { organisations: 1, relayed: 30, reached: 28, acknowledged: null },
    both: 1,
  });
}, 60_000);

test('each wrong field is named in French, in the body and by the follow-up; nothing of it is kept', async () => {
  const { id } = await release({}, ['ARS-84']);
  const wrong = { relayed: -1, reached: 'x', seen: 3, means: '\u200b' };
  const answer = await say('ars-84', id, 'ARS-84', { kind: 'done', comment: 'Fait.', declared: wrong });
  expect([answer.status, answer.body.errors?.map(({ pointer }) => pointer).toSorted()]).toEqual([
    422,
    ['/declared/means', '/declared/reached', '/declared/relayed', '/declared/seen'],
  ]);
  const sums = { relayed: 10, reached: 6, notReached: 5, acknowledged: 7 };
  const summed = await say('ars-84', id, 'ARS-84', { kind: 'done', comment: 'Fait.', declared: sums });
  expect([summed.status, summed.body.errors]).toMatchObject([
    422,
    [
      { pointer: '/declared/notReached', message: 'Joints et non joints dépassent ensemble le nombre de relayés.' },
      { pointer: '/declared/acknowledged' },
    ],
  ]);
  const kind = await say('ars-84', id, 'ARS-84', { kind: 'takenInCharge', declared: { relayed: 1 } });
  expect([kind.status, kind.body.errors]).toMatchObject([422, [{ pointer: '/declared', code: 'notAllowed' }]]);
  expect((await say('ars-84', id, 'ARS-84', { kind: 'done', declared: { relayed: 1 } })).body.errors).toMatchObject([
    { pointer: '/comment', code: 'required' },
  ]);
  expect((await relays(id))[0]).toMatchObject({ declared: null, state: 'sent' });
  const action = await api.desk.release({ audience: { organisations: ['ARS-84'] } });
  const nature = await say('ars-84', action.id, 'ARS-84', { kind: 'done', declared: { relayed: 1 } });
  expect([nature.status, nature.body.errors]).toMatchObject([
    422,
    [
      {
        pointer: '/declared',
        message: 'Un bilan de diffusion n’accompagne qu’un message pour diffusion.',
      },
    ],
  ]);
  expect((await api.desk.followUp(action.id, 'ARS-84')).lastReply).toBeNull();
}, 60_000);

test('by signal: what is right counts, what is wrong is audited with the name of the field', async () => {
  const { id } = await release({}, ['ARS-84']);
  const said = { organisation: 'ARS-84', kind: 'done', comment: 'Diffusé.', from: 'SIRSé', messageId: 'signal-1' };
  await api.desk.signal(id, { ...said, declared: { relayed: 5, reached: 6 } });
  await api.desk.signal(id, { ...said, declared: { relayed: 5, reached: 5 } });
  await api.desk.settle(id);
  expect(await relays(id)).toMatchObject([{ state: 'done', declared: { relayed: 5, reached: 5 } }]);
  const rubbish = (await api.desk.timeline(id)).filter(({ kind }) => kind === 'rubbishReceived');
  expect(rubbish).toMatchObject([
    { data: { errors: ['/declared/reached Pas plus de destinataires joints que de relayés.'] } },
  ]);
}, 60_000);

test('the page of the link takes the figures, tells each wrong one beside its field, and shows the last', async () => {
  const { id, number } = await release({}, ['ARS-84']);
  const path = await linkOf(number, 'ARS-84');
  const form = (await api.app.inject(path)).body;
  expect(form.match(/type="number"[^>]*/g)?.length).toBe(5);
  const fields = { kind: 'done', comment: 'Diffusé.', relayed: '12', reached: '13', means: 'liste <régionale>' };
  const refused = await submit(path, fields);
  expect(refused.statusCode).toBe(422);
  expect(refused.body).toMatch(/id="reached"[^>]+value="13"[^>]+aria-invalid="true"/);
  expect(refused.body).toMatch(/id="reached-error">Pas plus de destinataires joints que de relayés/);
  expect(refused.body).toContain('value="liste &lt;régionale&gt;"');
  expect((await submit(path, { ...fields, relayed: '', reached: 'douze' })).body).toMatch(
    /id="relayed-error">Le nombre.*id="reached-error">Nombre entier/s,
  );
  // Typed figures are never dropped in silence.
  const misplaced = await submit(path, { ...fields, kind: 'takenInCharge', reached: '' });
  expect([misplaced.statusCode, misplaced.body]).toEqual([422, expect.stringContaining('id="declared-error"')]);
  expect(await relays(id)).toMatchObject([{ declared: null, state: 'sent' }]);
  const recorded = await submit(path, { ...fields, relayed: '1 204', reached: '1150' });
  expect([recorded.statusCode, text(recorded.body)]).toEqual([
    200,
    expect.stringContaining('Déclaré hors Vigie 1 204 relayés, 1 150 joints (liste &lt;régionale&gt;)'),
  ]);
  expect(await relays(id)).toMatchObject([{ state: 'done', declared: { relayed: 1204, means: 'liste <régionale>' } }]);
  const order = await api.desk.release({ audience: { organisations: ['ARS-84'] } });
  const action = await linkOf(order.number, 'ARS-84');
  expect((await api.app.inject(action)).body).not.toContain('hors Vigie');
  const crafted = await submit(action, { kind: 'done', relayed: '3' });
  expect([crafted.statusCode, crafted.body]).toEqual([422, expect.stringContaining('qu’un message pour diffusion')]);
}, 60_000);

test('the file of the instruction, as JSON and as PDF, tells both figures', async () => {
  const { id } = await release({}, ['ARS-84', 'ARS-11']);
  const declared = { relayed: 1204, reached: 1150, acknowledged: 800, notReached: 54, means: 'liste régionale' };
  await say('ars-84', id, 'ARS-84', { kind: 'done', comment: 'Diffusé.', declared });
  interface File {
    relays: Relay[];
    recipients: { organisation: string; declared: object | null; replies: { declared: object | null }[] }[];
  }
  const { body } = await api.as('superviseur').get<File>(`/v1/instructions/${id}/export`);
  expect(body.relays).toMatchObject([{ declared: null }, { organisation: 'ARS-84', relayed: 0, declared }]);
  expect(body.recipients[1]).toMatchObject({ declared, replies: [{ declared }] });
  const headers = { authorization: `Bearer ${await api.issuer.token('superviseur')}` };
  const pdf = pdfText((await api.app.inject({ url: `/v1/instructions/${id}/export.pdf`, headers })).rawPayload);
  expect(pdf).toContain('Diffusion aux partenaires');
  const words = '1 204 relayés, 1 150 joints, 800 accusés de réception, 54 non joints';
  for (const told of [`${words} (liste régionale)`, `[déclaré hors Vigie : ${words}`, `${words} (1 agence(s))`]) {
    expect(pdf.replace(/[\s\u00a0]+/g, '')).toContain(told.replaceAll(' ', ''));
  }
}, 60_000);
