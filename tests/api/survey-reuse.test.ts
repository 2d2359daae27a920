import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DAY } from '../../domain/instant.ts';
import { type ApiDesk, startApiDesk } from '../support/api-desk.ts';
import type { AccountName } from '../support/desk-accounts.ts';
import { BEDS, openSurvey, type OpenSurvey, publishForm, submitAt } from '../support/survey.ts';

let api: ApiDesk;
let formId: string;
/** Answered by ARS-84 two days ago. */
let earlier: OpenSurvey;
const NOW = Date.now();
const ASKED = { ars: ['ARS-84', 'ARS-93'] };
const WHOLE = { installes: 100, occupes: 80, tension: 'n1', note: 'Mercredi.' };
beforeAll(async () => {
  api = await startApiDesk();
  formId = await publishForm(api.desk.database);
  earlier = await openSurvey(api, { formId, audience: ASKED, title: 'BACH du 24' });
  await answer(earlier, WHOLE, NOW - 2 * DAY);
});
afterAll(() => api.close());

/** What `ARS-84` submits, at an hour of ours. */
const answer = (survey: OpenSurvey, values: object, now: number, key = 'ARS-84'): Promise<void> =>
  submitAt(api, survey, key, values, now);

interface From {
  readonly survey: string;
  readonly title: string;
  readonly version: number;
  readonly answeredAt: string;
}
interface Answer {
  readonly reusable: { readonly question: string; readonly value: unknown; readonly from: From }[];
  readonly reused: Readonly<Record<string, From>>;
  readonly submitted: number;
}
interface Problem {
  readonly detail: string;
  readonly errors: { readonly pointer: string; readonly code: string }[];
}
const put = (survey: OpenSurvey, body: object, account: AccountName = 'ars-84') =>
  api.as(account).put<Answer & Problem>(survey.answers('ARS-84'), { submit: true, ...body });
const get = async (survey: OpenSurvey, account: AccountName = 'ars-84', org = 'ARS-84') =>
  (await api.as(account).get<Answer>(survey.answers(org))).body;
const offered = async (survey: OpenSurvey) => (await get(survey)).reusable.map(({ question }) => question);
const asking = (body: object = {}, account: AccountName = 'corruss-chef') =>
  openSurvey(api, { formId, audience: ASKED, reuse: { withinDays: 5 }, ...body }, account);
const { note: _note, ...FIGURES } = WHOLE;
const from = () => ({
  ...{ survey: earlier.id, title: 'BACH du 24', version: 1, answeredAt: new Date(NOW - 2 * DAY).toISOString() },
});

/** A form of the same codes that asks something else. */
const unlike = (what: string): Promise<string> => {
  const [section] = BEDS.sections;
  const questions = section!.questions.map((one) => ({ ...one, label: `${what} : ${one.label}` }));
  return publishForm(api.desk.database, { ...BEDS, sections: [{ ...section!, questions }] });
};

test('recent answers to the same questions are offered, to the respondent that gave them alone; taken over they bear their date', async () => {
  const survey = await asking();
  expect((await api.as('superviseur').get(`/v1/surveys/${survey.id}`)).body).toMatchObject({
    reuse: { withinDays: 5 },
  });
  const { reusable } = await get(survey);
  expect(reusable).toEqual(Object.entries(FIGURES).map(([question, value]) => ({ question, value, from: from() })));
  expect((await get(survey, 'ars-93', 'ARS-93')).reusable).toEqual([]);
  expect((await api.as('ars-93').get(survey.answers('ARS-84'))).status).toBe(404);

  const changed = { ...FIGURES, occupes: 85 };
  const draft = await put(survey, { values: changed, reused: ['tension', 'installes', 'occupes'], submit: false });
  expect(Object.keys(draft.body.reused)).toEqual(['installes', 'tension']);
  expect((await get(survey)).reused).toEqual({ installes: from(), tension: from() });
  const sent = await put(survey, { values: changed });
  expect([sent.status, sent.body.reused]).toEqual([200, { installes: from(), tension: from() }]);
  // A correction of one figure leaves the age of the others.
  const corrected = await put(survey, { values: { ...changed, tension: 'n2' } });
  expect(corrected.body).toMatchObject({ submitted: 2, reused: { installes: from() } });
  expect(Object.keys(corrected.body.reused)).toEqual(['installes']);

  const versions = await api.as('ars-84').get<{ items: Answer[] }>(`${survey.answers('ARS-84')}/versions`);
  expect(versions.body.items.map(({ reused }) => Object.keys(reused).sort())).toEqual([
    ['installes', 'tension'],
    ['installes'],
  ]);
  const audit = await api.as('superviseur').get<{ items: { text: string }[] }>(`/v1/audit?subject=survey/${survey.id}`);
  expect(audit.body.items[0]!.text).toContain('(version 2), 1 valeur(s) reprise(s)');

  // Passed on once more it is as old as it was; what was answered anew is of today.
  const next = await asking();
  expect((await get(next)).reusable.map(({ question, from: { survey: where } }) => [question, where])).toEqual([
    ['installes', earlier.id],
    ['occupes', survey.id],
    ['tension', survey.id],
  ]);
  const confirmed = await put(survey, { values: { ...changed, tension: 'n2' }, reused: [] });
  expect(confirmed.body).toMatchObject({ submitted: 3, reused: {} });
});

