import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { create } from 'xmlbuilder2';
import { validateXML } from 'xmllint-wasm';
import { readReferenceDir } from '../../config/env.ts';
import { HOUR } from '../../domain/instant.ts';
import { type ApiDesk, callerOf, DRAFT, startApiDesk } from '../support/api-desk.ts';

/* Against the published schemas where they are at hand (VIGIE_REFERENCE_DIR). */
const SCHEMAS = join(readReferenceDir(), 'schemas');
const published = existsSync(SCHEMAS) ? test : test.skip;
if (!existsSync(SCHEMAS))
  process.stderr.write(`No schemas at ${SCHEMAS}: CAP and EDXL are not validated (VIGIE_REFERENCE_DIR)\n`);

/** Accepts every Atom document that is well-formed. */
const ANY = `<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/2005/Atom">
  <element name="feed"><complexType mixed="true"><sequence>
    <any minOccurs="0" maxOccurs="unbounded" processContents="skip"/></sequence>
    <anyAttribute processContents="skip"/></complexType></element></schema>`;

let api: ApiDesk;
let first: { id: string; number: string };
let second: { id: string; number: string };
let exercise: { id: string; number: string };

beforeAll(async () => {
  api = await startApiDesk();
  first = await released('/v1/instructions', {
    ...DRAFT,
    audience: { organisations: ['ARS-84', 'ARS-11'] },
    subject: 'Lits <réa> & « tension » \u{1f6a8}',
  });
  second = await released(`/v1/instructions/${first.id}/cancel`, { reason: 'Fausse alerte.' });
  const crisis = await author().post<{ id: string }>('/v1/crises', { name: 'EXERCICE "EU-RICHTER"', exercise: true });
  const information = { ...DRAFT, nature: 'information', deadline: null, crisisId: crisis.body.id };
  exercise = await released('/v1/instructions', information);
}, 120_000);
afterAll(() => api.close());

const author = () => api.as('corruss-redacteur');

async function released(path: string, body: object): Promise<{ id: string; number: string }> {
  const made = await author().post<{ id: string }>(path, body);
  expect(made.status).toBe(201);
  const { id } = made.body;
  const answer = await api.as('corruss-valideur').post<{ number: string }>(`/v1/instructions/${id}/release`);
  expect(answer.status).toBe(202);
  await api.desk.settle(id);
  return { id, number: answer.body.number };
}

const cap = async (id: string) => (await api.as('superviseur').get(`/v1/instructions/${id}/cap`)).text;
const alertOf = (text: string) => (create(text).end({ format: 'object' }) as { alert: Record<string, unknown> }).alert;

type Edxl = Record<string, unknown> & {
  content: { jsonContent: { embeddedJsonContent: { message: Record<string, unknown> } } }[];
};
const edxl = async (id: string, query = '') =>
  (await api.as('superviseur').get<Edxl>(`/v1/instructions/${id}/edxl${query}`)).body;
const messageOf = (envelope: Edxl) => envelope.content[0]!.jsonContent.embeddedJsonContent.message;

published('every message is a valid CAP 1.2 alert', async () => {
  const schema = readFileSync(join(SCHEMAS, 'cap12.xsd'), 'utf8');
  for (const { id } of [first, second, exercise]) {
    const { errors } = await validateXML({ xml: await cap(id), schema });
    expect(errors.map(({ message }) => message)).toEqual([]);
  }
  const wrong = (await cap(first.id)).replace('<status>Actual</status>', '<status>Real</status>');
  expect((await validateXML({ xml: wrong, schema })).valid).toBe(false);
});

test('an alert says its status, its kind, what it refers to and where', async () => {
  const [alert, cancel, drill] = [
    alertOf(await cap(first.id)),
    alertOf(await cap(second.id)),
    alertOf(await cap(exercise.id)),
  ];
  expect(alert).toMatchObject({
    status: 'Actual',
    msgType: 'Alert',
    scope: 'Private',
    addresses: 'ARS-11 ARS-84',
  });
  expect(alert['info']).toMatchObject({
    responseType: 'Execute',
    urgency: 'Expected',
  });
  expect(await cap(first.id)).toContain(
    `<headline>${first.number} – POUR ACTION – Lits &lt;réa&gt; &amp; « tension » \u{1f6a8}</headline>`,
  );
  expect(alert['sent']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0[12]:00$/);
  expect(cancel).toMatchObject({
    msgType: 'Cancel',
    references: `${String(alert['sender'])},${String(alert['identifier'])},${String(alert['sent'])}`,
    info: { responseType: 'None', urgency: 'Past' },
  });
  expect(drill).toMatchObject({
    status: 'Exercise',
    note: 'EXERCICE',
    info: { responseType: 'Monitor', urgency: 'Unknown' },
  });
});

