import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { openDatabase } from '../../db/database.ts';
import { seedSurveyModels } from '../../db/seeds/survey-models.ts';
import { verifyAudit } from '../../db/stores/audit-verification.ts';
import { integer, rawForm, told } from '../domain/survey/arrange.ts';
import { type Answer, type ReadingDesk, startReadingDesk } from '../support/api-desk.ts';
import { ACCOUNTS, type AccountName } from '../support/desk-accounts.ts';

let api: ReadingDesk;
beforeAll(async () => {
  api = await startReadingDesk();
});
afterAll(() => api.close());

interface Shown {
  readonly id: string;
  readonly number: number;
  readonly version: number;
  readonly [field: string]: unknown;
}
const author = () => api.as('corruss-redacteur');
const QUESTIONS = [integer('free', { min: 0, max: 10 }), integer('installed', { min: 0, max: 20 })];
let codes = 0;
const fresh = (more: object = {}, questions: readonly object[] = QUESTIONS) => {
  codes += 1;
  return rawForm(questions, { code: `FORM_${codes}`, ...more });
};
const errorsOf = ({ body }: Answer): string[] => told(body['errors'] as { pointer: string; code: string }[]);

async function composed(account: AccountName = 'corruss-redacteur', body: object = fresh()): Promise<Shown> {
  const made = await api.as(account).post<Shown>('/v1/survey-forms', body);
  expect([made.status, made.body]).toMatchObject([201, { number: 1, status: 'draft', version: 1 }]);
  return made.body;
}
async function published(account: AccountName = 'corruss-redacteur', body: object = fresh()): Promise<Shown> {
  const form = await composed(account, body);
  const { status } = await api.as(account).post(`/v1/survey-forms/${form.id}/publish`);
  expect(status).toBe(200);
  return form;
}

test('a form goes from its draft to a published version, then to a next one; each stays as it was', async () => {
  const { id, form } = await composed();
  const path = `/v1/survey-forms/${id}`;
  const first = { ...(form as object), title: 'Deuxième titre' };
  const put = await author().put<Shown>(`${path}/versions/1`, first, { 'if-match': '"1"' });
  expect([put.status, put.headers['etag'], put.body]).toMatchObject([
    200,
    '"2"',
    { form: { title: 'Deuxième titre' } },
  ]);
  const early = await author().post(`${path}/versions`);
  expect([early.status, early.body['type']]).toEqual([409, 'urn:vigie:problem:form-draft']);
  const stale = await author().post(`${path}/publish`, {}, { 'if-match': '"1"' });
  expect(stale.status).toBe(412);
  const out = await author().post(`${path}/publish`, {}, { 'if-match': '"2"' });
  expect([out.status, out.body]).toMatchObject([200, { status: 'published', publishedBy: 'corruss-redacteur' }]);
  expect((await author().post(`${path}/publish`)).body).toMatchObject({ type: 'urn:vigie:problem:form-noDraft' });
  const late = await author().put(`${path}/versions/1`, first);
  expect([late.status, late.body['type']]).toEqual([409, 'urn:vigie:problem:form-published']);

  const next = await author().post<Shown>(`${path}/versions`);
  expect([next.status, next.headers['location'], next.body]).toMatchObject([
    201,
    `${path}/versions/2`,
    { number: 2, form: first },
  ]);
  const second = { ...first, sections: [] };
  expect((await author().put(`${path}/versions/2`, second)).status).toBe(200);
  const empty = await author().post(`${path}/publish`);
  expect([empty.status, errorsOf(empty)]).toEqual([422, ['/sections empty']]);
  expect((await author().get(`${path}/versions/1`)).body).toMatchObject({ status: 'published', form: first });
  expect((await author().get(path)).body).toMatchObject({
    published: 1,
    draft: 2,
    number: 2,
    versions: [{ number: 1 }, { number: 2 }],
  });
  for (const number of ['3', '0', 'x', '1e1'])
    expect((await author().get(`${path}/versions/${number}`)).status).toBe(404);

  const audit = await api
    .as('superviseur')
    .get<{ items: { kind: string; text: string }[] }>(`/v1/audit?subject=survey-form/${id}`);
  expect(audit.body.items.map(({ kind }) => kind)).toEqual([
    'surveyFormChanged',
    'surveyFormVersionOpened',
    'surveyFormPublished',
    'surveyFormChanged',
    'surveyFormCreated',
  ]);
  expect(await verifyAudit(api.database.sql, api.deps.keys)).toMatchObject({ intact: true });
});