test('results tell how many answers of a figure are taken over, and since when; so do their files', async () => {
  const own = await unlike('Chirurgie');
  await answer(await openSurvey(api, { formId: own, audience: ASKED }), WHOLE, NOW - 2 * DAY);
  const survey = await asking({ formId: own });
  await put(survey, { values: FIGURES, reused: ['installes'] });
  const oldest = new Date(NOW - 2 * DAY).toISOString();
  for (const by of ['site', 'department', 'ars', 'zone', 'nation']) {
    const { items } = (
      await api.as('superviseur').get<{ items: object[] }>(`/v1/surveys/${survey.id}/results?by=${by}`)
    ).body;
    expect([by, items.filter((one) => 'received' in one && one.received === 1)]).toMatchObject([
      by,
      [{ reused: { installes: { answers: 1, oldest } } }],
    ]);
  }
  const csv = await api.as('superviseur').get(`/v1/surveys/${survey.id}/results.csv?by=site`);
  const [heading, ...lines] = csv.text
    .trim()
    .split(/\r?\n/)
    .map((line) => line.replace(/^\uFEFF/, '').split(';'));
  const cell = (org: string, title: string) => lines.find(([id]) => id === org)![heading!.indexOf(title)];
  const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' }).format(NOW - 2 * DAY);
  expect([cell('ARS-84', 'reprises : installes'), cell('ARS-84', 'repris du : installes')]).toEqual(['1', day]);
  expect([cell('ARS-84', 'reprises : occupes'), cell('ARS-84', 'repris du : occupes')]).toEqual(['0', '']);
  expect((await api.as('superviseur').get(`/v1/surveys/${survey.id}/results.xlsx?by=site`)).status).toBe(200);
  const published = await api.as('superviseur').get<{ notices: string[] }>(`/v1/surveys/${survey.id}/publication`);
  expect(published.body.notices).toContainEqual(expect.stringContaining('1 valeur est reprise'));
  const plain = await api.as('superviseur').get(`/v1/surveys/${earlier.id}/results.csv?by=site`);
  expect(plain.text).not.toContain('reprises');
});

test('what is not offered is not taken over: too old, another question, given back, an exercise, another survey', async () => {
  const short = await asking({ reuse: { withinDays: 1 } });
  const recent = await get(short);
  expect(recent.reusable.filter(({ from: { survey } }) => survey === earlier.id)).toEqual([]);
  const alone = await asking({ reuse: { withinDays: 5 }, exercise: true });
  expect(await offered(alone)).toEqual([]);
  const refused = await put(alone, { values: FIGURES, reused: ['installes', 'inconnue'] });
  expect([refused.status, refused.body.errors.map(({ pointer, code }) => `${pointer} ${code}`)]).toEqual([
    422,
    ['/reused/1 unknown', '/values/installes notRecent'],
  ]);
  expect((await put(alone, { values: FIGURES })).body).toMatchObject({ submitted: 1, reused: {} });
  const without = await put(earlier, { values: FIGURES, reused: ['installes'] });
  expect([without.status, without.body.errors.map(({ pointer }) => pointer)]).toEqual([422, ['/reused']]);
  const [question] = BEDS.sections[0]!.questions;
  const other = (change: object): Promise<string> =>
    publishForm(api.desk.database, {
      ...BEDS,
      sections: [{ code: 's', title: 'S', questions: [{ ...question!, ...change }] }],
      rules: [],
    });
  expect(await offered(await asking({ formId: await other({}) }))).toEqual(['installes']);
  expect(await offered(await asking({ formId: await other({ unit: 'places' }) }))).toEqual([]);
  // Offered to nobody in a form where it would be wrong.
  expect(await offered(await asking({ formId: await other({ max: 99 }) }))).toEqual([]);

  const [exerciseAgain, real] = [await asking({ exercise: true }), await asking()];
  expect((await get(exerciseAgain)).reusable.map(({ from: { survey } }) => survey)).toContain(alone.id);
  expect((await get(real)).reusable.map(({ from: { survey } }) => survey)).not.toContain(alone.id);
});

