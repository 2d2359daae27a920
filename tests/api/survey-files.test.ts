import { Workbook } from '@cj-tech-master/excelts';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Form } from '../../domain/survey/form.ts';
import { type Answer, type ApiDesk, startApiDesk } from '../support/api-desk.ts';
import type { AccountName } from '../support/desk-accounts.ts';
import { BEDS, openSurvey, type OpenSurvey, publishForm } from '../support/survey.ts';
import { workbook } from '../support/workbook.ts';

const SECTION = BEDS.sections[0]!;
const FORM: Form = {
  ...BEDS,
  sections: [
    {
      ...SECTION,
      questions: SECTION.questions.map((one) => (one.code === 'installes' ? { ...one, prefill: true } : one)),
    },
    {
      code: 'detail',
      title: 'Détail',
      questions: [
        {
          code: 'services',
          label: 'Par service',
          type: 'table',
          rows: [{ code: 'rea', label: 'Réanimation' }],
          columns: [{ code: 'lits', label: 'Lits', type: 'integer', min: 0, aggregate: 'sum' }],
        },
      ],
    },
  ],
};

let api: ApiDesk;
let formId: string;
let survey: OpenSurvey;
let linked: OpenSurvey;
let link: string;
beforeAll(async () => {
  api = await startApiDesk();
  formId = await publishForm(api.desk.database, FORM);
  survey = await openSurvey(api, { formId, audience: { ars: ['ARS-84', 'ARS-11'] } });
  const respondents = [{ name: '=CMD("Clinique")', email: 'clinique@parc.example' }];
  linked = await openSurvey(api, { formId, audience: { respondents } }, 'ars-84');
  const [mail] = await api.desk.sink.waitFor(({ to }) => to === 'clinique@parc.example');
  link = /http:\/\/vigie\.example(\/s\/[\w-]{43})/.exec(mail!.text)![1]!;
});
afterAll(() => api.close());

const bytes = async (url: string, account?: AccountName): Promise<Buffer> => {
  const headers = account === undefined ? {} : { authorization: `Bearer ${await api.issuer.token(account)}` };
  const answer = await api.app.inject({ url, headers });
  expect([url, answer.statusCode]).toEqual([url, 200]);
  expect(answer.headers['content-disposition']).toMatch(/^attachment; filename="reponse-[0-9a-f]{8}\.(xlsx|csv)"$/);
  return answer.rawPayload;
};

/** Fills a template as a person does in a spreadsheet: by the codes of the first column. */
async function fill(template: Buffer, cells: Readonly<Record<string, readonly unknown[]>>): Promise<Buffer> {
  const book = new Workbook();
  await book.xlsx.load(template);
  book.worksheets[0]!.eachRow((row) => {
    cells[row.getCell(1).text]?.forEach((value, n) => (row.getCell(n + 3).value = value as never));
  });
  return Buffer.from(await book.xlsx.writeBuffer());
}

async function send(url: string, file: Buffer, account?: AccountName, field = 'file', app = api.app) {
  const head = `--x\r\nContent-Disposition: form-data; name="${field}"; filename="r.xlsx"\r\nContent-Type: application/octet-stream\r\n\r\n`;
  const answer = await app.inject({
    method: account === undefined ? 'POST' : 'PUT',
    url,
    headers: {
      'content-type': 'multipart/form-data; boundary=x',
      ...(account === undefined ? {} : { authorization: `Bearer ${await api.issuer.token(account)}` }),
    },
    payload: Buffer.concat([Buffer.from(head), file, Buffer.from('\r\n--x--\r\n')]),
  });
  const json = (answer.headers['content-type'] ?? '').includes('json');
  const { statusCode: status, headers, body: text } = answer;
  return { status, headers, text, body: json ? answer.json<Answer['body']>() : {} };
}
const rowsOf = () =>
  api.desk.database.sql
    .selectFrom('survey_answer_version')
    .select(['door', 'number', 'values'])
    .orderBy('submitted_at')
    .execute();
const answers = () => survey.answers('ARS-84');

test('a template filled in a spreadsheet is an answer like any other; sent again it is the same', async () => {
  const template = await bytes(`${answers()}/template.xlsx`, 'ars-84');
  const file = await fill(template, { installes: [100], occupes: ['1 0'], tension: ['Niveau 1'], 'services.rea': [7] });
  const wrong = await send(`${answers()}/file?submit=true`, file, 'ars-84');
  expect([wrong.status, wrong.body['errors']]).toEqual([
    422,
    [{ pointer: '/values/occupes', code: 'number', message: expect.stringMatching(/^Ligne 8 : Nombre attendu/) }],
  ]);
  expect(await rowsOf()).toEqual([]);
  const right = await fill(file, { occupes: ['80'] });
  for (const _again of [1, 2]) {
    const { status, body } = await send(`${answers()}/file?submit=true`, right, 'ars-84');
    expect([status, body]).toMatchObject([
      200,
      { submitted: 1, values: { installes: 100, occupes: 80, taux: 80, tension: 'n1' } },
    ]);
  }
  expect(await rowsOf()).toMatchObject([{ door: 'file', number: 1, values: { services: { rea: { lits: 7 } } } }]);
});