test('a published version never changes: not by the application, not by the owner of the tables', async () => {
  const { id } = await published();
  const { id: drafted } = await composed();
  const owner = await openDatabase(api.databaseUrl, { as: 'owner' });
  try {
    for (const statement of [
      sql`update survey_form_version set document = '{}' where form_id = ${id}`,
      sql`update survey_form_version set status = 'draft', published_at = null, published_by = null where form_id = ${id}`,
      sql`delete from survey_form_version where form_id = ${id}`,
      sql`truncate survey_form_version cascade`,
    ]) {
      await expect(statement.execute(owner.sql)).rejects.toThrow('a published version of a survey form never changes');
    }
    await expect(sql`update survey_form set code = 'X' where id = ${id}`.execute(owner.sql)).rejects.toThrow(
      'never change',
    );
    await expect(
      sql`delete from survey_form_version where form_id = ${drafted}`.execute(api.database.sql),
    ).rejects.toThrow('permission denied');
    await sql`delete from survey_form_version where form_id = ${drafted}`.execute(owner.sql);
  } finally {
    await owner.close();
  }
});

test('two editors: the second is told what differs and who was before him', async () => {
  const { id, form } = await composed();
  const path = `/v1/survey-forms/${id}/versions/1`;
  const theirs = rawForm([integer('free', { min: 0, max: 9 }), integer('added')], {
    code: (form as { code: string }).code,
  });
  expect((await api.as('corruss-chef').put(path, theirs, { 'if-match': '"1"' })).status).toBe(200);
  const second = await author().put(path, { ...(form as object), title: 'Le mien' }, { 'if-match': '"1"' });
  expect([second.status, errorsOf(second)]).toEqual([
    412,
    [
      '/sections/0/questions onlyStored',
      '/sections/0/questions/0/max differs',
      '/sections/0/questions/1 onlyYours',
      '/title differs',
    ],
  ]);
  expect(second.body['detail']).toContain('modifié par corruss-chef');
  const both = await Promise.all(
    [1, 2].map((n) => author().put(path, { ...(form as object), title: `T${n}` }, { 'if-match': '"2"' })),
  );
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 412]);
});

test('wrong bodies name every wrong field, and never break', async () => {
  const wrong = await author().post(
    '/v1/survey-forms',
    rawForm([integer('a', { min: 2, max: 1 }), integer('a'), { code: 'x' }], {
      rules: [{ formula: 'b < 1' }],
      title: 'a\u0000',
      x: 1,
    }),
  );
  expect([wrong.status, errorsOf(wrong)]).toEqual([
    422,
    [
      '/rules/0/formula unknown',
      '/sections/0/questions/0/max order',
      '/sections/0/questions/1/code duplicate',
      '/sections/0/questions/2/label required',
      '/sections/0/questions/2/type required',
      '/title characters',
      '/x unknown',
    ],
  ]);
  for (const body of [null, [], 'x', 5, {}, { sections: [[]] }]) {
    expect([body, (await author().post('/v1/survey-forms', body)).status]).toEqual([body, 422]);
  }
  const { id, form } = await composed();
  const taken = await author().post('/v1/survey-forms', form);
  expect([taken.status, errorsOf(taken)]).toEqual([422, ['/code taken']]);
  const renamed = await author().put(`/v1/survey-forms/${id}/versions/1`, { ...(form as object), code: 'AUTRE' });
  expect([renamed.status, errorsOf(renamed)]).toEqual([422, ['/code fixed']]);
  const copy = await author().post(`/v1/survey-forms/${id}/duplicate`, { code: '__proto__', title: '' });
  expect([copy.status, errorsOf(copy)]).toEqual([422, ['/code reserved', '/title required']]);
  expect((await author().post(`/v1/survey-forms/${id}/versions`, { from: 0 })).status).toBe(422);
  const impossible = await composed('corruss-redacteur', fresh({ rules: [{ formula: 'free > installed + 30' }] }));
  const refused = await author().post(`/v1/survey-forms/${impossible.id}/publish`);
  expect([refused.status, errorsOf(refused), refused.text]).toEqual([
    422,
    ['/rules/0/formula impossible'],
    expect.stringContaining('free = 10, installed = 0'),
  ]);
  const key = { 'idempotency-key': randomUUID() };
  const body = fresh();
  const [one, two] = [
    await author().post<Shown>('/v1/survey-forms', body, key),
    await author().post<Shown>('/v1/survey-forms', body, key),
  ];
  expect([one.status, two.status, two.body.id]).toEqual([201, 201, one.body.id]);
  expect((await author().post('/v1/survey-forms', fresh(), key)).status).toBe(422);
});

