import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { takeSurvey } from '../../db/stores/process/survey.ts';
import { HOUR } from '../../domain/instant.ts';
import type { CampaignCommand } from '../../domain/survey/campaign-commands.ts';
import type { SurveyCounts } from '../../domain/survey/rates.ts';
import { sql as plain } from 'kysely';
import { RESULT_LEVELS, type ResultLevel } from '../../domain/survey/results.ts';
import { surveyWorkflowId } from '../../workflows/contract.ts';
import { type ApiDesk, startApiDesk } from '../support/api-desk.ts';
import type { ReceivedMail } from '../support/mail-sink.ts';
import { boxOf, inventSites } from '../support/sites.ts';
import { openSurvey, pass } from '../support/survey.ts';
import { until } from '../support/wait.ts';

let api: ApiDesk;
beforeAll(async () => {
  api = await startApiDesk();
});
afterAll(() => api.close());
beforeEach(() => api.desk.sink.clear());

const THREE = { ars: ['ARS-84', 'ARS-11', 'ARS-93'] };
const BEDS = { installes: 100, occupes: 80, tension: 'n1' };
const box = (code: string) => `ars${code}-alerte@ars-${code}.example`;

interface View {
  readonly status: string;
  readonly closings: number;
  readonly counts: SurveyCounts;
}
type Level = SurveyCounts & { readonly territory: string; readonly values: Record<string, number | null> };
const view = async (id: string) => (await api.as('superviseur').get<View>(`/v1/surveys/${id}`)).body;
const mails = (subject: RegExp) => api.desk.sink.mails.filter((mail) => subject.test(mail.subject));
const recipients = (subject: RegExp) =>
  mails(subject)
    .map(({ to }) => to)
    .sort();
const kinds = async (id: string) => {
  const rows = await api.desk.database.sql
    .selectFrom('audit_entry')
    .select('kind')
    .where('subject', 'like', `survey/${id}%`)
    .orderBy('recorded_at')
    .orderBy('subject')
    .orderBy('position')
    .execute();
  return rows.map(({ kind }) => kind);
};
const linkOf = (mail: ReceivedMail): string => /http:\/\/vigie\.example(\/s\/[\w-]{43})/.exec(mail.text)![1]!;

test('from the opening to the end: invited, reminded only where something is owed, closed, told to the desk, ended by itself', async () => {
  const { id, answers } = await openSurvey(api, {
    audience: THREE,
    closesAt: 'PT48H',
    remindBefore: ['PT24H', 'PT2H'],
    validateUntil: 'PT12H',
    acceptUntil: 'PT24H',
  });
  await api.desk.sink.waitFor(undefined, 3);
  expect(recipients(/^ENQUÊTE\s: /)).toEqual([box('11'), box('84'), box('93')]);
  expect((await api.as('ars-84').put(answers('ARS-84'), { values: BEDS, submit: true })).status).toBe(200);
  await pass(api, id, 25 * HOUR);
  expect(recipients(/RAPPEL\s: /)).toEqual([box('11'), box('93')]);
  expect((await api.as('ars-11').put(answers('ARS-11'), { values: BEDS, submit: true })).status).toBe(200);
  await pass(api, id, 22 * HOUR);
  expect(recipients(/DERNIER RAPPEL/)).toEqual([box('93')]);
  expect(await view(id)).toMatchObject({ status: 'open', counts: { expected: 3, received: 2, onTime: 2, late: 1 } });
  await pass(api, id, 2 * HOUR);
  expect(await view(id)).toMatchObject({ status: 'closed', closings: 1 });
  const [result] = mails(/CLOSE/);
  expect(result!.to).toBe('permanence@corruss.example');
  expect(result!.text).toContain('ARS Provence-Alpes-Côte d');
  expect(result!.text).toMatch(/Reçues\s*: 2 \(66,7 %\)/);
  expect(result!.text).toMatch(/Chiffres provisoires[^]*Lits installés : 200 lits[^]*Sans réponse[^]*enquetes/);
  expect(await pass(api, id, 25 * HOUR)).toBe('ended');
  expect(await view(id)).toMatchObject({ status: 'ended' });
  expect(recipients(/RÉSULTATS/)).toEqual(['permanence@corruss.example']);
  expect(await kinds(id)).toEqual([
    'surveyDrafted',
    'surveyScheduled',
    'surveyOpened',
    'surveyAnswered',
    'surveyReminded',
    'surveyAnswered',
    'surveyReminded',
    'surveyClosed',
    'surveyValidationEnded',
    'surveyEnded',
    'surveyPublished',
  ]);
  const handle = api.desk.client.workflow.getHandle(surveyWorkflowId(id));
  expect((await handle.describe()).historyLength).toBeLessThan(120);
});

