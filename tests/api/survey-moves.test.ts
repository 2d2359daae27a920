import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Form } from '../../domain/survey/form.ts';
import { type ApiDesk, startApiDesk } from '../support/api-desk.ts';
import { BEDS, type OpenSurvey, openSurvey, publishForm } from '../support/survey.ts';

const FORM: Form = {
  code: 'LITS',
  title: 'Lits',
  sections: [
    { code: 's', title: 'S', questions: [{ code: 'lits', label: 'Lits', type: 'integer', commentWhenMoves: 20 }] },
  ],
};
const AUDIENCE = { audience: { ars: ['ARS-84', 'ARS-93'] } };

let api: ApiDesk;
let formId: string;
beforeAll(async () => {
  api = await startApiDesk();
  formId = await publishForm(api.desk.database, FORM);
});
afterAll(() => api.close());

const answer = (survey: OpenSurvey, body: object) =>
  api
    .as('ars-84')
    .put<{ errors?: { pointer: string; code: string; message: string }[]; notices: { code: string }[] }>(
      survey.answers('ARS-84'),
      body,
    );
const OWED = { pointer: '/comments/lits', code: 'commentRequired' };

test('a figure that moved by more than the form allows since the survey before owes a comment, written at once or after a draft', async () => {
  const earlier = await openSurvey(api, { formId, ...AUDIENCE });
  expect((await answer(earlier, { values: { lits: 100 }, submit: true })).status).toBe(200);

  const survey = await openSurvey(api, { formId, ...AUDIENCE });
  const atOnce = await answer(survey, { values: { lits: 121 }, submit: true });
  expect(atOnce.status).toBe(422);
  expect(atOnce.body.errors).toMatchObject([{ ...OWED, message: expect.stringContaining('100') }]);

  const draft = await answer(survey, { values: { lits: 121 } });
  expect(draft.status).toBe(200);
  expect(draft.body.notices).toMatchObject([{ code: 'commentRequired' }]);
  expect((await answer(survey, { values: { lits: 121 }, submit: true })).body.errors).toMatchObject([OWED]);

  const told = await answer(survey, {
    values: { lits: 121 },
    comments: { lits: 'Ouverture d’une aile.' },
    submit: true,
  });
  expect(told.status).toBe(200);
  expect(told.body.notices).toMatchObject([{ code: 'moved' }]);
});

test('an exercise is compared with exercises alone', async () => {
  const exercise = await openSurvey(api, { formId, ...AUDIENCE, exercise: true });
  expect((await answer(exercise, { values: { lits: 9_000 }, submit: true })).status).toBe(200);
  const survey = await openSurvey(api, { formId, ...AUDIENCE });
  expect((await answer(survey, { values: { lits: 121 }, submit: true })).status).toBe(200);
  const again = await openSurvey(api, { formId, ...AUDIENCE, exercise: true });
  expect((await answer(again, { values: { lits: 121 }, submit: true })).body.errors).toMatchObject([OWED]);
});

test('nothing is owed within what the form allows, nor where the survey before was never submitted', async () => {
  const survey = await openSurvey(api, { formId, ...AUDIENCE });
  expect((await answer(survey, { values: { lits: 120 }, submit: true })).status).toBe(200);
  const other = await api.as('ars-93').put(survey.answers('ARS-93'), { values: { lits: 5_000 }, submit: true });
  expect(other.status).toBe(200);
});

test('the survey before is the one that opened before, whichever was written first', async () => {
  const own = await publishForm(api.desk.database, FORM);
  const body = { formId: own, title: 'Préparée de longue date', closesAt: 'PT48H', audience: { ars: ['ARS-84'] } };
  const { id } = (await api.as('corruss-chef').post<{ id: string }>('/v1/surveys', body)).body;
  const between = await openSurvey(api, { formId: own, audience: { ars: ['ARS-84'] } });
  expect((await answer(between, { values: { lits: 100 }, submit: true })).status).toBe(200);
  expect((await api.as('corruss-chef').post(`/v1/surveys/${id}/open`, { loadReason: 'Essai.' })).status).toBe(202);
  const prepared = { id, answers: (org: string) => `/v1/surveys/${id}/answers/${org}` };
  expect((await answer(prepared, { values: { lits: 121 }, submit: true })).body.errors).toMatchObject([OWED]);
  expect((await answer(between, { values: { lits: 100 }, comments: { lits: 'Vu.' }, submit: true })).status).toBe(200);
});

test('on the page of a link the comment is asked for beside its field, and the error leads to it', async () => {
  const respondents = [{ name: 'Clinique du Parc', email: 'moves@clinique.example' }];
  const linkTo = async (title: string): Promise<string> => {
    await openSurvey(api, { formId, title, audience: { respondents } }, 'ars-84');
    const [mail] = await api.desk.sink.waitFor(
      ({ to, subject }) => to === respondents[0]!.email && subject.includes(title),
    );
    return /http:\/\/vigie\.example(\/s\/[\w-]{43})/.exec(mail!.text)![1]!;
  };
  const post = (url: string, fields: Record<string, string>) =>
    api.app.inject({
      ...{
        method: 'POST',
        url,
        payload: new URLSearchParams({ action: 'submit', version: '0', ...fields }).toString(),
      },
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
  expect((await post(await linkTo('Semaine 47'), { 'v.lits': '100' })).statusCode).toBe(200);
  const link = await linkTo('Semaine 48');
  const refused = await post(link, { 'v.lits': '50' });
  expect(refused.statusCode).toBe(422);
  expect(refused.body).toContain(
    'href="#f-comments-lits">Lits : de 100 à 50 depuis la dernière réponse (plus de 20\u00A0%).',
  );
  expect(refused.body).toMatch(/name="c\.lits"[^]*id="f-comments-lits-error"[^]*100/);
  expect((await post(link, { 'v.lits': '50', 'c.lits': 'Une aile est fermée.' })).statusCode).toBe(200);
});

test('who changed which figure when: of a table the cell that moved, and no other', async () => {
  const codes = (...some: string[]) => some.map((code) => ({ code, label: code }));
  const columns = codes('installes', 'occupes').map((one) => ({ ...one, type: 'integer' as const }));
  const table = { code: 'lits', label: 'Lits', type: 'table' as const, rows: codes('medecine', 'pediatrie'), columns };
  const form = { ...BEDS, sections: [{ code: 's', title: 'Lits', questions: [table] }], rules: [] };
  const formId = await publishForm(api.desk.database, form);
  const { answers } = await openSurvey(api, { formId, audience: { ars: ['ARS-84'] } });
  const say = (lits: object) => api.as('ars-84').put(answers('ARS-84'), { values: { lits }, submit: true });
  const medecine = { installes: 40, occupes: 38 };
  await say({ medecine, pediatrie: { installes: 10, occupes: 9 } });
  await say({ medecine: { ...medecine, occupes: 0 }, pediatrie: { notConcerned: 'Service fermé.' } });
  const { body } = await api.as('superviseur').get<{ items: object[] }>(`${answers('ARS-84')}/versions`);
  expect(body.items[1]).toMatchObject({
    by: 'ars-84',
    changed: [
      { code: 'lits.medecine.occupes', from: 38, to: 0 },
      { code: 'lits.pediatrie', from: null, to: { notConcerned: 'Service fermé.' } },
      { code: 'lits.pediatrie.installes', from: 10, to: null },
      { code: 'lits.pediatrie.occupes', from: 9, to: null },
    ],
  });
});