test('role × territory: who reads, composes, copies which form', async () => {
  const national = await published();
  const draft = await composed();
  const regional = await composed('ars-84');
  expect(regional).toMatchObject({ owner: 'ARS-84' });
  const forms = { national: national.id, draft: draft.id, regional: regional.id };
  const acts = {
    read: (account: AccountName, id: string) => api.as(account).get(`/v1/survey-forms/${id}`),
    edit: (account: AccountName, id: string) =>
      api.as(account).post(`/v1/survey-forms/${id}/versions`, { from: 999_999 }),
    try: (account: AccountName, id: string) => api.as(account).post(`/v1/survey-forms/${id}/try`, { values: {} }),
  };
  // An edit that is allowed ends at the state of the form (404: no such version, 409: still a draft).
  const expected: Partial<Record<AccountName, readonly [string, string, string]>> = {
    'corruss-redacteur': ['200 404 200', '200 409 200', '200 403 200'],
    'corruss-chef': ['200 404 200', '200 409 200', '200 403 200'],
    admin: ['200 404 200', '200 409 200', '200 403 200'],
    'corruss-valideur': ['200 403 200', '200 403 200', '200 403 200'],
    superviseur: ['200 403 200', '200 403 200', '200 403 200'],
    'ars-84': ['200 403 200', '404 404 404', '200 409 200'],
    'ars-93': ['200 403 200', '404 404 404', '404 404 404'],
    'stock-national': ['403 403 403', '403 403 403', '403 403 403'],
  };
  for (const account of Object.keys(expected) as AccountName[]) {
    const found = [];
    for (const id of Object.values(forms)) {
      found.push(
        (await Promise.all(Object.values(acts).map((act) => act(account, id)))).map(({ status }) => status).join(' '),
      );
    }
    expect([account, found]).toEqual([account, expected[account]]);
  }
  const listed = async (account: AccountName) =>
    (await api.as(account).get<{ items: Shown[] }>('/v1/survey-forms?limit=500')).body.items
      .map(({ id }) => id)
      .filter((id) => Object.values(forms).includes(id));
  expect(new Set(await listed('superviseur'))).toEqual(new Set(Object.values(forms)));
  expect(await listed('ars-93')).toEqual([national.id]);
  expect(new Set(await listed('ars-84'))).toEqual(new Set([national.id, regional.id]));
  // A next draft of a national form does not show in the regions.
  expect((await author().post(`/v1/survey-forms/${national.id}/versions`)).status).toBe(201);
  expect((await api.as('ars-84').get(`/v1/survey-forms/${national.id}`)).body).toMatchObject({
    draft: null,
    number: 1,
  });
  expect((await api.as('ars-84').get(`/v1/survey-forms/${national.id}/versions/2`)).status).toBe(404);
  const copy = await api
    .as('ars-84')
    .post<Shown>(`/v1/survey-forms/${national.id}/duplicate`, { code: 'COPIE', title: 'Ma copie' });
  expect([copy.status, copy.body]).toMatchObject([
    201,
    { owner: 'ARS-84', model: false, form: { code: 'COPIE', title: 'Ma copie' } },
  ]);
  expect(Object.keys(ACCOUNTS)).toContain('ars-84');
  for (const id of ['x', randomUUID()]) expect((await author().get(`/v1/survey-forms/${id}`)).status).toBe(404);
});

test('the models are there, published, and seeding again changes nothing; a trial shows all problems and stores nothing', async () => {
  const list = () => author().get<{ items: Shown[] }>('/v1/survey-forms?model=true');
  const { items } = (await list()).body;
  expect(items.map((one) => one['code']).toSorted()).toEqual(['BACH', 'CANICULE', 'LITS_ETE']);
  expect(items.every((one) => one['published'] === 1 && String(one['title']).includes('modèle à adapter'))).toBe(true);
  const owner = await openDatabase(api.databaseUrl, { as: 'owner' });
  await seedSurveyModels(owner.sql);
  await owner.close();
  expect((await list()).body.items).toEqual(items);

  const bach = items.find((one) => one['code'] === 'BACH')!;
  const path = `/v1/survey-forms/${bach.id}/try`;
  const row = {
    installes: '1 020',
    disponibles: 20,
    occupes: 900,
    reserves: 0,
    fermesReactivables: 100,
    fermesNonReactivables: 1,
    supplementairesMobilises: 0,
  };
  const tried = await api.as('ars-84').post(path, { values: { lits: { medecine: row }, passages: 'x', surprise: 1 } });
  expect([tried.status, tried.body]).toMatchObject([
    200,
    { number: 1, accepted: false, values: { litsOuverts: 919, tauxOccupation: 97.9 } },
  ]);
  const problems = told(tried.body['problems'] as { pointer: string; code: string }[]);
  expect(problems).toEqual(
    expect.arrayContaining([
      '/values/lits/chirurgie required',
      '/values/lits/medecine rule',
      '/values/niveauTension required',
      '/values/passages number',
      '/values/surprise unknown',
    ]),
  );
  const draft = await author().post(path, { mode: 'draft', values: {}, previous: { lits: { medecine: row } } });
  expect(draft.body).toMatchObject({
    accepted: true,
    problems: [],
    prefilled: { lits: { medecine: { installes: 1020 } } },
  });
  expect((await author().post(path, { version: 2 })).status).toBe(404);
  expect(errorsOf(await author().post(path, { mode: 'x', surprise: 1 }))).toEqual([
    '/mode enum',
    '/surprise additionalProperties',
  ]);
  const huge = await author().post(path, { values: { precisions: 'x'.repeat(1_000_000) } });
  expect([huge.status, huge.text.length < 20_000]).toEqual([200, true]);
});