published('every message fits the envelope and the message of the Hub Santé', async () => {
  const schemaOf = (name: string): object => {
    const {
      $id: _id,
      $schema: _schema,
      ...schema
    } = JSON.parse(readFileSync(join(SCHEMAS, name), 'utf8')) as Record<string, unknown>;
    return schema;
  };
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  const [envelope, element, reference] = ['EDXL-DE-envelope-only', 'RC-DE', 'RC-REF'].map((name) =>
    ajv.compile(schemaOf(`${name}.schema.json`)),
  );
  for (const { id } of [first, second, exercise]) {
    const found = await edxl(id);
    expect([envelope!(found), envelope!.errors]).toEqual([true, null]);
    expect([element!(messageOf(found)), element!.errors]).toEqual([true, null]);
  }
  const { reference: named } = messageOf(await edxl(second.id));
  expect([reference!(named), reference!.errors]).toEqual([true, null]);
  expect(envelope!({ ...(await edxl(first.id)), distributionKind: 'Alert' })).toBe(false);
});

test('an envelope has one addressee, its kind and its reference; what is not released never leaves', async () => {
  expect(await edxl(second.id, '?recipient=ARS-11')).toMatchObject({
    distributionKind: 'Cancel',
    distributionStatus: 'Actual',
    descriptor: { explicitAddress: { explicitAddressValue: 'fr.health.ars-11' } },
  });
  expect(messageOf(await edxl(second.id))['reference']).toEqual({
    distributionID: (await edxl(first.id))['distributionID'],
  });
  expect(await edxl(exercise.id)).toMatchObject({ distributionKind: 'Report', distributionStatus: 'Exercise' });
  const other = await api.as('ars-84').get(`/v1/instructions/${first.id}/edxl?recipient=ARS-94`);
  expect(other.status).toBe(422);
  const draft = await author().post<{ id: string }>('/v1/instructions', DRAFT);
  expect((await author().get(`/v1/instructions/${draft.body.id}/cap`)).status).toBe(409);
  expect((await author().get(`/v1/instructions/${draft.body.id}/edxl`)).status).toBe(409);
  expect((await api.as('ars-94').get(`/v1/instructions/${first.id}/cap`)).status).toBe(404);
});

test('an acknowledgement of the hub counts once, as received or read, for the recipient that sends it', async () => {
  const order = await released('/v1/instructions', { ...DRAFT, audience: { organisations: ['ARS-84', 'ARS-11'] } });
  const { distributionID } = await edxl(order.id, '?recipient=ARS-84');
  expect((await edxl(order.id, '?recipient=ARS-11'))['distributionID']).not.toBe(distributionID);
  const ack = (id: string, more: object = {}, kind = 'Ack') => ({
    distributionID: `fr.health.ars-84_${id}`,
    distributionKind: kind,
    dateTimeSent: '2026-11-24T14:30:00+01:00',
    senderID: 'fr.health.ars-84',
    content: [{ jsonContent: { embeddedJsonContent: { message: { reference: { distributionID, ...more } } } } }],
  });
  const post = (body: object, account: 'ars-84' | 'ars-94' = 'ars-84') =>
    api.as(account).post('/v1/hub/messages', body);
  expect(await post(ack('1', { step: 'RECU' }))).toMatchObject({ status: 200, body: { state: 'received' } });
  expect(await post(ack('2', { step: 'CONSULTE' }))).toMatchObject({ status: 200, body: { state: 'read' } });
  expect((await post(ack('2', { step: 'CONSULTE' }))).status).toBe(200);
  const replies = (await api.desk.timeline(order.id)).filter(({ kind }) => kind === 'replied');
  expect(replies.map(({ data }) => data['kind'])).toEqual(['received', 'read']);
  expect((await post(ack('3', { refused: true }))).status).toBe(422);
  expect((await post(ack('4', {}, 'Report'))).status).toBe(422);
  expect((await post(ack('5'), 'ars-94')).status).toBe(404);
  expect((await post({ ...ack('6'), content: [] })).status).toBe(422);
  expect(await api.desk.projection(order.id, 'ARS-11')).toMatchObject({ state: 'sent' });
  await api.desk.reply(order.id, 'ARS-84', 'done');
  expect(await post(ack('7', { step: 'CONSULTE' }))).toMatchObject({ status: 200, body: { state: 'done' } });
}, 60_000);

