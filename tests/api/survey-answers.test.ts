import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { HOUR } from '../../domain/instant.ts';
import { prepareForm } from '../../domain/survey/prepare.ts';
import { takeSurvey } from '../../db/stores/process/survey.ts';
import { writeAnswer } from '../../db/stores/desk/survey-answer-groups.ts';
import { type ApiDesk, startApiDesk } from '../support/api-desk.ts';
import type { AccountName } from '../support/desk-accounts.ts';
import { BEDS as FORM, openSurvey, publishForm } from '../support/survey.ts';
import { keepVersions } from '../support/survey-versions.ts';
import { until } from '../support/wait.ts';

let api: ApiDesk;
let id: string;
let path: string;
const ARS = { audience: { ars: ['ARS-84', 'ARS-93', 'ARS-94'] } };
beforeAll(async () => {
  api = await startApiDesk();
  const survey = await openSurvey(api, ARS);
  id = survey.id;
  path = survey.answers('ARS-84');
});
afterAll(() => api.close());

interface Problem {
  readonly detail: string;
  readonly errors: { readonly pointer: string; readonly code: string; readonly message: string }[];
}
const BEDS = { installes: 100, occupes: 80 };
const wrong = ({ body }: { body: Problem }) => body.errors.map(({ pointer, code }) => `${pointer} ${code}`).sort();

test('a draft may leave out what is owed and is told so; what is submitted is whole, and has its version', async () => {
  const ars = api.as('ars-84');
  const draft = await ars.put<{ version: number; submitted: null; notices: object[] }>(path, {
    values: { occupes: '1 0' },
  });
  expect(wrong(draft as never)).toEqual(['/values/occupes number']);
  const kept = await ars.put<{ version: number; notices: { pointer: string }[] }>(path, { values: { occupes: '80' } });
  expect([kept.status, kept.body.notices.map(({ pointer }) => pointer)]).toEqual([
    200,
    ['/values/installes', '/values/taux'],
  ]);
  const short = await ars.put<Problem>(path, { values: { occupes: 80 }, submit: true });
  expect([short.status, wrong(short)]).toEqual([422, ['/values/installes required']]);
  const whole = await ars.put(path, { values: { installes: '1 000,0', occupes: 80 }, submit: true });
  expect(whole.body).toMatchObject({ submitted: 1, values: { installes: 1000, occupes: 80, taux: 8 } });
  const again = await ars.put(path, { values: { installes: 1000, occupes: 80 }, submit: true });
  expect([again.body['submitted'], again.headers['etag']]).toEqual([1, whole.headers['etag']]);
  const read = await ars.get(path);
  expect([read.headers['etag'], read.body]).toMatchObject([whole.headers['etag'], { isDraft: false, submitted: 1 }]);
});

test('all that is wrong is told at once, in French, and never as a 500', async () => {
  const values = { installes: '1e9', occupes: 'NaN', tension: 'n9', note: 'x'.repeat(1_000_000), taux: 4, inconnue: 1 };
  const answer = await api.as('ars-84').put<Problem>(path, { values, submit: true, couleur: 1 });
  expect(answer.status).toBe(422);
  const all = await api.as('ars-84').put<Problem>(path, { values, submit: true });
  expect(wrong(all)).toEqual(
    expect.arrayContaining(['/values/inconnue unknown', '/values/installes number', '/values/occupes number']),
  );
  for (const body of [null, [], 'x', { values: [] }, { values: { installes: { toString: 1 } } }, { comments: 3 }]) {
    expect((await api.as('ars-84').put(path, body)).status).toBeLessThan(500);
  }
  const rule = await api.as('ars-84').put<Problem>(path, { values: { installes: 1, occupes: 2 }, submit: true });
  expect(rule.body.errors[0]!.message).toContain('plus de lits occupés');
});

test('two people at one answer: the second is told what differs, and loses nothing', async () => {
  const { headers } = await api.as('ars-84').put(path, { values: BEDS });
  const mine = { values: { installes: 100, occupes: 70 } };
  const first = await api
    .as('corruss-chef')
    .put(path, { values: { installes: 100, occupes: 90 } }, { 'if-match': String(headers['etag']) });
  expect(first.status).toBe(200);
  const second = await api.as('ars-84').put<Problem>(path, mine, { 'if-match': String(headers['etag']) });
  expect([second.status, wrong(second)]).toEqual([412, ['/values/occupes differs', '/values/taux differs']]);
  expect(second.body.errors[0]!.message).toContain('« 90 »');
  const again = await api
    .as('ars-84')
    .put(path, mine, { 'if-match': String((await api.as('ars-84').get(path)).headers['etag']) });
  expect(again.status).toBe(200);
});

