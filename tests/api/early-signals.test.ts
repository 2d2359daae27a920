import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { HOUR, MINUTE } from '../../domain/instant.ts';
import { type Answer, type ApiDesk, startApiDesk } from '../support/api-desk.ts';
import { advanced, mailsOf, raised, settled, SIGNAL, type SignalBody } from '../support/early-signal.ts';

let api: ApiDesk;
beforeAll(async () => {
  api = await startApiDesk();
}, 120_000);
afterEach(() => api.desk.sink.clear());
afterAll(() => api.close());

type Account = Parameters<ApiDesk['as']>[0];
const act = (account: Account, id: string, path: string, body: object = {}, headers = {}) =>
  api.as(account).post<SignalBody>(`/v1/signals/${id}/${path}`, body, headers);
const read = async (account: Account, id: string) => (await api.as(account).get<SignalBody>(`/v1/signals/${id}`)).body;
const errorsOf = ({ body }: Answer) =>
  (body['errors'] as { pointer: string; code: string }[]).map(({ pointer, code }) => `${pointer} ${code}`).toSorted();
const tasksOf = async (id: string) => {
  const { body } = await api.as('corruss-chef').get<{ items: Record<string, unknown>[] }>('/v1/tasks?limit=500');
  return body.items.filter(({ signal }) => signal === id).map(({ kind }) => kind);
};
const timeline = async (account: Account, id: string) =>
  (await api.as(account).get<{ items: { kind: string; text: string }[] }>(`/v1/signals/${id}/timeline?limit=500`)).body
    .items;

const DESK = 'permanence@corruss.example';
const ALERT_BOX = 'ars84-alerte@ars-84.example';
const ABOUT = 'ARS Auvergne-Rhône-Alpes – Cas groupés de légionellose';

test('from the first lines to the closing: each side is told of what the other does, at once', async () => {
  const signal = await raised(api);
  const { id } = signal;
  expect(signal).toMatchObject({
    status: 'raised',
    organisation: 'ARS-84',
    exercise: false,
    task: 'signalToAcknowledge',
  });
  expect(signal.reference).toMatch(/^SIGNAL ARS-84 \d{4}-\d{2}-\d{2} [0-9A-F]{4}$/);
  expect(await tasksOf(id)).toEqual(['signalToAcknowledge']);

  const read_ = await act('corruss-redacteur', id, 'acknowledge', { officer: 'Dr Anne Roy', comment: 'Nous suivons.' });
  expect(read_.body).toMatchObject({ status: 'acknowledged', acknowledged: { officer: 'Dr Anne Roy' }, task: null });
  const given = await act('ars-84', id, 'complete', { situation: 'Neuf cas.', measures: 'Tour arrêtée.' });
  expect(given.body).toMatchObject({
    status: 'complete',
    complete: { situation: 'Neuf cas.', name: 'ARS Auvergne-Rhône-Alpes' },
  });
  expect(await tasksOf(id)).toEqual(['signalToClose']);
  const asked = await act('corruss-valideur', id, 'details', { question: 'Combien en réanimation ?', within: 'PT30M' });
  expect(asked.body).toMatchObject({ details: [{ request: 1, question: 'Combien en réanimation ?', answer: null }] });
  expect(await tasksOf(id)).toEqual([]);
  expect((await act('ars-84', id, 'details/1', { answer: 'Deux.' })).body).toMatchObject({
    details: [{ request: 1, answer: { text: 'Deux.' } }],
  });
  const closed = await act('corruss-chef', id, 'close', { outcome: 'followed', comment: 'Suivi par la cellule.' });
  expect(closed.body).toMatchObject({
    status: 'closed',
    outcome: 'followed',
    ended: { comment: 'Suivi par la cellule.' },
  });
  await settled(api, id);

  expect(mailsOf(api, id)).toEqual([
    `${DESK} SIGNAL PRÉCOCE – URGENCE IMMÉDIATE – ${ABOUT}`,
    `${ALERT_BOX} ACCUSÉ DE RÉCEPTION DU CORRUSS – ${ABOUT}`,
    `${DESK} SIGNAL COMPLET – ${ABOUT}`,
    `${ALERT_BOX} PRÉCISIONS DEMANDÉES – ${ABOUT}`,
    `${DESK} PRÉCISIONS REÇUES – ${ABOUT}`,
    `${ALERT_BOX} SIGNAL CLOS – ${ABOUT}`,
  ]);
  const lines = (await timeline('ars-84', id)).map(({ text }) => text);
  expect(lines[0]).toMatch(/^Signal précoce levé par ars-84 \(ARS-84\), urgence immédiate/);
  expect(lines).toContain('Signal clos par corruss-chef (CORRUSS) : suivi assuré');
  expect(await tasksOf(id)).toEqual([]);
  expect(await advanced(api, id, HOUR)).toBe('ended');
}, 60_000);

