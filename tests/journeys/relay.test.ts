import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { MINUTE } from '../../domain/instant.ts';
import { relayWorkflowId } from '../../workflows/contract.ts';
import { bounceOf } from '../support/bounce.ts';
import { advance } from '../support/clock.ts';
import { HEAD } from '../support/desk-actions.ts';
import type { AccountName } from '../support/desk-accounts.ts';
import { type MailDesk, startMailDesk } from '../support/mail-desk.ts';
import type { ReceivedMail } from '../support/mail-sink.ts';
import { until } from '../support/wait.ts';

let api: MailDesk;
beforeAll(async () => {
  api = await startMailDesk();
});
afterAll(() => api.close());

let serial = 0;
/** A domain of its own for the partners of each test. */
let domain = '';
beforeEach(() => {
  serial += 1;
  domain = `p${Date.now()}-${serial}.example`;
});

interface Figures {
  readonly partners: number;
  readonly relayed: number;
  readonly reached: number;
  readonly acknowledged: number;
  readonly notReached: number;
  readonly waiting: number;
  readonly state: string;
  readonly endedAt: string | null;
}

const ZERO = { relayed: 0, reached: 0, acknowledged: 0, notReached: 0, waiting: 0 };

/** The partners named here are the only active ones. */
async function partners(organisation: string, account: AccountName, ...names: string[]): Promise<void> {
  await api.desk.database.sql.updateTable('partner').set({ active: false }).execute();
  if (names.length === 0) return;
  const lines = names.map((name) => `pharmacists;Pharmacie ${name};${name}@${domain};;;`);
  const answer = await api.app.inject({
    method: 'POST',
    url: `/v1/organisations/${organisation}/partners/import`,
    headers: { authorization: `Bearer ${await api.issuer.token(account)}`, 'content-type': 'text/csv' },
    payload: ['categorie;nom;adresse;finess;departement;telephone', ...lines].join('\n'),
  });
  expect(answer.statusCode).toBe(200);
}

const release = (...organisations: string[]) =>
  api.desk.release({
    nature: 'diffusion',
    relayTo: ['pharmacists', 'samu'],
    subject: 'Rappel de lots',
    body: 'Merci de **retirer** les lots.',
    audience: { organisations },
    deadline: '4H',
  });

const path = (id: string, organisation = 'ARS-84') => `/v1/instructions/${id}/recipients/${organisation}/relay`;
const figures = async (id: string, organisation = 'ARS-84') =>
  (await api.as('superviseur').get<Figures>(path(id, organisation))).body;
const ended = (id: string, organisation = 'ARS-84') =>
  until('the relay ended', async () => {
    const found = await figures(id, organisation);
    return found.endedAt === null ? null : found;
  });
const state = async (id: string, wanted: string, organisation = 'ARS-84') =>
  until(`the follow-up ${wanted}`, async () => (await figures(id, organisation)).state === wanted);
const mailsOf = (count: number): Promise<ReceivedMail[]> =>
  api.desk.sink.waitFor((mail) => mail.to.endsWith(`@${domain}`), count);
const linkOf = (mail: ReceivedMail): string => /http:\/\/vigie\.example(\/d\/[\w-]+)/.exec(mail.text)![1]!;
const nonceOf = (page: string): string => /name="nonce" value="([0-9a-f-]{36})"/.exec(page)![1]!;
const post = (url: string, nonce: string) =>
  api.app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ nonce }).toString(),
  });

