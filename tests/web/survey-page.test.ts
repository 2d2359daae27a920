import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Form } from '../../domain/survey/form.ts';
import { type ApiDesk, startApiDesk } from '../support/api-desk.ts';
import { BEDS, openSurvey, type OpenSurvey, publishForm } from '../support/survey.ts';

const FORM: Form = {
  ...BEDS,
  sections: [
    ...BEDS.sections,
    {
      code: 'detail',
      title: 'Détail <b>par service</b>',
      questions: [
        {
          code: 'services',
          label: 'Par service',
          type: 'table',
          rows: [
            { code: 'rea', label: 'Réanimation' },
            { code: 'usi', label: 'Soins intensifs' },
          ],
          columns: [{ code: 'lits', label: 'Lits', type: 'integer', min: 0, required: true }],
        },
        {
          code: 'mesures',
          label: 'Mesures',
          type: 'choices',
          choices: [
            { code: 'x', label: 'X' },
            { code: 'y', label: 'Y' },
          ],
        },
      ],
    },
  ],
};

let api: ApiDesk;
let survey: OpenSurvey;
let link: string;
beforeAll(async () => {
  api = await startApiDesk();
  const respondents = ['Clinique du Parc', 'SAMU 69'].map((name, n) => ({ name, email: `r${n}@clinique.example` }));
  const formId = await publishForm(api.desk.database, FORM);
  survey = await openSurvey(api, { formId, title: 'Lits <script>', audience: { respondents } }, 'ars-84');
  const [mail] = await api.desk.sink.waitFor(({ to }) => to === 'r0@clinique.example');
  link = /http:\/\/vigie\.example(\/s\/[\w-]{43})/.exec(mail!.text)![1]!;
  expect([mail!.from, mail!.replyTo]).toEqual(['ars84-alerte@ars-84.example', 'ars84-alerte@ars-84.example']);
  expect(`${mail!.text}${mail!.html}`).not.toMatch(/corruss/i);
});
afterAll(() => api.close());

const get = (url = link) => api.app.inject(url);
const post = (fields: Record<string, string | string[]>, url = link) =>
  api.app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams(
      Object.entries(fields).flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, one])),
    ).toString(),
  });
const versionOf = (page: string): string => /name="version" value="(\d+)"/.exec(page)![1]!;
const rows = (key = 'r0@clinique.example') =>
  api.desk.database.sql
    .selectFrom('survey_answer as a')
    .innerJoin('survey_respondent as r', 'r.id', 'a.respondent_id')
    .select(['version', 'submitted', 'draft'])
    .where('a.survey_id', '=', survey.id)
    .where('r.key', '=', key)
    .execute();
const WHOLE = { 'v.installes': '1 200', 'v.occupes': '80', 'v.services.rea.lits': '3', 'v.mesures': ['x', 'y'] };

test('the page is plain, in French, without script, escaped, kept by nobody; opening it changes nothing', async () => {
  for (const _again of [1, 2]) {
    const page = await get();
    expect(page.statusCode).toBe(200);
    expect(page.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.body).not.toContain('<script');
    expect(page.body).toContain('Lits &lt;script&gt;');
    expect(page.body).toContain('Détail &lt;b&gt;par service');
    expect(page.body).toContain('Clinique du Parc');
    expect(page.body).not.toContain('SAMU 69');
  }
  expect(await rows()).toEqual([]);
});

test('all errors at once, beside their fields and in a summary that leads to them; what was typed stays', async () => {
  const page = await post({
    action: 'submit',
    version: '0',
    'v.installes': 'douze',
    'v.services.rea.lits': '-1',
    'v.note': 'À <voir>',
  });
  expect(page.statusCode).toBe(422);
  for (const words of [
    'href="#f-values-installes"',
    'id="f-values-installes-error"',
    'value="douze"',
    'À &lt;voir&gt;',
  ]) {
    expect(page.body).toContain(words);
  }
  expect(page.body).toContain('href="#f-values-services-rea-lits"');
  expect(page.body).toMatch(/name="v\.occupes"[^>]*aria-invalid="true"|aria-invalid="true"[^>]*name="v\.occupes"/);
  expect((await rows()).every(({ submitted }) => submitted === null)).toBe(true);
});