test('«non concerné» is said anew each time', async () => {
  const own = { audience: ASKED, formId: await unlike('Pédiatrie') };
  const first = await openSurvey(api, own);
  const { installes, tension } = FIGURES;
  await answer(first, { installes, occupes: { notConcerned: 'Fermé.' }, tension }, NOW - DAY / 2);
  const second = await asking(own);
  const where = async () => (await get(second)).reusable.filter(({ from: { survey } }) => survey === first.id);
  expect((await where()).map(({ question }) => question)).toEqual(['installes', 'tension']);
  await api.as('ars-84').put(first.answers('ARS-84'), { notConcerned: 'Plus de lits.', submit: true });
  expect(await where()).toEqual([]);
});

test.each([
  [{ withinDays: 0 }, '/reuse/withinDays', 'Doit valoir au moins 1.'],
  [{ withinDays: -1 }, '/reuse/withinDays', 'Doit valoir au moins 1.'],
  [{ withinDays: 32 }, '/reuse/withinDays', 'Doit valoir au plus 31.'],
  [{ withinDays: 1e9 }, '/reuse/withinDays', 'Doit valoir au plus 31.'],
  [{ withinDays: '7' }, '/reuse/withinDays', 'Attendu : un nombre entier.'],
  [{ withinDays: 1.5 }, '/reuse/withinDays', 'Attendu : un nombre entier.'],
  [{ withinDays: null }, '/reuse/withinDays', 'Attendu : un nombre entier.'],
  [{}, '/reuse/withinDays', 'Ce champ est obligatoire.'],
  [{ withinDays: 3, jours: 3 }, '/reuse/jours', 'Ce champ n’est pas connu.'],
  [null, '/reuse', 'Attendu : un objet.'],
  [5, '/reuse', 'Attendu : un objet.'],
])('a survey with reuse %j is refused where it is written, and so is a series', async (reuse, pointer, message) => {
  const audience = ASKED;
  const survey = { formId, title: 'Lits', audience, closesAt: 'PT48H', reuse };
  const recurrence = { days: ['tuesday'], at: '08:00' };
  const series = { formCode: 'BACH', title: 'Lits', audience, recurrence, closesAt: { after: 'PT10H' }, reuse };
  for (const [path, body] of [
    ['/v1/surveys', survey],
    ['/v1/survey-series', series],
  ] as const) {
    const wrong = await api.as('corruss-chef').post<Problem>(path, body);
    expect([wrong.status, wrong.body.errors]).toMatchObject([422, [{ pointer, message }]]);
  }
});

test('wrong names of what was taken over are told one by one; once the survey takes no answer nothing is offered', async () => {
  const survey = await asking();
  const refusal = async (reused: unknown) => {
    const { status, body } = await put(survey, { values: FIGURES, reused });
    return [status, body.errors.map(({ pointer, code }) => `${pointer} ${code}`)];
  };
  expect(await refusal(['taux', 'installes', '__proto__', 'note'])).toEqual([
    422,
    ['/reused/0 notAllowed', '/reused/2 unknown', '/reused/3 notAllowed'],
  ]);
  expect(await refusal(Array.from({ length: 10_000 }, () => 'installes'))).toEqual([422, ['/reused maxItems']]);
  for (const [reused, where] of [
    ['installes', '/reused type'],
    [null, '/reused type'],
    [[1], '/reused/0 type'],
    [['x'.repeat(101)], '/reused/0 maxLength'],
  ])
    expect(await refusal(reused)).toEqual([422, [where]]);
  expect(await offered(survey)).toEqual(['installes', 'occupes', 'tension']);
  const twice = await put(survey, { values: FIGURES, reused: ['installes', 'installes'] });
  expect([twice.status, Object.keys(twice.body.reused)]).toEqual([200, ['installes']]);

  expect((await api.as('corruss-chef').post(`/v1/surveys/${survey.id}/close`)).status).toBe(202);
  expect(await get(survey)).toMatchObject({ reusable: [], reused: twice.body.reused });
  const until = new Date(NOW + DAY).toISOString();
  const unlocked = await api.as('corruss-chef').post(`${survey.answers('ARS-84')}/unlock`, { until, reason: 'Essai.' });
  expect(unlocked.status).toBe(200);
  expect(await offered(survey)).toEqual(['installes', 'occupes', 'tension']);
});