const PLACES: Readonly<Record<ResultLevel, string>> = {
  site: 'r.key',
  department: 'r.department',
  ars: 'r.territory',
  zone: 'o.zone',
  nation: "'NATION'",
};

/** The same figures, written by hand over the answers as they came. */
async function byHand(survey: string, level: ResultLevel) {
  const { rows } = await plain<{ territory: string }>`
    select ${plain.raw(PLACES[level])} as territory, count(*) filter (where v.not_concerned is null)::int as expected,
      count(v.number) filter (where v.not_concerned is null)::int as received, count(*) filter (where v.number is null)::int as late,
      count(v.not_concerned)::int as "notConcerned", sum((v.values ->> 'occupes')::int)::int as beds
    from survey_respondent r join organisation o on o.id = r.territory
    left join survey_answer_version v on v.respondent_id = r.id and v.number = (
      select max(x.number) from survey_answer_version x where x.respondent_id = r.id)
    where r.survey_id = ${survey} group by 1 order by 1`.execute(api.desk.database.sql);
  return rows;
}

test('establishments of three regions, from the opening to the end: lists to agencies, rates of five levels, validated, accepted', async () => {
  const sites = await inventSites(api.desk.database, { in: { D69: 1, D01: 1, D75: 1, D2A: 1 } });
  const [lyon = '', ain = '', paris = '', corsican = ''] = sites;
  const terms = { remindBefore: ['PT24H', 'PT2H'], validateUntil: 'PT12H', acceptUntil: 'PT24H' };
  const audience = { sites: { territories: ['D69', 'D01', 'D75', 'D2A'] } };
  const { id, answers } = await openSurvey(api, { audience, ...terms });
  const desk = api.as('corruss-chef');
  const submit = async (site: string, body: object) =>
    expect((await desk.put(answers(site), { ...body, submit: true })).status).toBe(200);
  expect(recipients(/^ENQUÊTE\s: /)).toEqual(sites.map(boxOf).sort());
  await submit(lyon, { values: BEDS });
  await pass(api, id, 25 * HOUR);
  expect(recipients(/RAPPEL\s: /)).toEqual([ain, paris, corsican].map(boxOf).sort());
  expect(recipients(/RAPPEL, LISTE\s: /)).toEqual([box('11'), box('84'), box('94')]);
  await submit(ain, { values: { ...BEDS, occupes: 70 } });
  await submit(paris, { notConcerned: 'Aucun lit.' });
  await pass(api, id, 22 * HOUR);
  expect(recipients(/DERNIER RAPPEL/)).toEqual([boxOf(corsican), box('94')].sort());
  await pass(api, id, 2 * HOUR);
  const [result] = mails(/CLOSE/);
  expect(result!.text).toMatch(/Sans réponse, par agence\n- ARS Corse.: 1 sur 1/);
  expect((await api.as('ars-84').post(`/v1/surveys/${id}/validate`, { sound: true })).body).toMatchObject({
    validated: 2,
  });
  for (const by of RESULT_LEVELS) {
    const path = `/v1/surveys/${id}/results?by=${by}&as=closing`;
    const { items } = (await desk.get<{ items: Level[] }>(path)).body;
    const told = items.map(({ territory, expected, received, late, notConcerned, values }) => {
      return { territory, expected, received, late, notConcerned, beds: values['occupes'] };
    });
    const order = (one: { territory: string }[]) => one.sort((a, b) => (a.territory < b.territory ? -1 : 1));
    expect([by, order(told)]).toEqual([by, order(await byHand(id, by))]);
  }
  const { body } = await desk.post<{ accepted: object[] }>(`/v1/surveys/${id}/accept`, { territories: ['ARS-84'] });
  expect(body.accepted).toMatchObject([
    { territory: 'ARS-84', expected: 2, received: 2, validated: 2, notValidated: 0 },
  ]);
  expect(await pass(api, id, 25 * HOUR)).toBe('ended');
  expect(await view(id)).toMatchObject({
    status: 'ended',
    counts: { expected: 3, received: 2, validated: 2, late: 1 },
  });
});