test('numbers that are none and texts without end are told beside their fields, and nothing is written', async () => {
  const [mail] = await api.desk.sink.waitFor(({ to }) => to === 'r1@clinique.example');
  const other = /http:\/\/vigie\.example(\/s\/[\w-]{43})/.exec(mail!.text)![1]!;
  const draft = (fields: Record<string, string>) => post({ action: 'draft', version: '0', ...fields }, other);
  for (const number of ['١٢', '1e9', 'NaN', 'Infinity', '1.234', '1 234,5', '0x10', '--1', '9'.repeat(61)]) {
    const page = await draft({ 'v.installes': number });
    expect([number, page.statusCode]).toEqual([number, 422]);
    expect(page.body).toContain('id="f-values-installes-error"');
  }
  const endless = await draft({ 'v.note': 'x'.repeat(1_000_000) });
  expect([endless.statusCode, endless.body.includes('id="f-values-note-error"')]).toEqual([422, true]);
  expect(await rows('r1@clinique.example')).toEqual([{ draft: null, submitted: null, version: 0 }]);
  expect((await draft({ 'v.installes': '1 234,0', 'v.occupes': '-0' })).statusCode).toBe(200);
  const [{ draft: kept } = { draft: null }] = await rows('r1@clinique.example');
  expect(kept?.values).toEqual({ installes: 1234, occupes: 0, taux: 0 });
});

test('a draft is found again by the same link; what is submitted has a receipt and can be corrected', async () => {
  const saved = await post({ action: 'draft', version: '0', 'v.installes': '1 200' });
  expect([saved.statusCode, saved.body.includes('brouillon est enregistré')]).toEqual([200, true]);
  const found = await get();
  expect(found.body).toContain('value="1200"');
  expect(await rows()).toMatchObject([{ submitted: null }]);
  const sent = await post({ action: 'submit', version: versionOf(found.body), ...WHOLE });
  expect(sent.statusCode).toBe(200);
  for (const words of ['Votre réponse est enregistrée', 'version 1', '1 200 lits', 'Réanimation : Lits 3', 'X, Y']) {
    expect(sent.body.replaceAll(/\s+/g, ' ')).toContain(words);
  }
  await post({ action: 'submit', version: versionOf((await get()).body), ...WHOLE });
  expect(await rows()).toMatchObject([{ submitted: 1 }]);
  const page = await get();
  expect(page.body).toMatch(/value="x"\s+checked/);
  await post({ action: 'submit', version: versionOf(page.body), ...WHOLE, 'v.occupes': '90' });
  expect(await rows()).toMatchObject([{ submitted: 2 }]);
});

test('a colleague who has written meanwhile is not overwritten unseen', async () => {
  const stale = await post({ action: 'submit', version: '1', ...WHOLE, 'v.occupes': '70' });
  expect(stale.statusCode).toBe(412);
  expect(stale.body).toContain('Quelqu’un d’autre a écrit cette réponse entre-temps');
  expect(stale.body).toContain('« 90 »');
  expect(stale.body).toContain('value="70"');
  const again = await post({ action: 'submit', version: versionOf(stale.body), ...WHOLE, 'v.occupes': '70' });
  expect(again.statusCode).toBe(200);
});

test('another’s token opens nothing, nor does a guessed one; only its hash is stored', async () => {
  for (const url of [`${link}x`, '/s/x', `/s/${'a'.repeat(43)}`]) {
    expect([url, (await get(url)).statusCode]).toEqual([url, 404]);
    expect((await post({ action: 'submit' }, url)).statusCode).toBe(404);
  }
  const { link_hash } = await api.desk.database.sql
    .selectFrom('survey_respondent')
    .select('link_hash')
    .where('survey_id', '=', survey.id)
    .executeTakeFirstOrThrow();
  expect(link_hash).toMatch(/^[0-9a-f]{64}$/);
  expect(link).not.toContain(link_hash);
});

test('after the close nothing is taken, and the page says since when and whom to ask', async () => {
  expect((await api.as('ars-84').post(`/v1/surveys/${survey.id}/close`)).status).toBe(202);
  const late = await post({ action: 'submit', version: '9', ...WHOLE });
  expect([late.statusCode, (await get()).statusCode]).toEqual([409, 200]);
  expect(late.body).toMatch(
    /close depuis le .* réponse que vous avez envoyée est conservée.* contactez l’agence qui interroge \(ARS Auvergne-Rhône-Alpes\)/,
  );
  expect(late.body).not.toContain('À rendre avant');
  const model = await api.app.inject({ url: `${link}/modele.csv` });
  expect([model.statusCode, model.body.includes('1200')]).toEqual([409, false]);
  const results = await api
    .as('ars-84')
    .get<{ items: object[] }>(`/v1/surveys/${survey.id}/results?by=nation&as=closing`);
  expect(results.body.items).toMatchObject([{ expected: 2, received: 1, values: { installes: 1200, occupes: 70 } }]);
  const csv = await api.as('superviseur').get(`/v1/surveys/${survey.id}/results.csv?as=closing`);
  expect([csv.status, csv.headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8']);
  expect(csv.text).toContain('ARS-84;;2;0;1;');
});