test('what stands of an answer is in its next template; CSV the same', async () => {
  const csv = (await bytes(`${answers()}/template.csv`, 'ars-84')).toString();
  expect(csv).toContain('\r\ninstalles;Lits installés (obligatoire);100;lits;');
  expect(csv).toContain('\r\nservices.rea;Réanimation;7;');
  const corrected = Buffer.from(csv.replace('obligatoire);80;', 'obligatoire);81;'));
  const { status, body } = await send(`${answers()}/file?submit=true`, corrected, 'ars-84');
  expect([status, body]).toMatchObject([200, { submitted: 2, values: { occupes: 81 } }]);
});

test('a file of another respondent, no file, no spreadsheet, more than 2 MB: 422 by name, and nothing is written', async () => {
  const before = await rowsOf();
  const foreign = await bytes(`${survey.answers('ARS-11')}/template.xlsx`, 'ars-11');
  const url = `${answers()}/file?submit=true`;
  const cases: readonly (readonly [Buffer, string, RegExp])[] = [
    [await fill(foreign, { installes: [1], occupes: [1] }), 'reference', /autre répondant/],
    [Buffer.from('%PDF-1.7\n'), 'notSheet', /ni un classeur/],
    [Buffer.alloc(3 * 1024 * 1024, 'a'), 'tooLarge', /2 Mo/],
  ];
  for (const [file, code, message] of cases) {
    const { status, body } = await send(url, file, 'ars-84');
    expect([status, body['errors']]).toEqual([
      422,
      [{ pointer: expect.any(String), code, message: expect.stringMatching(message) }],
    ]);
  }
  expect((await send(url, Buffer.from('a'), 'ars-84', 'autre')).status).toBe(422);
  const notMultipart = await api.as('ars-84').put(url, {});
  expect(notMultipart.status).toBe(415);
  expect(await rowsOf()).toEqual(before);
});

test('whose file: an agency reads and writes its own, the desk on its behalf, nobody else', async () => {
  const file = await bytes(`${answers()}/template.xlsx`, 'corruss-chef');
  expect((await send(`${answers()}/file`, file, 'ars-11')).status).toBe(404);
  expect((await api.as('ars-11').get(`${answers()}/template.csv`)).status).toBe(404);
  expect((await send(`${answers()}/file`, file, 'superviseur')).status).toBe(403);
  expect((await send(`${answers()}/file?submit=true`, file, 'corruss-chef')).status).toBe(200);
});

test('by the page: the model, errors by line beside their fields with all that was read, then a receipt', async () => {
  const page = (await api.app.inject(link)).body;
  expect(page).toContain(`action="${link}/fichier?version=0"`);
  const template = await bytes(`${link}/modele.xlsx`);
  const file = await fill(template, { installes: [10], occupes: [12], 'services.rea': ['x'] });
  const wrong = await send(`${link}/fichier?version=0`, file);
  expect(wrong.status).toBe(422);
  for (const words of [
    'value="10"',
    'value="12"',
    'value="x"',
    'Ligne 14 : Nombre attendu',
    'id="f-values-services-rea-lits-error"',
    `action="${link}"`,
  ])
    expect(wrong.text).toContain(words);
  const unread = await send(`${link}/fichier?version=0`, Buffer.from('%PDF-1.7\n'));
  expect([unread.status, unread.text.includes('Votre fichier n’est pas pris')]).toEqual([422, true]);
  const right = await fill(file, { occupes: [9], 'services.rea': [3] });
  const draft = await send(`${link}/fichier?version=0&draft=true`, right);
  expect([draft.status, draft.text.includes('brouillon est enregistré')]).toEqual([200, true]);
  const stale = await send(`${link}/fichier?version=0`, await fill(right, { occupes: [8] }));
  expect([stale.status, stale.text.includes('Quelqu’un d’autre a écrit')]).toEqual([412, true]);
  // The page is of now, the sheet was made before.
  const older = await send(`${link}/fichier?version=1`, await fill(right, { occupes: [8] }));
  expect([older.status, older.text.includes('Quelqu’un d’autre a écrit')]).toEqual([412, true]);
  const sent = await send(`${link}/fichier?version=1`, right);
  expect([sent.status, sent.text.includes('Votre réponse est enregistrée')]).toEqual([200, true]);
  for (const path of ['modele.xlsx', 'fichier']) {
    const url = `/s/${'a'.repeat(43)}/${path}`;
    expect(
      (path === 'fichier' ? await send(url, right) : { status: (await api.app.inject(url)).statusCode }).status,
    ).toBe(404);
  }
});