test('an ARS relays in its own name: its address, its contact, never the desk; the follow-up is done when all is sent', async () => {
  await partners('ARS-84', 'ars-84', 'a', 'b', 'c');
  const { id } = await release('ARS-84', 'ARS-11');
  const ars = api.as('ars-84');
  const preview = await ars.get<{ total: number; items: { address: string }[]; text: string; subject: string }>(
    `${path(id)}/preview?note=Pour%20action`,
  );
  expect([preview.status, preview.body.total]).toEqual([200, 3]);
  expect(preview.body.items.map(({ address }) => address).sort()).toEqual(
    ['a', 'b', 'c'].map((one) => `${one}@${domain}`),
  );
  const asked = await ars.post<{ relay: string; partners: number }>(path(id), { note: 'Pour action avant ce soir.' });
  expect([asked.status, asked.body]).toMatchObject([202, { partners: 3, again: false }]);
  const mails = await mailsOf(3);
  for (const mail of mails) {
    expect([mail.from, mail.replyTo]).toEqual(['ars84-alerte@ars-84.example', 'ars84-alerte@ars-84.example']);
    expect(mail.envelope.from).toMatch(/^[a-z2-7]{32}@reply\.vigie\.example$/);
    expect(mail.subject).toBe('ARS Auvergne-Rhône-Alpes – Rappel de lots');
    expect(mail.text).toContain('Pour action avant ce soir.');
    expect(`${mail.raw.toString()} ${mail.text} ${mail.html}`).not.toMatch(/corruss/i);
  }
  expect(new Set(mails.map(({ to }) => to)).size).toBe(3);
  expect(await ended(id)).toMatchObject({ ...ZERO, partners: 3, relayed: 3, reached: 3 });
  await state(id, 'done');
  const kinds = (await api.desk.timeline(id))
    .filter(({ organisation }) => organisation === 'ARS-84')
    .map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind.startsWith('relay'))).toEqual(['relayStarted', 'relayEnded']);
  expect(kinds.filter((kind) => kind === 'replied')).toHaveLength(2);
  expect(await figures(id, 'ARS-11')).toMatchObject({ ...ZERO, partners: 0, state: 'sent' });
});

test('asked for twice, also at once, it is the same relay, and nobody gets two mails', async () => {
  await partners('ARS-84', 'ars-84', 'a', 'b');
  const { id } = await release('ARS-84');
  const answers = await Promise.all([1, 2, 3].map(() => api.as('ars-84').post<{ relay: string }>(path(id))));
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
  expect(new Set(answers.map(({ body }) => body.relay)).size).toBe(1);
  await ended(id);
  await state(id, 'done');
  const again = await api.as('ars-84').post<{ relay: string; again: boolean }>(path(id));
  expect(again.body).toMatchObject({ relay: answers[0]!.body.relay, again: true });
  expect(await mailsOf(2)).toHaveLength(2);
});

test('only the ARS itself relays: another finds nothing, an ARS de zone reads figures, the desk never speaks in its name', async () => {
  await partners('ARS-94', 'ars-94', 'corse');
  const { id } = await release('ARS-94');
  const to = path(id, 'ARS-94');
  const ask = async (account: AccountName) => (await api.as(account).post(to)).status;
  expect([await ask('ars-84'), await ask('ars-93'), await ask('corruss-chef'), await ask('admin')]).toEqual([
    404, 403, 403, 403,
  ]);
  expect((await api.as('ars-94').post(to, { couleur: 1 })).status).toBe(422);
  expect((await api.as('ars-94').post(to)).status).toBe(202);
  await ended(id, 'ARS-94');
  const read = async (account: AccountName, url: string) => (await api.as(account).get(url)).status;
  expect([await read('ars-93', to), await read('ars-93', `${to}/partners`), await read('ars-84', to)]).toEqual([
    200, 403, 404,
  ]);
  expect([await read('corruss-chef', `${to}/partners`), await read('ars-94', `${to}/partners`)]).toEqual([403, 200]);
  const nation = await api.as('corruss-chef').get<{ items: Figures[] }>(`/v1/instructions/${id}/relays`);
  expect(nation.body.items).toMatchObject([{ organisation: 'ARS-94', partners: 1, reached: 1 }]);
  expect((await api.as('ars-84').get(`/v1/instructions/${id}/relays`)).status).toBe(404);
  const detail = await api.as('corruss-chef').get(`/v1/instructions/${id}`);
  expect(detail.body).toMatchObject({ relays: { organisations: 1, partners: 1, reached: 1, acknowledged: 0 } });
});