test('an opening to come waits for its hour, in Paris, and answers are refused until then', async () => {
  const opensAt = new Date(Date.now() + 5 * HOUR).toISOString();
  const { id, answers } = await openSurvey(api, { audience: THREE, opensAt, closesAt: 'P1D' });
  expect(await view(id)).toMatchObject({ status: 'scheduled' });
  const early = await api.as('ars-84').put<{ detail: string }>(answers('ARS-84'), { values: BEDS, submit: true });
  expect([early.status, early.body.detail]).toEqual([409, expect.stringContaining('ouvre le')]);
  expect(api.desk.sink.mails).toEqual([]);
  await pass(api, id, 6 * HOUR);
  expect(recipients(/^ENQUÊTE\s: /)).toHaveLength(3);
});

test('when nobody owes an answer any more it is told once, and nobody is reminded', async () => {
  const { id, answers } = await openSurvey(api, { audience: { ars: ['ARS-84', 'ARS-11'] }, remindBefore: ['PT2H'] });
  await api.as('ars-84').put(answers('ARS-84'), { values: BEDS, submit: true });
  await api.as('ars-11').put(answers('ARS-11'), { notConcerned: 'Aucun service de réanimation.', submit: true });
  await pass(api, id, HOUR);
  await api.as('ars-84').put(answers('ARS-84'), { values: { ...BEDS, occupes: 81 }, submit: true });
  await pass(api, id, 46 * HOUR);
  expect(recipients(/TOUTES LES RÉPONSES/)).toEqual(['permanence@corruss.example']);
  expect(mails(/RAPPEL/)).toEqual([]);
  expect(await view(id)).toMatchObject({ counts: { expected: 1, notConcerned: 1, received: 1, late: 0 } });
});