const LIST = { respondents: [{ name: 'SAMU 69', email: 'samu@exemple.example' }] };
/** A survey of an agency to its own list, and the link that its mail holds. */
async function listed(account: 'ars-84' | 'ars-11', title: string, body: object = {}) {
  const survey = await openSurvey(api, { formId, title, audience: LIST, ...body }, account);
  const [mail] = await api.desk.sink.waitFor(({ subject }) => subject.includes(title));
  return { survey, link: /http:\/\/vigie\.example(\/s\/[\w-]{43})/.exec(mail!.text)![1]! };
}
const page = async (link: string, fields?: readonly (readonly [string, string])[]) => {
  const post = { method: 'POST' as const, headers: { 'content-type': 'application/x-www-form-urlencoded' } };
  const found = await api.app.inject(
    fields === undefined
      ? link
      : {
          ...post,
          url: link,
          payload: new URLSearchParams(fields.map(([a, b]): [string, string] => [a, b])).toString(),
        },
  );
  return { status: found.statusCode, text: found.body.replaceAll(/\s+/g, ' ') };
};
/** What a browser without script sends of a page: its inputs as they stand. */
const inputs = (text: string): [string, string][] =>
  [...text.matchAll(/<input [^>]*>/g)].flatMap(([tag]): [string, string][] => {
    const [name, value] = [/name="([^"]*)"/.exec(tag)?.[1], /value="([^"]*)"/.exec(tag)?.[1] ?? ''];
    const isChosen = !/type="(radio|checkbox)"/.test(tag) || /checked/.test(tag);
    return name === undefined || /type="file"/.test(tag) || !isChosen ? [] : [[name, value]];
  });

test('on the page of a link: offered beside each question, taken over by one button, changed, sent, on the receipt', async () => {
  const first = await listed('ars-84', 'Lits du lundi');
  await answer(first.survey, WHOLE, NOW - 2 * DAY, 'samu@exemple.example');
  const other = await listed('ars-11', 'Lits d’ailleurs', { reuse: { withinDays: 5 } });
  expect((await page(other.link)).text).not.toMatch(/réponses récentes|Lits du lundi/);

  const { survey, link } = await listed('ars-84', 'Lits du mercredi', { reuse: { withinDays: 5 } });
  const shown = await page(link);
  expect(shown.text).toMatch(/Vous avez répondu récemment à 3 de ces questions/);
  expect(shown.text).toMatch(/Votre réponse du \w+ \d+(er)? \S+ \d{4} \(«.Lits du lundi.»\) : <b>100 lits/);
  // What is typed before stays, and nothing is stored.
  const typed = inputs(shown.text).map(([name, value]) => [name, name === 'v.occupes' ? '85' : value] as const);
  const taken = await page(link, [...typed, ['action', 'reuse']]);
  expect(taken.text).toContain('Vos réponses récentes sont reprises');
  expect(taken.text).toMatch(/Repris de votre réponse du .* \(« Lits du lundi »\)/);
  expect(Object.fromEntries(inputs(taken.text))).toMatchObject({
    'v.installes': '100',
    'v.occupes': '85',
    'v.tension': 'n1',
  });
  expect(inputs(taken.text).filter(([name]) => name === 'reused')).toEqual([
    ['reused', 'installes'],
    ['reused', 'tension'],
  ]);
  expect((await page(link)).text).toContain('pas encore envoyée');

  const changed = inputs(taken.text).map(([name, value]) => [name, name === 'v.installes' ? '120' : value] as const);
  const sent = await page(link, [...changed, ['action', 'submit']]);
  expect(sent.text).toContain('Votre réponse est enregistrée');
  const [installes, tension] = ['Lits installés', 'Niveau de tension'].map(
    (label) => new RegExp(`<dt>${label}</dt>(.*?)</dd>`).exec(sent.text)![1],
  );
  expect(installes).not.toContain('repris');
  expect(tension).toMatch(/Niveau 1.*repris de votre réponse du .* \(« Lits du lundi »\)/);
  const { items } = (
    await api.as('ars-84').get<{ items: { reused: object }[] }>(`/v1/surveys/${survey.id}/results?by=site`)
  ).body;
  expect(items.map(({ reused }) => Object.keys(reused))).toEqual([['tension']]);
  // Opened again, the mark is there, and stays with what is not changed.
  const again = await page(link);
  expect(inputs(again.text).filter(([name]) => name === 'reused')).toEqual([['reused', 'tension']]);
});

