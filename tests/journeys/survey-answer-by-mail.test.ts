import { randomUUID } from 'node:crypto';
import { Workbook } from '@cj-tech-master/excelts';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { part } from '../corpus/eml.ts';
import { AUTHSERV_ID } from '../support/instruction-desk.ts';
import { type Letter, type MailDesk, startMailDesk } from '../support/mail-desk.ts';
import type { ReceivedMail } from '../support/mail-sink.ts';
import { openSurvey } from '../support/survey.ts';
import { archive } from '../support/workbook.ts';

const CLINIC = 'clinique@parc.example';
const STRANGER = 'quelquun@ailleurs.example';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

let desk: MailDesk;
let survey: string;
let token: string;
let template: Buffer;
let link: string;
beforeAll(async () => {
  desk = await startMailDesk();
  const respondents = [
    { name: 'Clinique du Parc', email: CLINIC },
    { name: 'SAMU 69', email: 'samu@69.example' },
  ];
  ({ id: survey } = await openSurvey(desk, { audience: { respondents } }, 'ars-84'));
  const [mail] = await desk.desk.sink.waitFor(({ to }) => to === CLINIC);
  const [author, vigie] = mail!.parsed.replyTo ?? [];
  expect([author?.address, vigie?.address]).toEqual(['ars84-alerte@ars-84.example', mail!.envelope.from]);
  token = mail!.envelope.from;
  link = /http:\/\/vigie\.example(\/s\/[\w-]{43})/.exec(mail!.text)![1]!;
  template = (await desk.app.inject(`${link}/modele.xlsx`)).rawPayload;
}, 120_000);
afterAll(() => desk.close(), 60_000);
beforeEach(() => desk.desk.sink.clear());

/** The template with its answers, by code. */
async function filled(cells: Readonly<Record<string, unknown>>): Promise<Buffer> {
  const book = new Workbook();
  await book.xlsx.load(template);
  book.worksheets[0]!.eachRow((row) => {
    const { text } = row.getCell(1);
    if (Object.hasOwn(cells, text)) row.getCell(3).value = cells[text] as never;
  });
  return Buffer.from(await book.xlsx.writeBuffer());
}

const attached = (file: Buffer, name = 'réponse.xlsx', type = XLSX): string =>
  part(type, file.toString('base64').replace(/.{76}/g, '$&\r\n'), [
    'Content-Transfer-Encoding: base64',
    `Content-Disposition: attachment; filename="${name.replace('é', 'e')}"`,
  ]);

/** Answers the invitation, as a mail client does. @returns the stored mail, and the letter that its respondent got */
async function answer(
  files: readonly string[],
  more: Partial<Letter> = {},
): Promise<{ id: string; letter: ReceivedMail | undefined }> {
  const parts = [part('text/plain; charset=utf-8', 'Bonjour,\nVoici notre réponse.'), ...files];
  const id = await desk.post({
    from: CLINIC,
    subject: 'RE: ENQUÊTE',
    to: token,
    multipart: 'multipart/mixed',
    parts,
    ...more,
  });
  return { id, letter: desk.desk.sink.mails.at(-1) };
}
const stateOf = async (id: string) => (await desk.row(id)).state;
const versions = () =>
  desk.desk.database.sql
    .selectFrom('survey_answer_version')
    .select(['number', 'door', 'submitted_by', 'values'])
    .orderBy('number')
    .execute();
const words = (mail: ReceivedMail | undefined): string => mail!.text.replaceAll(/\s+/g, ' ');

test('a sheet with errors: nothing is written, each is told by its line to the respondent, and the author sees it', async () => {
  const { id, letter } = await answer([attached(await filled({ installes: 'douze', occupes: 4, note: '=1+1' }))]);
  expect(await stateOf(id)).toBe('surveyRefused');
  expect(letter).toMatchObject({ to: CLINIC, subject: expect.stringContaining('FICHIER À CORRIGER') });
  expect(words(letter)).toMatch(/Ligne 7, Lits installés : Nombre attendu/);
  expect(words(letter)).toContain('Rien n’est enregistré');
  expect(letter!.links.some((link) => /\/s\/[\w-]{43}$/.test(link))).toBe(true);
  expect(await versions()).toEqual([]);
  const respondents = await desk.as('ars-84').get<{ items: object[] }>(`/v1/surveys/${survey}/respondents`);
  expect(respondents.body.items).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ name: 'Clinique du Parc', fileRefusedAt: expect.any(String), versions: 0 }),
      expect.objectContaining({ name: 'SAMU 69', fileRefusedAt: null }),
    ]),
  );
  const audit = await desk.as('superviseur').get(`/v1/audit?subject=survey/${survey}`);
  expect(audit.text).toContain('surveyFileRefused');
});