test('every submission is a version, kept for ever, with who and by which door; on behalf of an ARS it is told', async () => {
  const survey = await openSurvey(api, ARS);
  await api.as('ars-84').put(survey.answers('ARS-84'), { values: BEDS, submit: true });
  await api.as('corruss-chef').put(survey.answers('ARS-84'), { values: { ...BEDS, occupes: 81 }, submit: true });
  const { rows } = await sql<{ number: number; submitted_by: string; respondent_id: string }>`
    select v.* from survey_answer_version v join survey_respondent r on r.id = v.respondent_id
    where r.survey_id = ${survey.id} order by number`.execute(api.desk.database.sql);
  expect(rows).toMatchObject([{ submitted_by: 'ars-84' }, { submitted_by: 'corruss-chef' }]);
  for (const name of ['survey_answer_version', 'survey_answer_figures']) {
    const table = sql.table(name);
    for (const change of [
      sql`update ${table} set number = 9`,
      sql`delete from ${table}`,
      sql`truncate ${table} cascade`,
    ])
      await expect(change.execute(api.desk.owner)).rejects.toThrow(`rows of ${name} are never changed nor removed`);
  }
  const audit = await api
    .as('superviseur')
    .get<{ items: { text: string; data: object }[] }>(`/v1/audit?subject=survey/${survey.id}`);
  expect(audit.body.items[0]).toMatchObject({
    text: expect.stringContaining('saisie pour son compte (CORRUSS) (version 2)'),
    data: { changed: ['occupes', 'taux'], number: 2 },
  });
  const told = Object.keys(audit.body.items[0]!.data);
  expect(told.toSorted()).toEqual(['changed', 'door', 'name', 'number', 'onBehalf', 'respondent']); // no value
});

/** One submission, held by `gate` after it has taken its lock. */
const write = (survey: string, respondent: string) => ({
  ...{ survey, respondent, mode: 'submit' as const, raw: { values: BEDS }, version: null, door: 'api' as const },
  ...{ by: { sub: 'ars-84', organisation: 'ARS-84' }, onBehalf: false, now: Date.now() },
});
const closing = (survey: string) =>
  takeSurvey(
    { sql: api.desk.database.sql, keys: api.desk.keys },
    {
      survey,
      id: randomUUID(),
      ask: { kind: 'close', reason: '', by: { sub: 'corruss-chef', organisation: 'CORRUSS' } },
      now: Date.now(),
    },
  );
const respondentOf = async (survey: string, org: string) =>
  (
    await api.desk.database.sql
      .selectFrom('survey_respondent')
      .select('id')
      .where('survey_id', '=', survey)
      .where('key', '=', org)
      .executeTakeFirstOrThrow()
  ).id;
const waiting = async () => {
  const { rows } =
    await sql`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`.execute(
      api.desk.owner,
    );
  return rows.length > 0;
};

test('submissions of one answer at once take turns: each is a version of its own, told with what it changed', async () => {
  const survey = await openSurvey(api, ARS);
  const { database, keys } = api.desk;
  const respondent = await respondentOf(survey.id, 'ARS-84');
  const outcomes = await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      writeAnswer(database, keys, { ...write(survey.id, respondent), raw: { values: { ...BEDS, occupes: index } } }),
    ),
  );
  const numbers = outcomes.map((one) => (one.written ? one.submitted : null));
  expect(numbers.toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  const { rows } = await sql<{ changed: string[] }>`
    select data -> 'changed' as changed from audit_entry where subject = ${`survey/${survey.id}/ARS-84`}
      and kind = 'surveyAnswered' order by position`.execute(database.sql);
  expect(rows[0]!.changed).toEqual(['installes', 'occupes', 'taux']);
  expect(rows.slice(1).map(({ changed }) => changed)).toEqual(Array(7).fill(['occupes', 'taux']));
});

