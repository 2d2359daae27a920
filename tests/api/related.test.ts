import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { storedProcess } from '../../db/stores/process/stored-process.ts';
import { HOUR } from '../../domain/instant.ts';
import { type ApiDesk, DRAFT, startApiDesk } from '../support/api-desk.ts';

/* docs/walkthroughs/cancellation.md is followed here, step by step. */

let api: ApiDesk;
beforeAll(async () => {
  api = await startApiDesk();
});
afterAll(() => api.close());

interface Detail {
  readonly [field: string]: unknown;
  readonly supersededBy: { readonly number: string } | null;
}
interface Sent {
  readonly id: string;
  readonly number: string;
}

const author = () => api.as('corruss-redacteur');
const detail = async (id: string) => (await api.as('superviseur').get<Detail>(`/v1/instructions/${id}`)).body;
const recipient = async (id: string, ars: string) =>
  (await api.as('superviseur').get(`/v1/instructions/${id}/recipients/${ars}`)).body;

/** What the audit alone knew then. */
async function known(id: string, then = Date.parse('2099-01-01T00:00:00Z')) {
  const time = new Date(then).toISOString();
  return (await api.as('superviseur').get(`/v1/audit/at?subject=instruction/${id}&time=${time}`)).body;
}

async function release(id: string): Promise<Sent> {
  const { status, body } = await api.as('corruss-valideur').post<{ number: string }>(`/v1/instructions/${id}/release`);
  expect([status, body]).toEqual([202, expect.objectContaining({ number: expect.stringContaining('MINSANTE') })]);
  await api.desk.settle(id);
  return { id, number: body.number };
}

async function sent(changes: object = {}): Promise<Sent> {
  const made = await author().post<{ id: string }>('/v1/instructions', { ...DRAFT, ...changes });
  return release(made.body.id);
}

/** Drafted and released; the first message has heard of it. */
async function overtake(first: Sent, route: string, body: object): Promise<Sent> {
  const made = await author().post<{ id: string }>(`/v1/instructions/${first.id}/${route}`, body);
  expect([made.status, made.body]).toMatchObject([201, { status: 'draft' }]);
  const other = await release(made.body.id);
  await api.desk.settle(first.id);
  return other;
}

test('a cancellation is a message of its own: numbered, released by another, read by those who got the first', async () => {
  const first = await sent();
  await api.as('ars-84').post(`/v1/instructions/${first.id}/recipients/ARS-84/replies`, { kind: 'done' });
  const reason = 'Fausse alerte : le **recensement** est sans objet.';
  const made = await author().post<{ id: string }>(`/v1/instructions/${first.id}/cancel`, { reason });
  const preview = await author().get<{ subject: string; text: string }>(`/v1/instructions/${made.body.id}/preview`);
  expect(preview.body.subject).toContain(`ANNULE ${first.number} – POUR INFORMATION`);
  expect(preview.body.text).toContain(`Ce message annule ${first.number}`);
  expect((await author().post(`/v1/instructions/${made.body.id}/release`)).status).toBe(403);
  expect((await detail(first.id))['status']).toBe('open');

  const second = await release(made.body.id);
  await api.desk.settle(first.id);
  expect(await detail(first.id)).toMatchObject({
    status: 'cancelled',
    counts: { done: 1, cancelled: 3 },
    supersededBy: { id: second.id, number: second.number, relation: 'cancellation' },
  });
  expect(await detail(second.id)).toMatchObject({
    nature: 'information',
    recipients: 4,
    refersTo: { id: first.id, number: first.number, relation: 'cancellation' },
  });
  // The supervisor's question, before and after, is answered in the same words by the audit alone.
  const of = { number: first.number, refersTo: null };
  const before = Date.parse(String((await detail(second.id))['releasedAt'])) - 1;
  expect(await known(first.id, before)).toMatchObject({ ...of, status: 'open', supersededBy: null });
  expect(await known(first.id)).toMatchObject({
    ...of,
    status: 'cancelled',
    supersededBy: { id: second.id, number: second.number, relation: 'cancellation', at: expect.any(String) },
  });
  expect(await known(second.id)).toMatchObject({
    supersededBy: null,
    refersTo: { id: first.id, number: first.number, relation: 'cancellation', releasedAt: expect.any(String) },
  });
  const mails = api.desk.sink.mails.filter(({ subject }) => subject.startsWith(second.number));
  expect(mails).toHaveLength(4);
  expect(mails[0]?.header('references')).toBe(`<${first.id}@reply.vigie.example> <${second.id}@reply.vigie.example>`);
  const told = await api.as('ars-11').get<{ items: { text: string }[] }>(`/v1/instructions/${first.id}/timeline`);
  expect(told.body.items.map(({ text }) => text).join('\n')).toContain(`annulée par ${second.number}`);
  const result = api.desk.sink.mails.find(({ subject }) => subject.startsWith(`RÉSULTAT – ${first.number}`));
  expect(result?.text).toContain(`annulée par ${second.number}`);
}, 60_000);