test('a message deleted in the system of its recipient is shown on the timeline, once, and counts as neither received nor read', async () => {
  const order = await released('/v1/instructions', { ...DRAFT, audience: { organisations: ['ARS-84'] } });
  const { distributionID } = await edxl(order.id);
  const reference = { distributionID, step: 'SUPPRIME' };
  const body = {
    distributionID: 'fr.health.ars-84_deleted',
    distributionKind: 'Ack',
    dateTimeSent: '2026-11-24T14:30:00+01:00',
    content: [{ jsonContent: { embeddedJsonContent: { message: { reference } } } }],
  };
  for (const _again of [1, 2]) {
    expect(await api.as('ars-84').post('/v1/hub/messages', body)).toMatchObject({
      status: 200,
      body: { state: 'sent' },
    });
  }
  const timeline = (await api.desk.timeline(order.id)).filter(({ kind }) => kind === 'deletedUnread');
  expect(timeline).toMatchObject([{ organisation: 'ARS-84', data: { distribution: 'fr.health.ars-84_deleted' } }]);
}, 60_000);

test('what was handed over says the deadline that it announced for ever, whatever is extended later', async () => {
  const order = await released('/v1/instructions', { ...DRAFT, audience: { organisations: ['ARS-84', 'ARS-11'] } });
  const [before, envelope] = [await cap(order.id), await edxl(order.id, '?recipient=ARS-84')];
  const { sent, info } = alertOf(before) as { sent: string; info: { expires: string } };
  expect(Date.parse(info.expires) - Date.parse(sent)).toBe(4 * HOUR);
  const later = { deadline: new Date(Date.now() + 10 * HOUR).toISOString() };
  expect((await api.as('corruss-chef').post(`/v1/instructions/${order.id}/deadline`, later)).status).toBe(200);
  expect(await cap(order.id)).toBe(before);
  expect(await edxl(order.id, '?recipient=ARS-84')).toEqual(envelope);
}, 60_000);

test('the sender of an alert is a token, whatever stands in the address of the desk', async () => {
  const settings = { ...api.deps.settings, mailFrom: 'r&d@vigie.example' };
  const app = await api.rebuild({ settings });
  const { text } = await callerOf(app, () => api.issuer.token('superviseur')).get(`/v1/instructions/${second.id}/cap`);
  const { sender, references } = alertOf(text) as { sender: string; references: string };
  expect([sender, references.split(',')[0]]).toEqual(['r%26d@vigie.example', 'r%26d@vigie.example']);
});

test('the feed holds what was released in the reader’s territory, newest first, and no draft', async () => {
  await author().post('/v1/instructions', { ...DRAFT, subject: 'Jamais diffusé' });
  const { text, headers } = await api.as('superviseur').get('/v1/feed.atom');
  expect(headers['content-type']).toMatch(/^application\/atom\+xml/);
  const { feed } = create(text).end({ format: 'object' }) as { feed: { entry: { id: string; title: string }[] } };
  const titles = feed.entry.map(({ title }) => title);
  expect(text).toContain(`<title>${first.number} – POUR ACTION – Lits &lt;réa&gt; &amp; « tension » \u{1f6a8}</title>`);
  expect(titles.find((title) => title.includes(exercise.number))).toMatch(/^EXERCICE – /);
  expect(titles.some((title) => title.includes('Jamais diffusé'))).toBe(false);
  const at = (id: string) => feed.entry.findIndex((entry) => entry.id === `urn:uuid:${id}`);
  expect(at(exercise.id)).toBeLessThan(at(second.id));
  expect(at(second.id)).toBeLessThan(at(first.id));
  expect((await api.as('ars-94').get('/v1/feed.atom')).text).not.toContain(first.number);
});

test('a character that XML does not know spoils neither the feed nor its date', async () => {
  const { id } = await released('/v1/instructions', { ...DRAFT, subject: 'Lits\ufffe de réanimation' });
  const { text } = await api.as('superviseur').get('/v1/feed.atom');
  const { valid, errors } = await validateXML({ xml: text, schema: ANY });
  expect([valid, errors]).toEqual([true, []]);
  expect(text).toContain('Lits de réanimation</title>');
  const { feed } = create(text).end({ format: 'object' }) as {
    feed: { updated: string; entry: { id: string; updated: string }[] };
  };
  expect(feed.entry[0]?.id).toBe(`urn:uuid:${id}`);
  expect(feed.updated).toBe(
    feed.entry
      .map(({ updated }) => updated)
      .toSorted()
      .at(-1),
  );
}, 60_000);