test('a right one is submitted, whoever sent it; the answer goes to the respondent on record; a replay counts once', async () => {
  const file = attached(await filled({ installes: 100, occupes: 80, tension: 'Niveau 2' }));
  const headers = { To: `Vigie <${token}>`, 'Message-ID': `<${randomUUID()}@ailleurs.example>`, 'In-Reply-To': '' };
  const { id, letter } = await answer([file], { from: STRANGER, headers });
  expect(await desk.row(id)).toMatchObject({ state: 'surveyAnswered', sender: STRANGER });
  expect(letter).toMatchObject({ to: CLINIC, subject: expect.stringContaining('RÉPONSE ENREGISTRÉE') });
  expect(words(letter)).toMatch(/version 1\. Nous avons compris 4 réponse/);
  expect(desk.desk.sink.mails.map(({ to }) => to)).toEqual([CLINIC]);
  expect(await versions()).toMatchObject([
    {
      number: 1,
      door: 'mail',
      submitted_by: `courriel de ${STRANGER}`,
      values: { installes: 100, taux: 80, tension: 'n2' },
    },
  ]);
  const again = await answer([file, part('text/plain', 'relayé')], { from: STRANGER, headers });
  expect([await stateOf(again.id), (await versions()).length, desk.desk.sink.mails.length]).toEqual([
    'duplicate',
    1,
    1,
  ]);
});

test('a CSV is read as well, and corrects', async () => {
  // A template of before its reference said of which version of the answer it was made.
  const before = (await reference()).replace(/\/r0$/, '');
  const csv = `vigie:reference;;${before}\r\ninstalles;;100\r\noccupes;;"1 0"\r\n`;
  expect(await stateOf((await answer([attached(Buffer.from(csv), 'r.csv', 'text/csv')])).id)).toBe('surveyRefused');
  const { id, letter } = await answer([attached(Buffer.from(csv.replace('"1 0"', '81')), 'r.csv', 'text/csv')]);
  expect([await stateOf(id), words(letter)]).toEqual(['surveyAnswered', expect.stringContaining('version 2')]);
});

test('a sheet made before what stands there now replaces it by no mail: what differs is told, and a draft stays', async () => {
  const saved = await desk.app.inject({
    method: 'POST',
    url: `${link}/fichier?draft=true`,
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
    payload: `--x\r\nContent-Disposition: form-data; name="file"; filename="r.csv"\r\n\r\nvigie:reference;;${(await reference()).replace(/\/r0$/, '')}\r\ninstalles;;100\r\noccupes;;70\r\n--x--\r\n`,
  });
  expect(saved.statusCode).toBe(200);
  const draft = () =>
    desk.desk.database.sql
      .selectFrom('survey_answer')
      .select(['version', 'draft'])
      .where('draft', 'is not', null)
      .execute();
  const kept = await draft();
  expect(kept).toMatchObject([{ draft: { values: { occupes: 70 } } }]);
  const { id, letter } = await answer([attached(await filled({ installes: 100, occupes: 90 }))]);
  expect([await stateOf(id), letter!.to]).toEqual(['surveyRefused', CLINIC]);
  expect(words(letter)).toMatch(
    /modifiée depuis que le modèle.* Téléchargez de nouveau le modèle.*Ligne 8, Lits occupés/,
  );
  expect(words(letter)).not.toContain('Lits installés');
  expect([await draft(), (await versions()).length]).toEqual([kept, 2]);
});

async function reference(): Promise<string> {
  const book = new Workbook();
  await book.xlsx.load(template);
  return book.worksheets[0]!.getCell('C3').text;
}

test('what cannot be read ends in words for the respondent: a renamed PDF, macros, two files, a forged sender', async () => {
  const right = attached(await filled({ installes: 1, occupes: 1 }));
  const macros = await archive({ '[Content_Types].xml': '<x/>', 'xl/workbook.xml': '<x/>', 'xl/vbaProject.bin': 'x' });
  const forged = { 'Authentication-Results': `${AUTHSERV_ID}; dmarc=fail header.from=parc.example` };
  const cases: readonly (readonly [readonly string[], Partial<Letter>, RegExp])[] = [
    [[attached(Buffer.from('%PDF-1.7\n'))], {}, /ni un classeur \.xlsx ni un fichier \.csv/],
    [[attached(macros)], {}, /contient des macros/],
    [[right, right], {}, /n’en joignez qu’un/],
    [[right], { headers: forged }, /n’a pas pu vérifier/],
  ];
  for (const [files, more, message] of cases) {
    const { id, letter } = await answer(files, more);
    expect([await stateOf(id), letter!.to, words(letter)]).toEqual([
      'surveyRefused',
      CLINIC,
      expect.stringMatching(message),
    ]);
  }
  expect(await versions()).toHaveLength(2);
});

test('words without a file: told to nobody twice where the author has them, read by the desk where it has not', async () => {
  const to = { To: `ARS <ars84-alerte@ars-84.example>, Vigie <${token}>` };
  const both = await desk.post({ from: CLINIC, to: token, text: 'Faut-il compter les lits fermés ?', headers: to });
  const alone = await desk.post({ from: CLINIC, to: token, text: 'Faut-il compter les lits fermés ?' });
  expect([await stateOf(both), await stateOf(alone)]).toEqual(['surveyReply', 'noMatch']);
  expect(desk.desk.sink.mails).toEqual([]);
});

test('after the close: not taken, since when and whom to ask', async () => {
  await desk.as('ars-84').post(`/v1/surveys/${survey}/close`, { reason: 'Assez.' });
  const { id } = await answer([attached(await filled({ installes: 100, occupes: 90 }))]);
  const [letter] = await desk.desk.sink.waitFor(({ to }) => to === CLINIC);
  expect(await stateOf(id)).toBe('surveyRefused');
  expect(words(letter)).toMatch(/Enquête close depuis.* rien n’est enregistré.* écrivez à l’ARS Auvergne/);
  expect(await versions()).toHaveLength(2);
});