test('those who answer at once share a handful of commits, and each has an outcome of its own', async () => {
  const rows = await api.desk.database.sql.selectFrom('organisation').select('id').where('kind', '=', 'ars').execute();
  const ars = rows.map((row) => row.id);
  const survey = await openSurvey(api, { audience: { ars } });
  const chief = api.as('corruss-chef');
  const answers = await Promise.all(
    ars.map((org, index) => {
      const values = { ...BEDS, occupes: index === 3 ? 'beaucoup' : 80 };
      return chief.put<Problem>(
        survey.answers(org),
        { values, submit: true },
        index === 5 ? { 'if-match': '"7"' } : {},
      );
    }),
  );
  expect(answers.map(({ status }) => status)).toEqual(ars.map((_, index) => ({ 3: 422, 5: 412 })[index] ?? 200));
  expect(wrong(answers[3]!)).toEqual(['/values/occupes number']);
  const { rows: versions } = await sql<{ count: number; commits: number }>`
    select count(*)::int, count(distinct v.xmin::text)::int as commits from survey_answer_version v
    join survey_respondent r on r.id = v.respondent_id where r.survey_id = ${survey.id}::uuid`.execute(api.desk.owner);
  expect(versions[0]!.count).toBe(ars.length - 2);
  expect(versions[0]!.commits).toBeLessThan(ars.length - 2);
});

test('the last two answers at once: the author is told that nobody owes one, by whichever came last', async () => {
  const pair = { audience: { ars: ['ARS-84', 'ARS-93'] } };
  const surveys: Awaited<ReturnType<typeof openSurvey>>[] = [];
  for (let count = 0; count < 12; count += 1) surveys.push(await openSurvey(api, pair));
  for (const survey of surveys) {
    const put = (account: AccountName, org: string) =>
      api.as(account).put(survey.answers(org), { values: BEDS, submit: true });
    await Promise.all([put('ars-84', 'ARS-84'), put('ars-93', 'ARS-93')]);
  }
  const told = await until('all are told', async () => {
    const ids = surveys.map((survey) => survey.id);
    const { rows } = await sql`
      select from survey where id = any(${ids}::uuid[]) and all_received_at is not null`.execute(api.desk.owner);
    return rows.length === surveys.length;
  });
  expect(told).toBe(true);
});

test('what is corrected once all have answered nudges nobody: the history of the survey grows no more', async () => {
  const survey = await openSurvey(api, { audience: { ars: ['ARS-84', 'ARS-11'] } });
  const nudges = async (): Promise<number> => {
    const { events } = await api.desk.client.workflow.getHandle(`survey/${survey.id}`).fetchHistory();
    return (events ?? []).filter((event) => event.workflowExecutionSignaledEventAttributes !== null).length;
  };
  const put = async (account: AccountName, occupes: number, submit = true) =>
    (await api.as(account).put(survey.answers(account.toUpperCase()), { values: { ...BEDS, occupes }, submit })).status;
  expect([await put('ars-84', 80), await nudges()]).toEqual([200, 0]);
  expect([await put('ars-11', 80), await nudges()]).toEqual([200, 1]);
  for (const [occupes, submit] of [
    [70, false],
    [70, true],
    [60, true],
  ] as const)
    expect(await put('ars-84', occupes, submit)).toBe(200);
  expect(await nudges()).toBe(1);
});

test('the last second: a closing waits for the submission that holds the row, which then counts; the next one is refused', async () => {
  const survey = await openSurvey(api, ARS);
  const respondent = await respondentOf(survey.id, 'ARS-84');
  const { database, keys } = api.desk;
  let closed: ReturnType<typeof closing> | undefined;
  await database.sql.transaction().execute(async (trx) => {
    // A submission that has taken its lock and not committed yet.
    await trx.selectFrom('survey').select('id').where('id', '=', survey.id).forShare().execute();
    closed = closing(survey.id);
    await until('the closing waits', waiting);
    const at = new Date();
    const row = {
      respondent_id: respondent,
      survey_id: survey.id,
      version: 1,
      submitted: 1,
      on_time: true,
      at_closing: 1,
      updated_at: at,
      updated_by: 'x',
    };
    await trx.insertInto('survey_answer').values(row).execute();
    const version = { respondent, number: 1, values: BEDS, complete: true, afterClosings: 0, notConcerned: null };
    await keepVersions(trx, { survey: survey.id, form: prepareForm(FORM) }, [version]);
  });
  expect((await closed!).answer).toMatchObject({ accepted: true, status: 'closed' });
  const told = await api.as('superviseur').get<{ counts: object }>(`/v1/surveys/${survey.id}`);
  expect(told.body.counts).toMatchObject({ received: 1, onTime: 1 });
  const late = await writeAnswer(database, keys, write(survey.id, await respondentOf(survey.id, 'ARS-93')));
  expect(late).toEqual({ written: false, refused: 'notOpen', status: 'closed' });
});