test('closed early, re-opened and moved: what is known at the first closing stays, what comes after is a correction', async () => {
  const { id, answers } = await openSurvey(api, { audience: THREE });
  await api.as('ars-84').put(answers('ARS-84'), { values: BEDS, submit: true });
  const desk = api.as('corruss-chef');
  expect((await desk.get(`/v1/surveys/${id}/results?as=closing`)).status).toBe(409);
  expect((await desk.post(`/v1/surveys/${id}/close`, { reason: 'Assez de réponses.' })).status).toBe(202);
  const late = await api.as('ars-11').put<{ detail: string }>(answers('ARS-11'), { values: BEDS, submit: true });
  expect([late.status, late.body.detail]).toEqual([
    409,
    expect.stringMatching(/close depuis le .* contactez le CORRUSS/),
  ]);
  const again = await desk.post<{ detail: string }>(`/v1/surveys/${id}/close`);
  expect([again.status, again.body.detail]).toEqual([409, expect.stringContaining('vous pouvez la rouvrir')]);
  const closesAt = new Date(Date.now() + 10 * HOUR).toISOString();
  expect((await desk.post(`/v1/surveys/${id}/reopen`, { closesAt, reason: 'Un oubli.' })).status).toBe(202);
  await api.desk.sink.waitFor(({ subject }) => /ROUVERTE/.test(subject), 3);
  await api.as('ars-84').put(answers('ARS-84'), { values: { ...BEDS, occupes: 90 }, submit: true });
  await api.as('ars-11').put(answers('ARS-11'), { values: BEDS, submit: true });
  const nation = async (as: string) =>
    (await desk.get<{ items: object[] }>(`/v1/surveys/${id}/results?by=nation&as=${as}`)).body.items;
  const closing = [{ territory: 'NATION', expected: 3, received: 1, onTime: 1, values: { occupes: 80, taux: 80 } }];
  expect(await nation('closing')).toMatchObject(closing);
  const corrected = { expected: 3, received: 2, onTime: 1, values: { occupes: 170, installes: 200, taux: 85 } };
  expect(await nation('corrected')).toMatchObject([corrected]);
  const sooner = new Date(Date.now() + HOUR).toISOString();
  const moved = await desk.post(`/v1/surveys/${id}/extend`, { closesAt: sooner });
  expect(moved).toMatchObject({ status: 202, body: { status: 'open', remindersLeftOut: [] } });
  expect((await desk.post(`/v1/surveys/${id}/extend`, { closesAt: '2020-01-01T00:00:00Z' })).status).toBe(422);
  await pass(api, id, 2 * HOUR);
  expect(await view(id)).toMatchObject({ status: 'closed', closings: 2 });
  expect(await nation('closing')).toMatchObject(closing);
});

test('a closing that comes sooner is told to whoever owes an answer; which reminders never leave is told in the answer and in the timeline', async () => {
  const { id, answers } = await openSurvey(api, { audience: THREE, remindBefore: ['PT24H', 'PT1H'] });
  await api.desk.sink.waitFor(undefined, 3);
  await api.as('ars-84').put(answers('ARS-84'), { values: BEDS, submit: true });
  const desk = api.as('corruss-chef');
  const { calendar } = await api.desk.database.sql
    .selectFrom('survey')
    .select('calendar')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const closesAt = new Date(Date.now() + 10 * HOUR).toISOString();
  const moved = await desk.post(`/v1/surveys/${id}/extend`, { closesAt, reason: 'Plus tôt.' });
  const never = calendar!.closesAt - 24 * HOUR;
  expect(moved.body['remindersLeftOut']).toEqual([new Date(never).toISOString()]);
  const told = await api.desk.database.sql
    .selectFrom('audit_entry')
    .select('data')
    .where('subject', '=', `survey/${id}`)
    .where('kind', '=', 'surveyMoved')
    .execute();
  expect(told).toMatchObject([{ data: { overtaken: [never], mails: 2 } }]);
  await api.desk.sink.waitFor(({ subject }) => /CLÔTURE DÉPLACÉE/.test(subject), 2);
  expect(recipients(/CLÔTURE DÉPLACÉE/)).toEqual([box('11'), box('93')]);
  expect(mails(/CLÔTURE DÉPLACÉE/)[0]!.text).toMatch(/elle est avancée[^]*Plus tôt/);
  await pass(api, id, 11 * HOUR);
  expect(mails(/– RAPPEL/)).toEqual([]);
  expect(mails(/– DERNIER RAPPEL/)).toHaveLength(2);
});

test('cancelled: what has not left never does, whoever was invited is told, nothing more is taken', async () => {
  const { id, answers } = await openSurvey(api, { audience: THREE, remindBefore: ['PT1H'] });
  await api.desk.sink.waitFor(undefined, 3);
  const desk = api.as('corruss-chef');
  expect((await desk.post(`/v1/surveys/${id}/cancel`, {})).status).toBe(422);
  expect((await desk.post(`/v1/surveys/${id}/cancel`, { reason: 'Faite deux fois.' })).status).toBe(202);
  await api.desk.sink.waitFor(({ subject }) => /ANNULÉE/.test(subject), 3);
  expect((await api.as('ars-84').put(answers('ARS-84'), { values: BEDS })).status).toBe(409);
  expect((await desk.post(`/v1/surveys/${id}/open`)).status).toBe(409);
  expect(mails(/RAPPEL/)).toEqual([]);
});