test('nobody is reminded of what was cancelled, and late answers are told why they do not count', async () => {
  const first = await sent();
  const second = await overtake(first, 'all-clear', { reason: 'La situation est revenue à la normale.' });
  expect(second.number).not.toBe(first.number);
  await api.desk.advance(first.id, 5 * HOUR);
  expect(await api.desk.deliveries(first.id, 'ARS-94')).toMatchObject([{ purpose: 'instruction', status: 'sent' }]);
  const late = await api.as('ars-94').post(`/v1/instructions/${first.id}/recipients/ARS-94/replies`, { kind: 'done' });
  expect([late.status, late.body['detail']]).toEqual([
    409,
    expect.stringContaining(`fin d’alerte) par ${second.number}`),
  ]);
  const back = await api
    .as('corruss-chef')
    .post(`/v1/instructions/${first.id}/recipients/ARS-94/return`, { reason: 'Précisez.' });
  expect(back.status).toBe(409);
  // What was known is rebuilt from the audit alone.
  const then = await known(first.id);
  expect(then).toMatchObject({ status: 'cancelled', supersededBy: { number: second.number, relation: 'allClear' } });
}, 60_000);

const linkOf = (number: string, box: string): string => {
  const mail = api.desk.sink.mails.find(({ subject, to }) => subject.startsWith(number) && to.includes(box));
  return /http:\/\/vigie\.example(\/r\/[\w-]+)/.exec(mail!.text)![1]!;
};
const page = async (url: string) => (await api.app.inject(url)).body.replaceAll(/\s+/g, ' ');

test('the reply page names the message that has overtaken its own, takes no answer, and gives no other link away', async () => {
  const first = await sent();
  const link = linkOf(first.number, 'ars11-alerte');
  expect(await page(link)).toContain('Confirmer la réponse');
  const second = await overtake(first, 'cancel', { reason: 'Fausse alerte.' });
  const told = await page(link);
  expect(told).toContain(
    `Ce message a été annulé par <a href="/instructions/${second.id}">${second.number}</a></strong>, diffusé `,
  );
  expect(told).not.toContain('Confirmer la réponse');
  expect(told).not.toContain('href="/r/');
  const other = await page(linkOf(second.number, 'ars11-alerte'));
  expect(other).toContain(`Ce message annule <a href="/instructions/${first.id}">${first.number}</a>, diffusé `);
  expect(other).toContain('Confirmer la réponse');

  const third = await sent();
  const fourth = await overtake(third, 'amend', { deadline: '8H' });
  const amended = await page(linkOf(third.number, 'ars11-alerte'));
  expect(amended).toContain('Ce message a été modifié et remplacé par');
  expect(amended).toContain(`répondez à ${fourth.number}`);
}, 60_000);

test('an ARS reads on the page of its instruction what has overtaken it, and what it refers to', async () => {
  const first = await sent();
  const second = await overtake(first, 'all-clear', { reason: 'Retour à la normale.' });
  const read = async (id: string) => (await api.as('ars-11').get(`/instructions/${id}`)).text.replaceAll(/\s+/g, ' ');
  expect(await read(first.id)).toContain(
    `Ce message a été levé (fin d’alerte) par <a href="/instructions/${second.id}">${second.number}</a>`,
  );
  expect(await read(second.id)).toContain(
    `Ce message met fin à <a href="/instructions/${first.id}">${first.number}</a>`,
  );
}, 60_000);