test('what was taken over and is offered no more is shown as wrong once, and counts as of today when it is sent again', async () => {
  const first = await listed('ars-84', 'Lits du jeudi');
  const { survey, link } = await listed('ars-84', 'Lits du samedi', { reuse: { withinDays: 3 } });
  await answer(first.survey, { ...WHOLE, installes: 7, occupes: 7 }, NOW - DAY, 'samu@exemple.example');
  const taken = await page(link, [...inputs((await page(link)).text), ['action', 'reuse']]);
  expect(Object.fromEntries(inputs(taken.text))).toMatchObject({ 'v.installes': '120', 'v.tension': 'n1' });
  await page(link, [...inputs(taken.text), ['action', 'draft']]);
  const back = await page(link);
  expect(inputs(back.text).filter(([name]) => name === 'reused')).toHaveLength(3);
  for (const title of ['Lits du lundi', 'Lits du mercredi', 'Lits du jeudi']) {
    const { id } = await api.desk.database.sql
      .selectFrom('survey')
      .select('id')
      .where('title', '=', title)
      .executeTakeFirstOrThrow();
    expect((await api.as('ars-84').post(`/v1/surveys/${id}/cancel`, { reason: 'Essai.' })).status).toBe(202);
  }
  const refused = await page(link, [...inputs(back.text), ['action', 'submit']]);
  expect([refused.status, refused.text.includes('n’est plus assez récente')]).toEqual([422, true]);
  expect(inputs(refused.text).filter(([name]) => name === 'reused')).toEqual([]);
  expect((await page(link, [...inputs(refused.text), ['action', 'submit']])).status).toBe(200);
  const { items } = (
    await api
      .as('ars-84')
      .get<{ items: { reused: object; received: number }[] }>(`/v1/surveys/${survey.id}/results?by=site`)
  ).body;
  expect(items).toMatchObject([{ received: 1, reused: {} }]);
});

test('a page that names what no page has is told once in words, and stores nothing; where nothing is offered nothing is said to be taken over', async () => {
  const { survey, link } = await listed('ars-84', 'Lits du dimanche', { reuse: { withinDays: 1 } });
  const whole = [...Object.entries({ action: 'submit', 'v.installes': '9', 'v.occupes': '8', 'v.tension': 'n1' })];
  const naming = (codes: readonly string[], fields = whole) =>
    page(link, [...fields, ...codes.map((code) => ['reused', code] as const)]);
  const unknown = await naming(['x', 'y', '__proto__', 'taux']);
  expect(unknown.status).toBe(422);
  expect(unknown.text.match(/Question inconnue de ce questionnaire/g)).toHaveLength(1);
  expect(unknown.text).toContain('« Taux d’occupation » ne se reprend pas');
  expect(inputs(unknown.text).filter(([name]) => name === 'reused')).toEqual([]);
  const many = await naming(Array.from({ length: 10_000 }, () => 'installes'));
  expect([many.status, many.text.includes('500 au plus')]).toEqual([422, true]);
  const nothing = await naming(['x', 'occupes'], [['action', 'reuse'], ...whole.slice(1)]);
  expect(nothing.text).toContain('Aucune réponse récente n’est à reprendre');
  expect(inputs(nothing.text).filter(([name]) => name === 'reused')).toEqual([['reused', 'occupes']]);
  expect((await api.as('ars-84').get(`/v1/surveys/${survey.id}`)).body).toMatchObject({ counts: { received: 0 } });
});