test('prefilled from the answer before where the form allows it, and only where nothing stands', async () => {
  const next = await openSurvey(api, { formId, audience: { ars: ['ARS-84'] } });
  const csv = await bytes(`${next.answers('ARS-84')}/template.csv?prefill=true`, 'ars-84');
  expect(csv.toString()).toMatch(/\r\ninstalles;[^;]*;100;/);
  expect(csv.toString()).toMatch(/\r\noccupes;[^;]*;;/);
  expect((await bytes(`${next.answers('ARS-84')}/template.csv`, 'ars-84')).toString()).toMatch(/\r\ninstalles;[^;]*;;/);
});

test('results as a workbook: numbers as numbers, missing as nothing, a dictionary, what the figures are', async () => {
  const answer = await api.app.inject({
    url: `/v1/surveys/${survey.id}/results.xlsx?by=ars`,
    headers: { authorization: `Bearer ${await api.issuer.token('superviseur')}` },
  });
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([
    200,
    expect.stringContaining('spreadsheetml.sheet'),
  ]);
  const book = new Workbook();
  await book.xlsx.load(answer.rawPayload);
  const [figures, dictionary, about] = book.worksheets.map((sheet) => {
    const rows: unknown[][] = [];
    sheet.eachRow((row) => rows.push((row.values as unknown[]).slice(1)));
    return rows;
  });
  const heads = figures![0]!;
  const cellOf = (ars: string, head: string) => figures!.find(([name]) => name === ars)![heads.indexOf(head)];
  expect([cellOf('ARS-84', 'installes'), cellOf('ARS-84', 'taux')]).toEqual([100, 81]);
  expect([cellOf('ARS-11', 'installes') ?? null, cellOf('ARS-11', 'reçues')]).toEqual([null, 0]);
  expect(dictionary).toEqual(
    expect.arrayContaining([
      ['installes', 'Lits installés', 'somme', 'lits'],
      ['taux', 'Taux d’occupation', 'somme de occupes sur somme de installes, en pourcentage', '%'],
      ['tension.n1', 'Niveau de tension, Niveau 1', 'nombre de réponses de ce choix', ''],
      ['services.lits', 'Par service, toutes les lignes, Lits', 'somme', ''],
    ]),
  );
  expect(about).toEqual(expect.arrayContaining([['État', 'Chiffres tels que corrigés à ce jour']]));
});

test('a file by a link that is closed is not even read; one file of each respondent is under way at a time', async () => {
  const url = `${link}/fichier?version=2`;
  const long = await workbook(
    Array.from({ length: 2_000 }, (_row, n) => Array.from({ length: 20 }, (_cell, m) => n * m)),
  );
  const [first, second] = await Promise.all([send(url, long), send(url, long)]);
  expect([first.status, second.status].sort()).toEqual([422, 503]);
  expect([first.text, second.text].some((text) => text.includes('encore en cours de lecture'))).toBe(true);
  await api.as('ars-84').post(`/v1/surveys/${linked.id}/close`, { reason: 'Assez.' });
  // No file at all: whoever looked for one would say 422.
  const closed = await send(url, Buffer.from('a'), undefined, 'autre');
  expect([closed.status, closed.text.includes('close')]).toEqual([409, true]);
});

test('by one link six files a minute are read, then it is told when to come back; another link and the page itself go on', async () => {
  const limited = await api.rebuild({ limits: { eventLoopDelayMs: 0 } });
  const respondents = ['a', 'b'].map((name) => ({ name, email: `${name}@fuite.example` }));
  await openSurvey(api, { formId, audience: { respondents } }, 'ars-84');
  const [leaked, other] = await Promise.all(
    respondents.map(async ({ email }) => {
      const [mail] = await api.desk.sink.waitFor(({ to }) => to === email);
      return /http:\/\/vigie\.example(\/s\/[\w-]{43})/.exec(mail!.text)![1]!;
    }),
  );
  const sendBy = (url: string) => send(`${url}/fichier`, Buffer.from('%PDF-1.7'), undefined, 'file', limited);
  const sent: Awaited<ReturnType<typeof send>>[] = [];
  for (let n = 0; n < 7; n += 1) sent.push(await sendBy(leaked!));
  expect(sent.map(({ status }) => status)).toEqual([422, 422, 422, 422, 422, 422, 429]);
  expect(sent[6]!.text).toMatch(/Trop de fichiers en une minute par ce lien[^]*recommencer dans \d+ seconde/);
  expect(Number(sent[6]!.headers['retry-after'])).toBeGreaterThan(0);
  expect((await sendBy(other!)).status).toBe(422);
  expect((await limited.inject(leaked!)).statusCode).toBe(200);
});

test('after the close a file is refused like any answer, since when and whom to ask, and not even read', async () => {
  await api.as('corruss-chef').post(`/v1/surveys/${survey.id}/close`, { reason: 'Assez.' });
  const { status, body } = await send(`${answers()}/file?submit=true`, Buffer.from('a'), 'ars-84', 'autre');
  expect([status, body['detail']]).toEqual([409, expect.stringMatching(/close depuis le .* contactez le CORRUSS/)]);
  const closing = await api.as('superviseur').get(`/v1/surveys/${survey.id}/results.xlsx?as=closing`);
  expect(closing.status).toBe(200);
});