test('a partner acknowledges by its own link: opening changes nothing, a replay neither, another’s token nothing', async () => {
  await partners('ARS-84', 'ars-84', 'a', 'b');
  const { id } = await release('ARS-84');
  await api.as('ars-84').post(path(id));
  const [first] = await mailsOf(2);
  await ended(id);
  const link = linkOf(first!);
  const page = await api.app.inject(link);
  expect([page.statusCode, page.headers['cache-control']]).toEqual([200, 'no-store']);
  expect(page.body).toContain('ars84-alerte@ars-84.example');
  expect(page.body).not.toMatch(/corruss|<script/i);
  expect(await figures(id)).toMatchObject({ acknowledged: 0 });
  const nonce = nonceOf(page.body);
  for (const _again of [1, 2]) expect((await post(link, nonce)).body).toContain('est enregistré');
  expect((await post(link, nonceOf(page.body))).statusCode).toBe(200);
  expect(await figures(id)).toMatchObject({ reached: 2, acknowledged: 1 });
  for (const wrong of [link.toUpperCase().replace('/D/', '/d/'), `${link}x`, '/d/x']) {
    const refused = await post(wrong, nonce);
    expect([refused.statusCode, /corruss/i.test(refused.body)]).toEqual([404, false]);
  }
  expect((await api.app.inject(link.replace('/d/', '/r/'))).statusCode).toBe(404);
  expect((await post(link, 'x')).statusCode).toBe(422);
  expect(await figures(id)).toMatchObject({ acknowledged: 1 });
  const listed = await api.as('ars-84').get<{ items: { name: string }[] }>(`${path(id)}/partners?state=acknowledged`);
  expect(listed.body.items).toHaveLength(1);
});

test('a refused address is a partner not reached: corrected, it alone gets it again, and the follow-up is done', async () => {
  await partners('ARS-84', 'ars-84', 'bon', 'faux');
  const { id } = await release('ARS-84');
  const undo = api.desk.sink.refuse(/^faux@/, 550);
  await api.as('ars-84').post(path(id));
  expect(await ended(id)).toMatchObject({ partners: 2, reached: 1, notReached: 1 });
  undo();
  await state(id, 'inProgress');
  const missing = await api
    .as('ars-84')
    .get<{ items: { partner: string; address: string; reason: string }[] }>(`${path(id)}/partners?state=notReached`);
  expect(missing.body.items).toMatchObject([{ address: `faux@${domain}`, reason: expect.stringContaining('550') }]);
  const { partner } = missing.body.items[0]!;
  await api.as('ars-84').patch(`/v1/organisations/ARS-84/partners/${partner}`, { address: `juste@${domain}` });
  const resend = `${path(id)}/partners/${partner}/resend`;
  expect((await api.as('ars-11').post(resend)).status).toBe(404);
  expect((await api.as('ars-84').post(resend)).status).toBe(202);
  await until('the partner reached', async () => (await figures(id)).reached === 2);
  await state(id, 'done');
  expect((await mailsOf(2)).map(({ to }) => to).sort()).toEqual([`bon@${domain}`, `juste@${domain}`]);
  expect((await api.as('ars-84').post(resend.replace(partner, id))).status).toBe(404);
});

test('a mail that comes back marks its partner as not reached; an absence or a passing trouble does not', async () => {
  await partners('ARS-84', 'ars-84', 'a', 'b');
  const { id } = await release('ARS-84');
  await api.as('ars-84').post(path(id));
  const [one, other] = await mailsOf(2);
  await ended(id);
  await state(id, 'done');
  const away = await api.post({
    to: one!.envelope.from,
    from: one!.to,
    subject: 'Réponse automatique : absence',
    text: 'Je suis absent.',
    headers: { 'Auto-Submitted': 'auto-replied' },
  });
  const passing = await api.post(bounceOf(one!, '4.2.2', 'delayed'));
  expect([(await api.row(away)).state, (await api.row(passing)).signal]).toEqual(['outOfOffice', null]);
  expect(await figures(id)).toMatchObject({ reached: 2, notReached: 0 });
  const lost = await api.post(bounceOf(other!, '5.1.1', 'failed'));
  expect(await api.row(lost)).toMatchObject({ state: 'bounce', instruction_id: id, organisation_id: 'ARS-84' });
  expect(await figures(id)).toMatchObject({ relayed: 2, reached: 1, notReached: 1, state: 'done' });
  const missing = await api.as('ars-84').get<{ items: { address: string }[] }>(`${path(id)}/partners?state=notReached`);
  expect(missing.body.items).toMatchObject([{ address: other!.to }]);
});