/** What a person asks of a survey whose process comes to it only later, as after an outage; what is left to be sent then. */
async function askLate(id: string, command: CampaignCommand, hours: number) {
  const { sql, keys } = { sql: api.desk.database.sql, keys: api.desk.keys };
  const now = Date.now() + hours * HOUR;
  const { answer } = await takeSurvey({ sql, keys }, { survey: id, id: randomUUID(), ask: command, now });
  const { rows } = await plain<{ purpose: string }>`
    select purpose from mailing join mailing_mail mail on mail.mailing_id = mailing.id
    where mailing.subject = ${`survey/${id}`} and mail.status = 'planned'`.execute(sql);
  return { answer, planned: rows.map(({ purpose }) => purpose) };
}

test('what was due before a command is done before it, whole: nobody is invited or reminded of what is cancelled, nor twice', async () => {
  const by = { sub: 'corruss-chef', organisation: 'CORRUSS' };
  const cancel = { kind: 'cancel', reason: 'Doublon.', by } as const;
  const one = { audience: { ars: ['ARS-84'] }, remindBefore: ['PT24H'] };
  const opensAt = new Date(Date.now() + 5 * HOUR).toISOString();
  const scheduled = await openSurvey(api, { ...one, opensAt });
  expect((await askLate(scheduled.id, cancel, 6)).planned).toEqual(['cancelled']);
  const open = await openSurvey(api, one);
  await api.desk.sink.waitFor();
  expect((await askLate(open.id, cancel, 25)).planned).toEqual(['cancelled']);
  const reminded = await openSurvey(api, one);
  await api.desk.sink.waitFor(undefined, 2);
  const byHand = await askLate(reminded.id, { kind: 'remind', respondents: null, by }, 25);
  expect(byHand).toMatchObject({ answer: { accepted: false, code: 'tooSoon' }, planned: ['reminder'] });
  expect((await kinds(reminded.id)).filter((kind) => kind === 'surveyReminded')).toHaveLength(1);
});

test('a mail of which nobody knows whether it was taken is not sent a second time, and is shown', async () => {
  const undo = api.desk.sink.trouble({ at: 'loseAcknowledgement', times: 1 });
  const { id } = await openSurvey(api, { audience: THREE });
  undo();
  const listed = () => api.as('corruss-chef').get<{ items: { lastMail: string }[] }>(`/v1/surveys/${id}/respondents`);
  const states = await until('all sent', async () => {
    const found = (await listed()).body.items.map(({ lastMail }) => lastMail).sort();
    return found.includes('planned') || found.includes('sending') ? null : found;
  });
  expect(states).toEqual(['sent', 'sent', 'unconfirmed']);
  await pass(api, id, HOUR);
  expect(api.desk.sink.mails.length).toBeLessThanOrEqual(3);
});

test('while the relay of mails is away nothing is lost, and extending works meanwhile', async () => {
  await api.desk.sink.stop();
  const { id } = await openSurvey(api, { audience: THREE });
  const closesAt = new Date(Date.now() + 60 * HOUR).toISOString();
  expect((await api.as('corruss-chef').post(`/v1/surveys/${id}/extend`, { closesAt })).status).toBe(202);
  await api.desk.sink.start();
  await pass(api, id, HOUR);
  expect(recipients(/^ENQUÊTE\s: /)).toHaveLength(3);
  expect(linkOf(mails(/^ENQUÊTE/)[0]!)).toMatch(/^\/s\//);
});