test('what is closed stays so: every further act is 409 and says so, and leaves no words behind', async () => {
  const { id } = await raised(api);
  await act('corruss-chef', id, 'close', { outcome: 'noFollowUp', comment: 'Doublon.' });
  await settled(api, id);
  const before = await read('superviseur', id);
  for (const [account, path, body] of [
    ['corruss-chef', 'acknowledge', {}],
    ['ars-84', 'complete', { situation: 'x', measures: 'y' }],
    ['corruss-chef', 'details', { question: 'x' }],
    ['ars-84', 'details/1', { answer: 'x' }],
    ['corruss-chef', 'close', { outcome: 'followed', comment: 'x' }],
    ['ars-84', 'withdraw', { reason: 'x' }],
  ] as const) {
    const answer = await act(account, id, path, body);
    expect([path, answer.status, answer.body['detail']]).toEqual([path, 409, expect.stringContaining('est clos')]);
  }
  expect(await read('superviseur', id)).toEqual(before);
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from early_signal_entry where signal_id = ${id}::uuid`.execute(api.desk.database.sql);
  expect(rows).toEqual([{ n: 2 }]);
});

test('the same key raises one signal and does each act once; another body under it is refused', async () => {
  const key = { 'idempotency-key': randomUUID() };
  const first = await api.as('ars-84').post<SignalBody>('/v1/signals', SIGNAL, key);
  const again = await api.as('ars-84').post<SignalBody>('/v1/signals', SIGNAL, key);
  expect([again.status, again.body.id]).toEqual([201, first.body.id]);
  expect((await api.as('ars-84').post('/v1/signals', { ...SIGNAL, where: 'Ailleurs' }, key)).status).toBe(422);
  const { id } = first.body;
  const act2 = { 'idempotency-key': randomUUID() };
  const body = { outcome: 'noFollowUp', comment: 'Doublon.' };
  const closed = await act('corruss-chef', id, 'close', body, act2);
  // As after a lost answer: the key is free, and what it named is found done.
  await api.desk.database.sql.deleteFrom('idempotency_key').execute();
  const replayed = await act('corruss-chef', id, 'close', body, act2);
  expect([closed.status, replayed.status, replayed.body]).toEqual([200, 200, closed.body]);
  const lost = await api.as('ars-84').post<SignalBody>('/v1/signals', SIGNAL, key);
  expect([lost.status, lost.body.id]).toEqual([201, id]);
  await settled(api, id);
  expect(mailsOf(api, id).filter((mail) => mail.includes('SIGNAL CLOS'))).toHaveLength(1);
});

test('two officers at the same moment: one acknowledges, the other is told who has', async () => {
  const { id } = await raised(api);
  const both = await Promise.all([act('corruss-chef', id, 'acknowledge'), act('corruss-valideur', id, 'acknowledge')]);
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  const won = both.find(({ status }) => status === 200)!.body['acknowledged'] as { by: string };
  expect(both.find(({ status }) => status === 409)!.body['detail']).toContain(won.by);
});

test('closing and withdrawing at the same moment: one of them, the same everywhere', async () => {
  const { id } = await raised(api);
  const both = await Promise.all([
    act('corruss-chef', id, 'close', { outcome: 'followed', comment: 'Vu.' }),
    act('ars-84', id, 'withdraw', { reason: 'Erreur de saisie.' }),
  ]);
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  await settled(api, id);
  const { status } = await read('ars-84', id);
  const kinds = (await timeline('superviseur', id)).map(({ kind }) => kind);
  expect(kinds.filter((kind) => ['signalClosed', 'signalWithdrawn'].includes(kind))).toEqual([
    status === 'closed' ? 'signalClosed' : 'signalWithdrawn',
  ]);
});

test('every wrong field of a signal is named', async () => {
  const post = (body: unknown) => api.as('ars-84').post('/v1/signals', body);
  expect(errorsOf(await post({ extra: 1 }))).toEqual(
    ['assessment', 'complete', 'knownAt', 'subject', 'urgency', 'what', 'where']
      .map((field) => `/${field} required`)
      .concat('/extra additionalProperties')
      .toSorted(),
  );
  const future = new Date(Date.now() + HOUR).toISOString();
  const past = new Date(Date.now() - MINUTE).toISOString();
  const wrong = { ...SIGNAL, subject: 'a\r\nBcc: x@y.example', where: ' ', knownAt: future, complete: past };
  expect(errorsOf(await post({ ...wrong, urgency: 'soon', exercise: 'yes' }))).toEqual([
    '/complete past',
    '/exercise type',
    '/knownAt future',
    '/subject format',
    '/urgency enum',
    '/where required',
  ]);
  expect(errorsOf(await post({ ...SIGNAL, complete: 'demain' }))).toEqual(['/complete format']);
  expect(errorsOf(await post({ ...SIGNAL, complete: 'P8D' }))).toEqual(['/complete tooLate']);
  expect(errorsOf(await post({ ...SIGNAL, what: 'x'.repeat(4001), assessment: 'a\0b' }))).toEqual([
    '/assessment characters',
    '/what maxLength',
  ]);
  expect((await post('{')).status).toBe(422);
});

test('every wrong field of an act is named, and nothing is done', async () => {
  const { id } = await raised(api);
  const cases: readonly (readonly [Account, string, object, readonly string[]])[] = [
    ['corruss-chef', 'acknowledge', { officer: ' ', x: 1 }, ['/officer required', '/x additionalProperties']],
    ['ars-84', 'complete', { situation: ' ', needs: 3 }, ['/measures required', '/needs type', '/situation required']],
    ['corruss-chef', 'details', { question: '', within: 'PT0S' }, ['/question minLength', '/within past']],
    ['ars-84', 'details/1', {}, ['/answer required']],
    ['ars-84', 'withdraw', { reason: '\n' }, ['/reason required']],
    ['corruss-chef', 'close', { outcome: 'crisis', comment: ' ' }, ['/comment required', '/crisisId required']],
    [
      'corruss-chef',
      'close',
      { outcome: 'noFollowUp', comment: 'x', crisisId: randomUUID(), instructionId: randomUUID() },
      ['/crisisId notAllowed', '/instructionId notAllowed'],
    ],
    ['corruss-chef', 'close', { outcome: 'crisis', comment: 'x', crisisId: randomUUID() }, ['/crisisId unknown']],
    [
      'corruss-chef',
      'close',
      { outcome: 'instruction', comment: 'x', instructionId: randomUUID() },
      ['/instructionId unknown'],
    ],
  ];
  for (const [account, path, body, errors] of cases) {
    const answer = await act(account, id, path, body);
    expect([path, answer.status, errorsOf(answer)]).toEqual([path, 422, errors]);
  }
  expect((await act('ars-84', id, 'details/7', { answer: 'x' })).status).toBe(404);
  expect(await read('ars-84', id)).toMatchObject({ status: 'raised', details: [] });
});

test('role and territory: an ARS raises its own, a zone lead reads its zone and acts for itself, the others see nothing', async () => {
  const mine = await raised(api);
  const { body: corsican } = await api.as('ars-94').post<SignalBody>('/v1/signals', SIGNAL);
  const seen = async (account: Account) => {
    const { status, body } = await api.as(account).get<{ items: { id: string }[] }>('/v1/signals?limit=500');
    const ids = (status === 200 ? body.items : []).map(({ id }) => id);
    return [status, ids.includes(mine.id), ids.includes(corsican.id)];
  };
  expect(await seen('ars-84')).toEqual([200, true, false]);
  expect(await seen('ars-93')).toEqual([200, false, true]);
  expect(await seen('superviseur')).toEqual([200, true, true]);
  expect((await seen('admin'))[0]).toBe(403);

  expect((await api.as('ars-11').get(`/v1/signals/${mine.id}`)).status).toBe(404);
  expect((await api.as('ars-11').get(`/v1/signals/${mine.id}/timeline`)).status).toBe(404);
  expect((await api.as('ars-84').get('/v1/signals/rien')).status).toBe(404);
  const text = { situation: 'x', measures: 'y' };
  expect((await act('ars-11', mine.id, 'complete', text)).status).toBe(404);
  expect((await act('ars-93', corsican.id, 'complete', text)).status).toBe(403);
  expect((await act('corruss-chef', mine.id, 'complete', text)).status).toBe(403);
  expect((await act('ars-84', mine.id, 'acknowledge')).status).toBe(403);
  expect((await act('superviseur', mine.id, 'close', { outcome: 'followed', comment: 'x' })).status).toBe(403);
  expect((await api.as('corruss-chef').post('/v1/signals', SIGNAL)).status).toBe(403);
});

test('the flag of an exercise stands in subject, banner and reference, and leads to exercises only', async () => {
  const signal = await raised(api, { exercise: true });
  expect(signal.reference).toMatch(/^SIGNAL EXERCICE ARS-84 /);
  const [mail] = await api.desk.sink.waitFor();
  expect(mail!.subject).toMatch(/^EXERCICE – SIGNAL PRÉCOCE/);
  expect(mail!.html).toContain('EXERCICE – EXERCICE – EXERCICE');
  expect(mail!.text).toContain('EXERCICE – EXERCICE – EXERCICE');
  const crisis = async (exercise: boolean) =>
    (await api.as('corruss-redacteur').post<{ id: string }>('/v1/crises', { name: 'Légionellose', exercise })).body.id;
  const [real, drill] = [await crisis(false), await crisis(true)];
  const close = (crisisId: string) =>
    act('corruss-chef', signal.id, 'close', { outcome: 'crisis', comment: 'Rattaché.', crisisId });
  expect(errorsOf(await close(real))).toEqual(['/crisisId exercise']);
  expect((await close(drill)).body).toMatchObject({ status: 'closed', outcome: 'crisis', crisisId: drill });
  const lost = sql`update early_signal set exercise = false where id = ${signal.id}::uuid`;
  await expect(lost.execute(api.desk.database.sql)).rejects.toThrow('exercise');
});

test('a signal becomes an instruction: the draft that it led to stands in it, and may go', async () => {
  const { id } = await raised(api);
  const draft = await api.as('corruss-redacteur').post<{ id: string }>('/v1/instructions', {
    nature: 'information',
    subject: 'Légionellose',
    body: 'Six cas.',
    audience: { organisations: ['ARS-84'] },
  });
  const body = { outcome: 'instruction', comment: 'Instruction en rédaction.', instructionId: draft.body.id };
  expect((await act('corruss-chef', id, 'close', body)).body).toMatchObject({ instructionId: draft.body.id });
  expect((await api.as('corruss-redacteur').delete(`/v1/instructions/${draft.body.id}`)).status).toBe(204);
  expect(await read('ars-84', id)).toMatchObject({ outcome: 'instruction', instructionId: null });
});

test('lists go on by cursor, newest first, and are narrowed', async () => {
  const ids = [await raised(api), await raised(api), await raised(api, { exercise: true })].map(({ id }) => id);
  const list = async (query: string) =>
    (await api.as('ars-84').get<{ items: SignalBody[]; nextCursor: string | null }>(`/v1/signals?${query}`)).body;
  const first = await list('limit=2');
  const next = await list(`limit=2&cursor=${first.nextCursor}`);
  expect([...first.items, ...next.items].slice(0, 3).map(({ id }) => id)).toEqual(ids.toReversed());
  expect((await list('exercise=true&limit=1')).items[0]!.id).toBe(ids[2]);
  expect((await list('status=raised&exercise=false&limit=1')).items[0]!.id).toBe(ids[1]);
  expect((await list('organisation=ARS-11')).items).toEqual([]);
  expect((await api.as('ars-84').get('/v1/signals?cursor=rien')).status).toBe(422);
  expect((await api.as('ars-84').get('/v1/signals?status=perdu')).status).toBe(422);
});

test('no words of a signal are in the audit nor in the history; their hash is', async () => {
  const { id } = await raised(api, { what: 'Mot-témoin du signal.' });
  await act('ars-84', id, 'complete', { situation: 'Mot-témoin du complet.', measures: 'x' });
  const { rows } = await sql<{ data: Record<string, unknown>; kind: string }>`
    select kind, data from audit_entry where subject = ${`signal/${id}`} order by position`.execute(
    api.desk.database.sql,
  );
  expect(JSON.stringify(rows)).not.toContain('témoin');
  const hashed = rows.filter(({ kind }) => ['signalRaised', 'signalCompleted'].includes(kind));
  expect(hashed.map(({ data }) => data['sha256'])).toEqual([
    expect.stringMatching(/^\w{64}$/),
    expect.stringMatching(/^\w{64}$/),
  ]);
  const history = await api.desk.client.workflow.getHandle(`signal/${id}`).fetchHistory();
  const payloads = JSON.stringify(history);
  const opened = await api.deps.decodePayloads(payloadsOf(history));
  const texts = opened.map(({ data }) => Buffer.from(data ?? []).toString());
  expect(texts.some((text) => text.includes(id))).toBe(true);
  expect([payloads, ...texts].filter((text) => text.includes('témoin'))).toEqual([]);
});

function payloadsOf(value: unknown): Parameters<typeof api.deps.decodePayloads>[0] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  if ('metadata' in value && 'data' in value && value.data instanceof Uint8Array) return [value as never];
  return Object.values(value).flatMap(payloadsOf);
}