test('while the relay of mails is away nothing is lost and nothing storms; it leaves by itself afterwards', async () => {
  await partners('ARS-84', 'ars-84', ...Array.from({ length: 40 }, (_, n) => `p${n}`));
  const { id } = await release('ARS-84');
  await api.desk.sink.stop();
  expect((await api.as('ars-84').post(path(id))).status).toBe(202);
  const workflow = relayWorkflowId(id, 'ARS-84');
  for (let minutes = 0; minutes < 60; minutes += 30) await advance(api.desk.client, workflow, 30 * MINUTE);
  const { attempts } = await api.desk.database.sql
    .selectFrom('relay_mail')
    .innerJoin('relay', 'relay.id', 'relay_mail.relay_id')
    .select(({ fn }) => [fn.sum<string>('attempts').as('attempts')])
    .where('instruction_id', '=', id)
    .executeTakeFirstOrThrow();
  // A few mails are tried at each attempt, the rest is left alone.
  expect(Number(attempts)).toBeLessThan(60 * 5);
  expect(await figures(id)).toMatchObject({ waiting: 40, notReached: 0, endedAt: null });
  await api.desk.sink.start();
  await advance(api.desk.client, workflow, 20 * MINUTE);
  expect(await ended(id)).toMatchObject({ partners: 40, reached: 40 });
  const mails = await mailsOf(40);
  expect(new Set(mails.map(({ to }) => to)).size).toBe(mails.length);
});

test('a message that is cancelled while the relay of mails is away is passed on to nobody', async () => {
  await partners('ARS-84', 'ars-84', 'a', 'b');
  const { id } = await release('ARS-84', 'ARS-11');
  await api.desk.sink.stop();
  await api.as('ars-84').post(path(id));
  await until('a first try', async () => {
    const row = await api.desk.database.sql
      .selectFrom('relay_mail')
      .select('id')
      .where('status', '=', 'waiting')
      .executeTakeFirst();
    return row ?? null;
  });
  await api.desk.command(id, { kind: 'close', organisation: 'ARS-84', reason: 'Message annulé.', by: HEAD });
  await api.desk.sink.start();
  await advance(api.desk.client, relayWorkflowId(id, 'ARS-84'), 10 * MINUTE);
  expect(await ended(id)).toMatchObject({ partners: 2, relayed: 0, notReached: 2, waiting: 0 });
  expect(api.desk.sink.mails.filter(({ to }) => to.endsWith(`@${domain}`))).toEqual([]);
});

test('a relay is refused, with its reason, where there is nobody to relay to or nothing to relay', async () => {
  await partners('ARS-84', 'ars-84');
  const { id } = await release('ARS-84');
  const empty = await api.as('ars-84').post<{ detail: string }>(path(id));
  expect([empty.status, empty.body.detail]).toEqual([409, expect.stringContaining('annuaire')]);
  const action = await api.desk.release({ audience: { organisations: ['ARS-84'] } });
  expect((await api.as('ars-84').post(path(action.id))).status).toBe(409);
  expect((await api.as('ars-84').get(`${path(action.id)}/preview`)).status).toBe(409);
  await partners('ARS-84', 'ars-84', 'a');
  await api.desk.reply(id, 'ARS-84', 'done', { comment: 'Diffusé par notre liste, 212 pharmacies.' });
  const closed = await api.as('ars-84').post<{ detail: string }>(path(id));
  expect([closed.status, closed.body.detail]).toEqual([409, expect.stringContaining('clos')]);
});
