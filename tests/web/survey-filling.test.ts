import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Form } from '../../domain/survey/form.ts';
import { type ApiDesk, startApiDesk } from '../support/api-desk.ts';
import { openSurvey, type OpenSurvey, publishForm } from '../support/survey.ts';

/** One question of each type, filled as a person does, by the page and by the sheet of the same link. */
const FORM: Form = {
  code: 'TOUT',
  title: 'Tout',
  sections: [
    {
      code: 's',
      title: 'S',
      questions: [
        {
          code: 'lits',
          label: 'Lits',
          type: 'integer',
          min: 0,
          max: 20_000,
          unit: 'lits',
          required: true,
          prefill: true,
        },
        { code: 'etp', label: 'ETP', type: 'decimal', min: 0.5, prefill: true },
        { code: 'part', label: 'Part', type: 'percentage' },
        {
          code: 'plan',
          label: 'Plan',
          type: 'choice',
          prefill: true,
          choices: [
            { code: 'a', label: '+ de 10 lits' },
            { code: 'b', label: 'Plan blanc' },
          ],
        },
        {
          code: 'mesures',
          label: 'Mesures',
          type: 'choices',
          choices: [
            { code: 'a', label: 'Renforts ; astreintes' },
            { code: 'b', label: 'Renforts' },
            { code: 'c', label: '- Report' },
          ],
        },
        { code: 'jour', label: 'Jour', type: 'date', min: '2026-01-01' },
        { code: 'mot', label: 'Mot', type: 'text' },
        {
          code: 'services',
          label: 'Par service',
          type: 'table',
          prefill: true,
          rows: [
            { code: 'rea', label: 'Réanimation' },
            { code: 'usi', label: 'Soins intensifs' },
          ],
          columns: [
            { code: 'ouverts', label: 'Ouverts', type: 'integer', min: 0, required: true, help: 'Lits armés ce jour.' },
            { code: 'occupes', label: 'Occupés', type: 'integer', min: 0 },
          ],
          rules: [{ formula: 'occupes <= ouverts', message: 'Plus de lits occupés que d’ouverts.' }],
        },
        { code: 'ratio', label: 'Lits par ETP', type: 'computed', formula: 'lits / etp', commentWhenMoves: 10 },
        {
          code: 'taux',
          label: 'Occupation',
          type: 'computed',
          formula: '100 * services.rea.occupes / services.rea.ouverts',
        },
      ],
    },
  ],
  rules: [
    { formula: 'ratio <= 1000', message: 'Beaucoup de lits par ETP : vérifiez.', blocking: false },
    { formula: 'ratio >= 1', message: 'Moins d’un lit par ETP.' },
  ],
};
const RESPONDENT = { name: 'Clinique du Parc', email: 'clinique@parc.example' };
const WHOLE = {
  ...{ 'v.lits': '1 200', 'v.etp': '0,5', 'v.part': '12,5 %', 'v.plan': 'a', 'v.mesures': ['a', 'c'] },
  ...{ 'v.jour': '2026-12-01', 'v.mot': '=1+1', 'v.services.rea.ouverts': '0', 'v.services.rea.occupes': '0' },
  'n.services.usi': 'Sans objet',
};
/** As it is stored. */
const STORED = {
  ...{ lits: 1200, etp: 0.5, part: 12.5, plan: 'a', mesures: ['a', 'c'], jour: '2026-12-01', mot: '=1+1' },
  ...{ services: { rea: { ouverts: 0, occupes: 0 }, usi: { notConcerned: 'Sans objet' } }, ratio: 2400 },
};

let api: ApiDesk;
let formId: string;
let first: Linked;
let second: Linked;
beforeAll(async () => {
  api = await startApiDesk();
  formId = await publishForm(api.desk.database, FORM, 'ARS-84');
  first = await linked('Première');
});
afterAll(() => api.close());

interface Linked {
  readonly survey: OpenSurvey;
  readonly link: string;
}
async function linked(title: string): Promise<Linked> {
  const survey = await openSurvey(api, { formId, title, audience: { respondents: [RESPONDENT] } }, 'ars-84');
  const [mail] = await api.desk.sink.waitFor(({ subject }) => subject.includes(title));
  return { survey, link: /http:\/\/vigie\.example(\/s\/[\w-]{43})/.exec(mail!.text)![1]! };
}