test('the last second, the other way: a submission waits for the closing that holds the row, and is refused', async () => {
  const survey = await openSurvey(api, ARS);
  const respondent = await respondentOf(survey.id, 'ARS-84');
  const { database, keys } = api.desk;
  let answered: ReturnType<typeof writeAnswer> | undefined;
  await database.sql.transaction().execute(async (trx) => {
    await trx.selectFrom('survey').select('id').where('id', '=', survey.id).forUpdate().execute();
    answered = writeAnswer(database, keys, write(survey.id, respondent));
    await until('the submission waits', waiting);
    await trx.updateTable('survey').set({ status: 'closed', closings: 1 }).where('id', '=', survey.id).execute();
  });
  expect(await answered).toEqual({ written: false, refused: 'notOpen', status: 'closed' });
});

test('an answer re-opened alone: what waits for the validation that ends it is refused, not written over it', async () => {
  const survey = await openSurvey(api, ARS);
  const respondent = await respondentOf(survey.id, 'ARS-84');
  const { database, keys } = api.desk;
  const desk = api.as('corruss-chef');
  await desk.put(survey.answers('ARS-84'), { values: BEDS, submit: true });
  await desk.post(`/v1/surveys/${survey.id}/close`);
  const inAnHour = new Date(Date.now() + HOUR).toISOString();
  const unlocked = await desk.post(`${survey.answers('ARS-84')}/unlock`, { until: inAnHour, reason: 'Saisie.' });
  expect(unlocked.status).toBe(200);
  let answered: ReturnType<typeof writeAnswer> | undefined;
  await database.sql.transaction().execute(async (trx) => {
    const ended = { unlocked_until: null };
    await trx.updateTable('survey_answer').set(ended).where('respondent_id', '=', respondent).execute();
    answered = writeAnswer(database, keys, write(survey.id, respondent));
    await until('the submission waits', waiting);
  });
  expect(await answered!).toEqual({ written: false, refused: 'notOpen', status: 'closed' });
});

test('role and territory: an ARS answers for itself, an ARS de zone reads, others find nothing', async () => {
  const put = async (account: AccountName, org: string) =>
    (await api.as(account).put(`/v1/surveys/${id}/answers/${org}`, { values: BEDS })).status;
  expect([await put('ars-84', 'ARS-93'), await put('ars-93', 'ARS-94'), await put('ars-11', 'ARS-84')]).toEqual([
    404, 403, 404,
  ]);
  expect([await put('superviseur', 'ARS-84'), await put('admin', 'ARS-84'), await put('ars-84', 'ARS-11')]).toEqual([
    403, 403, 404,
  ]);
  const read = async (account: AccountName, url: string) => (await api.as(account).get(url)).status;
  expect(await read('ars-93', `/v1/surveys/${id}/answers/ARS-94`)).toBe(200);
  expect(await read('ars-11', `/v1/surveys/${id}`)).toBe(404);
  expect(await read('ars-84', `/v1/surveys/${id}/results?by=nation`)).toBe(403);
  const own = await api.as('ars-84').get<{ items: { territory: string }[] }>(`/v1/surveys/${id}/results`);
  expect(own.body.items.map(({ territory }) => territory)).toEqual(['ARS-84']);
  const zone = await api.as('ars-93').get<{ items: { organisation: string }[] }>(`/v1/surveys/${id}/respondents`);
  expect(zone.body.items.map(({ organisation }) => organisation).sort()).toEqual(['ARS-93', 'ARS-94']);
  for (const [account, act] of [
    ['ars-84', 'close'],
    ['superviseur', 'close'],
    ['admin', 'open'],
  ] as const) {
    expect((await api.as(account).post(`/v1/surveys/${id}/${act}`)).status).toBe(403);
  }
});

test('a survey of an ARS is its own: its list only, seen by it and the nation, run by nobody else', async () => {
  const formId = await publishForm(api.desk.database);
  const list = { respondents: [{ name: 'SAMU 69', email: 'samu69@samu.example' }] };
  const body = { formId, title: 'Lits du Rhône', audience: list, closesAt: 'P1D' };
  expect((await api.as('ars-84').post('/v1/surveys', { ...body, audience: { ars: 'all' } })).status).toBe(422);
  const made = await api.as('ars-84').post<{ id: string; author: string }>('/v1/surveys', body);
  expect([made.status, made.body.author]).toEqual([201, 'ARS-84']);
  const url = `/v1/surveys/${made.body.id}`;
  const read = async (account: AccountName) => (await api.as(account).get(url)).status;
  expect([await read('ars-84'), await read('corruss-chef'), await read('superviseur'), await read('ars-11')]).toEqual([
    200, 200, 200, 404,
  ]);
  expect((await api.as('corruss-chef').post(`${url}/open`)).status).toBe(403);
  expect((await api.as('ars-11').post(`${url}/open`)).status).toBe(404);
});