test('an amendment takes the place of the first: its recipients answer to it, whatever they had answered before', async () => {
  const first = await sent({ exercise: true });
  await api.as('ars-84').post(`/v1/instructions/${first.id}/recipients/ARS-84/replies`, { kind: 'takenInCharge' });
  const second = await overtake(first, 'amend', { body: 'Recenser aussi les lits **fermés**.', deadline: '8H' });
  expect(second.number).toMatch(/^MINSANTE EXERCICE N°/);
  expect(await recipient(first.id, 'ARS-84')).toMatchObject({ state: 'cancelled' });
  expect(await recipient(second.id, 'ARS-84')).toMatchObject({ state: 'sent' });
  const [mail] = api.desk.sink.mails.filter(({ subject }) => subject.includes(`${second.number} – MODIFIE`));
  expect(mail?.subject).toBe(`EXERCICE – ${second.number} – MODIFIE ${first.number} – POUR ACTION – ${DRAFT.subject}`);
  // A chain goes on from its last message only.
  const again = await author().post(`/v1/instructions/${first.id}/cancel`, { reason: 'Trop tard.' });
  expect([again.status, again.body['detail']]).toEqual([409, expect.stringContaining(second.number)]);
  const third = await overtake(second, 'cancel', { reason: 'Exercice terminé.' });
  expect(await detail(second.id)).toMatchObject({ status: 'cancelled', supersededBy: { number: third.number } });
}, 60_000);

test('of two messages that would overtake the same one, the second is not released', async () => {
  const first = await sent();
  const drafts = await Promise.all(
    ['cancel', 'all-clear'].map((route) =>
      author().post<{ id: string }>(`/v1/instructions/${first.id}/${route}`, { reason: 'Sans objet.' }),
    ),
  );
  const answers = await Promise.all(
    drafts.map(({ body }) => api.as('corruss-valideur').post(`/v1/instructions/${body.id}/release`)),
  );
  expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 409]);
  const refused = answers.find(({ status }) => status === 409);
  expect(refused?.body).toMatchObject({ type: 'urn:vigie:problem:superseded' });
  const numbers = (await detail(first.id)).supersededBy?.number;
  expect(numbers).toBe(answers.find(({ status }) => status === 202)?.body['number']);
}, 60_000);

test('what is fixed by the first message, and every wrong field, is refused with its name', async () => {
  const first = await sent({ exercise: true });
  const path = `/v1/instructions/${first.id}`;
  const pointers = ({ body }: { body: Record<string, unknown> }) =>
    (body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer).toSorted();
  const dropped = await author().post(`${path}/amend`, { exercise: false, subject: 'a\nb', deadline: 'hier' });
  expect([dropped.status, pointers(dropped)]).toEqual([422, ['/deadline', '/exercise', '/subject']]);
  const wrong = await author().post(`${path}/cancel`, { reason: '<b>HTML</b>', surprise: 1 });
  expect([wrong.status, pointers(wrong)]).toEqual([422, ['/reason', '/surprise']]);
  expect((await author().post(`${path}/cancel`, {})).status).toBe(422);
  expect((await author().post(`${path}/amend`, {})).status).toBe(422);
  expect((await api.as('corruss-valideur').post(`${path}/cancel`, { reason: 'x' })).status).toBe(403);
  expect((await api.as('ars-84').post(`${path}/cancel`, { reason: 'x' })).status).toBe(403);

  const made = await author().post<{ id: string }>(`${path}/amend`, { subject: 'Autre objet' });
  const draft = `/v1/instructions/${made.body.id}`;
  const patched = await author().patch(draft, { exercise: false, audience: { national: true } });
  expect([patched.status, pointers(patched)]).toEqual([422, ['/audience', '/exercise']]);
  expect((await author().patch(draft, { body: 'Texte relu.' })).status).toBe(200);
  const ofDraft = await author().post(`${draft}/cancel`, { reason: 'Sans objet.' });
  expect([ofDraft.status, ofDraft.body['detail']]).toEqual([409, expect.stringContaining('« brouillon »')]);
}, 60_000);

test('a cancelled instruction is followed again as cancelled where its workflow was lost', async () => {
  const first = await sent();
  const other = await overtake(first, 'cancel', { reason: 'Sans objet.' });
  const stored = await storedProcess(api.desk.database.sql, first.id);
  const { status, supersededBy, closedAt } = await api.desk.process(first.id);
  expect([status, supersededBy?.number]).toEqual(['cancelled', other.number]);
  expect(stored).toMatchObject({ status, supersededBy, closedAt });
}, 60_000);

test('a message that was closed before its all-clear knows it again too', async () => {
  const first = await sent({ audience: { organisations: ['ARS-84'] } });
  await api.as('ars-84').post(`/v1/instructions/${first.id}/recipients/ARS-84/replies`, { kind: 'done' });
  const other = await overtake(first, 'all-clear', { reason: 'Retour à la normale.' });
  expect(await storedProcess(api.desk.database.sql, first.id)).toMatchObject({
    status: 'closed',
    supersededBy: { number: other.number, relation: 'allClear' },
  });
}, 60_000);