type Fields = Readonly<Record<string, string | readonly string[]>>;
async function post({ link }: Linked, fields: Fields) {
  const pairs = Object.entries(fields).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  );
  const answer = await api.app.inject({
    ...{ method: 'POST', url: link, headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    payload: new URLSearchParams(pairs).toString(),
  });
  return pageOf(answer.statusCode, answer.body);
}
const pageOf = (status: number, body: string) => ({ status, body, words: wordsOf(body) });
const wordsOf = (body: string): string =>
  body
    .replaceAll(/<style[^]*?<\/style>|<[^>]+>/g, ' ')
    .replaceAll(/[\s\u00a0\u202f]+/g, ' ')
    .replaceAll(' .', '.');
const open = async ({ link }: Linked) => {
  const answer = await api.app.inject(link);
  return pageOf(answer.statusCode, answer.body);
};
const valuesOf = async ({ survey }: Linked) => {
  const rows = await api.desk.database.sql
    .selectFrom('survey_answer_version as v')
    .innerJoin('survey_respondent as r', 'r.id', 'v.respondent_id')
    .select(['number', 'values', 'comments'])
    .where('r.survey_id', '=', survey.id)
    .orderBy('number', 'desc')
    .execute();
  return rows[0];
};

test('the page tells units, limits and help of every field, columns included, with the decimal comma', async () => {
  const { words } = await open(first);
  for (const told of [
    'En lits. Nombre, au moins 0, au plus 20 000.',
    'Nombre, au moins 0,5.',
    'En %.',
    'Date, au plus tôt le 01/01/2026.',
    'Chaque case : Nombre, au moins 0.',
    'Ouverts : Lits armés ce jour.',
    'Obligatoire dans une ligne remplie : Ouverts.',
    'Lits par ETP : calculé à partir de vos réponses',
  ])
    expect(words).toContain(told);
  expect(words).not.toContain('Partir de ma réponse précédente');
});

test('a rule that only warns and a division by zero are told with the receipt, which reads as a person writes', async () => {
  const draft = await post(first, { action: 'draft', version: '0', 'v.etp': '2' });
  expect(draft.words).toContain('Il reste une réponse obligatoire à donner avant l’envoi.');
  const receipt = await post(first, { action: 'submit', version: '1', ...WHOLE });
  expect(receipt.status).toBe(200);
  for (const told of [
    'Beaucoup de lits par ETP : vérifiez.',
    'Occupation : Sans valeur : division par zéro.',
    'Lits 1 200 lits',
    'Part 12,5 %',
    'Jour 01/12/2026',
    'Réanimation : Ouverts 0, Occupés 0',
  ])
    expect(receipt.words).toContain(told);
  expect((await valuesOf(first))?.values).toEqual(STORED);
});

test.each(['xlsx', 'csv'])(
  'what stands of an answer comes back the same from its own template (%s)',
  async (format) => {
    const template = await api.app.inject(`${first.link}/modele.${format}`);
    const head = '--x\r\nContent-Disposition: form-data; name="file"; filename="r"\r\n\r\n';
    const back = await api.app.inject({
      ...{
        method: 'POST',
        url: `${first.link}/fichier`,
        headers: { 'content-type': 'multipart/form-data; boundary=x' },
      },
      payload: Buffer.concat([Buffer.from(head), template.rawPayload, Buffer.from('\r\n--x--\r\n')]),
    });
    expect([back.statusCode, wordsOf(back.body)]).toEqual([200, expect.stringContaining('(version 1)')]);
  },
);

test('the answer before is taken over on demand, by the page, where the form allows it; nothing is stored', async () => {
  second = await linked('Deuxième');
  const offer = await open(second);
  expect(offer.words).toContain('si elles sont encore vides : Lits, ETP, Plan, Par service. À vérifier');
  const filled = await post(second, { action: 'prefill', version: '0', 'v.lits': '7' });
  expect([filled.status, filled.words]).toEqual([
    200,
    expect.stringContaining('Votre réponse précédente est reportée'),
  ]);
  expect(filled.body).toMatch(/value="7"\s+id="f-values-lits"/);
  expect(filled.body).toMatch(/value="0,5"\s+id="f-values-etp"/);
  expect(filled.body).toMatch(/value="a"\s+checked/);
  expect(filled.body).toContain('value="Sans objet"');
  expect(filled.body).not.toContain('=1+1');
  expect(filled.words).not.toContain('Partir de ma réponse précédente');
  expect(await valuesOf(second)).toBeUndefined();
});

test('a computed field that moved is commented on the page, beside it, and in the sheet', async () => {
  const answer = { version: '0', 'v.lits': '800', 'v.etp': '1' };
  const owed = await post(second, { action: 'submit', ...answer });
  expect([owed.status, owed.words]).toEqual([422, expect.stringContaining('Lits par ETP : 800 (calculé)')]);
  expect(owed.body).toContain('href="#f-comments-ratio"');
  expect(owed.body).toMatch(/<textarea id="f-comments-ratio" name="c\.ratio"/);
  const csv = (await api.app.inject(`${second.link}/modele.csv`)).body;
  expect(csv).toContain('ratio:commentaire;Lits par ETP (calculé) : commentaire;');
  const given = await post(second, { action: 'submit', ...answer, 'c.ratio': 'Deux services fermés.' });
  expect([given.status, (await valuesOf(second))?.comments]).toEqual([200, { ratio: 'Deux services fermés.' }]);
});

test('what is wrong with a computed field or a whole row stands there; a choice can be undone for «non concerné»', async () => {
  const rows = { 'v.services.usi.ouverts': '1', 'v.services.usi.occupes': '2' };
  const wrong = await post(second, { action: 'submit', version: '1', 'v.lits': '1', 'v.etp': '4', ...rows });
  expect(wrong.body).toContain('href="#f-values-ratio"');
  expect(wrong.body).toMatch(/id="f-values-ratio-error">Moins d’un lit par ETP/);
  expect(wrong.body).toContain('href="#f-values-services-usi"');
  expect(wrong.body).toMatch(/Soins intensifs<p class="wrong">Plus de lits occupés/);
  const undone = await post(second, {
    action: 'draft',
    version: '1',
    'v.lits': '800',
    'v.plan': '',
    'n.plan': 'Sans plan',
  });
  expect(undone.status).toBe(200);
  expect(undone.body).toMatch(/type="radio"\s+name="v\.plan"\s+value=""/);
});

test('the second of two writers reads what differs beside each field, computed ones too', async () => {
  const stale = await post(second, {
    action: 'submit',
    version: '1',
    'v.lits': '500',
    'v.etp': '1',
    'c.ratio': 'Fermés.',
  });
  expect(stale.status).toBe(412);
  expect(stale.body).toMatch(/id="f-values-ratio-error">Quelqu’un d’autre/);
});

test('what does not say which version it has seen writes over nothing', async () => {
  const before = await open(second);
  for (const fields of [{}, { action: 'draft', 'v.lits': '1' }, { action: 'submit', version: 'x', 'v.lits': '1' }]) {
    expect((await post(second, fields)).status).toBe(412);
  }
  expect((await open(second)).words).toBe(before.words);
});

test('the API fills an answer that has not begun with the one before, and no other', async () => {
  const body = { title: 'ARS', audience: { ars: ['ARS-84'] } };
  const national = await publishForm(api.desk.database, FORM);
  const one = await openSurvey(api, { formId: national, ...body });
  const ars = api.as('ars-84');
  const right = { values: { lits: 9, etp: 1, mot: 'Mot' }, submit: true };
  expect((await ars.put(one.answers('ARS-84'), right)).status).toBe(200);
  const next = await openSurvey(api, { formId: national, ...body });
  const path = next.answers('ARS-84');
  expect((await ars.get(`${path}?prefill=true`)).body).toMatchObject({
    values: { lits: 9, etp: 1 },
    version: 0,
    isDraft: false,
  });
  expect((await ars.get<{ values: object }>(path)).body.values).toEqual({});
  expect((await ars.put(path, { values: { lits: 3 } })).status).toBe(200);
  expect((await ars.get<{ values: object }>(`${path}?prefill=true`)).body.values).toEqual({ lits: 3 });
});
