import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { bounceOf } from '../support/bounce.ts';
import { type MailDesk, startMailDesk } from '../support/mail-desk.ts';
import type { ReceivedMail } from '../support/mail-sink.ts';
import { surveyWorkflowId } from '../../workflows/contract.ts';
import { boxOf, inventSites } from '../support/sites.ts';
import { openSurvey, pass } from '../support/survey.ts';
import { HOUR, MINUTE } from '../../domain/instant.ts';

let api: MailDesk;
let lyon: string[];
beforeAll(async () => {
  api = await startMailDesk();
  lyon = await inventSites(api.desk.database, { in: { D69: 3 } });
});
afterAll(() => api.close());
beforeEach(() => api.desk.sink.clear());

interface Problem {
  readonly detail: string;
  readonly errors: { readonly pointer: string; readonly code: string }[];
}
interface Respondent {
  readonly respondent: string;
  readonly name: string;
  readonly organisation: string | null;
  readonly contact: string;
  readonly contactError: string | null;
  readonly lastMail: string;
}
const SITES = { audience: { sites: { territories: ['D69'] } } };
const respondents = async (id: string, query = '') =>
  (await api.as('ars-84').get<{ items: Respondent[] }>(`/v1/surveys/${id}/respondents?${query}`)).body.items;
const invitation = async (site: string): Promise<ReceivedMail> =>
  (await api.desk.sink.waitFor((mail) => mail.to === boxOf(site)))[0]!;
const tasks = async (kind: string) =>
  (await api.as('corruss-chef').get<{ items: Record<string, unknown>[] }>(`/v1/tasks?kind=${kind}`)).body.items;
const facts = async (id: string) => {
  const { items } = (
    await api.as('superviseur').get<{ items: { kind: string; text: string }[] }>(`/v1/audit?subject=survey/${id}`)
  ).body;
  return items;
};

test('an invitation that comes back makes a contact to correct, once; an absence or a passing trouble does not', async () => {
  const { id } = await openSurvey(api, SITES);
  const [wrong = '', away = '', full = ''] = lyon;
  const returned = await invitation(wrong);
  const lost = await api.post(bounceOf(returned, '5.1.1', 'failed'));
  expect(await api.row(lost)).toMatchObject({ state: 'bounce', organisation_id: wrong });
  await api.post(bounceOf(returned, '5.1.1', 'failed'));
  const absence = { from: boxOf(away), subject: 'Réponse automatique : absence', text: 'Je suis absent.' };
  const absent = {
    ...absence,
    to: (await invitation(away)).envelope.from,
    headers: { 'Auto-Submitted': 'auto-replied' },
  };
  expect((await api.row(await api.post(absent))).state).toBe('outOfOffice');
  await api.post(bounceOf(await invitation(full), '4.2.2', 'delayed'));
  expect(await respondents(id, 'contact=toCorrect')).toMatchObject([
    { organisation: wrong, lastMail: 'failed', contactError: expect.stringContaining('5.1.1') },
  ]);
  expect(await respondents(id, 'contact=ok')).toHaveLength(2);
  expect((await tasks('contact')).filter(({ organisation }) => organisation === wrong)).toHaveLength(1);
  const detail = await api.as('ars-84').get(`/v1/surveys/${id}`);
  expect(detail.body).toMatchObject({
    counts: { received: 0 },
    reach: { respondents: 3, withoutAddress: 0, toCorrect: 1 },
  });
  expect((await facts(id)).map(({ text }) => text).join()).toContain(`non distribué (${boxOf(wrong)})`);
});

test('what a person answers to an invitation is no answer to the survey, and waits for the desk to read it', async () => {
  const { id } = await openSurvey(api, SITES);
  const [site = ''] = lyon;
  const mail = await invitation(site);
  const words = { from: boxOf(site), subject: `RE: ${mail.subject}`, text: 'Nous avons 12 lits de libres, fait.' };
  const thread = { headers: { 'In-Reply-To': mail.messageId } };
  const received = await api.post({ ...words, ...thread, to: 'permanence@reply.vigie.example' });
  const byEnvelope = await api.post({ ...words, to: mail.envelope.from });
  const open = (await tasks('mail')).filter(({ survey }) => survey === id);
  expect(open.map((task) => task['id']).sort()).toEqual([received, byEnvelope].sort());
  expect(open[0]).toMatchObject({ organisation: site, subject: words.subject });
  expect((await facts(id)).map(({ kind }) => kind)).toContain('mailReceived');
  expect(await respondents(id, 'late=true')).toHaveLength(3);
  await api.as('corruss-chef').post(`/v1/inbound-mails/${byEnvelope}/read`);
  expect((await tasks('mail')).filter(({ survey }) => survey === id)).toHaveLength(1);
});

const contactOf = (address: string) => ({
  contacts: [
    { kind: 'alertBox', channel: 'mail', address, name: 'Cadre de garde' },
    { kind: 'alertBox', channel: 'call', address: '+33474000099', name: 'Standard' },
  ],
});
const correct = (site: string, address: string) =>
  api.as('ars-84').put(`/v1/organisations/${site}/contacts`, contactOf(address));
const recipients = (subject = /./) =>
  api.desk.sink.mails
    .filter((mail) => subject.test(mail.subject))
    .map(({ to }) => to)
    .sort();

test('a contact that is corrected or given in the directory has its invitation at once, to that site alone', async () => {
  const [mute = ''] = await inventSites(api.desk.database, { in: { D01: 1 }, reachable: false });
  const { id, answers } = await openSurvey(api, { audience: { sites: { territories: ['D69', 'D01'] } } });
  const [wrong = '', second = '', third = ''] = lyon;
  await api.desk.sink.waitFor(undefined, 3);
  await api.post(bounceOf(await invitation(wrong), '5.1.1', 'failed'));
  const reported = async () => (await tasks('contact')).filter(({ organisation }) => organisation === wrong);
  expect(await reported()).toHaveLength(1);
  expect(await respondents(id, 'contact=missing')).toMatchObject([{ organisation: mute, lastMail: null }]);
  await api.as('ars-84').put(answers(third), { notConcerned: 'Fermé.', submit: true });
  api.desk.sink.clear();
  for (const site of [wrong, mute, third])
    expect((await correct(site, `garde@${site.toLowerCase()}.example`)).status).toBe(200);
  expect(await reported()).toEqual([]);
  await pass(api, id, MINUTE);
  expect(recipients(/^ENQUÊTE\s: /)).toEqual([wrong, mute].map((site) => `garde@${site.toLowerCase()}.example`).sort());
  expect((await respondents(id)).map(({ contact }) => contact)).toEqual(['ok', 'ok', 'ok', 'ok']);
  expect((await facts(id)).map(({ text }) => text).join()).toContain('2 invitation(s) renvoyée(s)');
  api.desk.sink.clear();
  await correct(second, boxOf(second));
  await pass(api, id, MINUTE);
  expect(recipients()).toEqual([]);
  await correct(wrong, boxOf(wrong));
  await correct(third, boxOf(third));
});

test('the same address, said to be right again after a mail came back, is tried again', async () => {
  const { id } = await openSurvey(api, SITES);
  const [site = ''] = lyon;
  await api.post(bounceOf(await invitation(site), '5.2.1', 'failed'));
  api.desk.sink.clear();
  await correct(site, boxOf(site));
  await pass(api, id, MINUTE);
  expect(recipients()).toEqual([boxOf(site)]);
  expect(await respondents(id, 'contact=toCorrect')).toEqual([]);
});

test('one of a list of the desk that comes back is a task of the desk until it is corrected', async () => {
  const { id } = await openSurvey(api, { audience: { respondents: [{ name: 'EFS', email: 'faux@efs.example' }] } });
  const [mail] = await api.desk.sink.waitFor(({ to }) => to === 'faux@efs.example');
  await api.post(bounceOf(mail!, '5.1.1', 'failed'));
  const reported = async () =>
    (await tasks('contact')).filter(({ comment }) => String(comment).startsWith('faux@efs.example : '));
  expect(await reported()).toMatchObject([{ organisation: 'CORRUSS' }]);
  const { items } = (await api.as('corruss-chef').get<{ items: Respondent[] }>(`/v1/surveys/${id}/respondents`)).body;
  const path = `/v1/surveys/${id}/respondents/${items[0]!.respondent}`;
  expect((await api.as('corruss-chef').put(path, { email: 'juste@efs.example' })).status).toBe(202);
  expect(await reported()).toEqual([]);
});

test('one of an own list is corrected by whoever asks, and gets its link again; wrong addresses are told', async () => {
  const list = {
    respondents: [
      { name: 'SAMU 69', email: 'faux@samu.example' },
      { name: 'SAMU 01', email: 'samu01@samu.example' },
    ],
  };
  const { id } = await openSurvey(api, { audience: list }, 'ars-84');
  const first = (await respondents(id)).find(({ name }) => name === 'SAMU 69');
  const path = `/v1/surveys/${id}/respondents/${first!.respondent}`;
  const put = (email: string, account: 'ars-84' | 'corruss-chef' = 'ars-84') =>
    api.as(account).put<Problem>(path, { email });
  await api.desk.sink.waitFor(undefined, 2);
  api.desk.sink.clear();
  expect([(await put('pas une adresse')).status, (await put('SAMU01@samu.example')).status]).toEqual([422, 422]);
  expect((await put('juste@samu.example', 'corruss-chef')).status).toBe(403);
  expect((await put('juste@samu.example')).status).toBe(202);
  expect((await put('juste@samu.example')).status).toBe(202);
  const [mail] = await api.desk.sink.waitFor((one) => one.to === 'juste@samu.example');
  expect(mail!.text).toMatch(/\/s\/[\w-]{43}/);
  expect(recipients()).toEqual(['juste@samu.example']);
  expect((await api.as('ars-84').put(path.replace(first!.respondent, id), { email: 'a@b.example' })).status).toBe(404);
  const national = await openSurvey(api, SITES);
  const [site] = await respondents(national.id);
  const ofSite = await api
    .as('corruss-chef')
    .put<Problem>(`/v1/surveys/${national.id}/respondents/${site!.respondent}`, { email: 'a@b.example' });
  expect([ofSite.status, ofSite.body.detail]).toEqual([409, expect.stringContaining('/contacts')]);
});

test('after the closing a corrected contact has the letter by which its answer alone is taken, whoever corrects it', async () => {
  const list = { respondents: [{ name: 'SAMU 69', email: 'faux@samu.example' }] };
  const terms = { closesAt: 'PT48H', validateUntil: 'PT12H', acceptUntil: 'PT24H' };
  const own = await openSurvey(api, { audience: list, ...terms }, 'ars-84');
  const sites = await openSurvey(api, { ...SITES, ...terms });
  const [first = '', second = '', third = ''] = lyon;
  for (const site of [first, second])
    await api.as('ars-84').put(sites.answers(site), { notConcerned: 'Fermé.', submit: true });
  await api.as('ars-84').post(`/v1/surveys/${own.id}/close`, { reason: 'Assez.' });
  await api.as('corruss-chef').post(`/v1/surveys/${sites.id}/close`, { reason: 'Assez.' });
  await Promise.all([pass(api, own.id, MINUTE), pass(api, sites.id, MINUTE)]);
  const [samu] = await respondents(own.id);
  const until = new Date(Date.now() + 2 * HOUR).toISOString();
  const unlocked = await api
    .as('ars-84')
    .post(`${own.answers(samu!.respondent)}/unlock`, { until, reason: 'Erreur de saisie.' });
  const back = await api.as('ars-84').post(`${sites.answers(first)}/return`, { reason: 'Les lits fermés manquent.' });
  expect([unlocked.status, back.status]).toEqual([200, 200]);
  api.desk.sink.clear();
  const put = await api
    .as('ars-84')
    .put<Problem>(`/v1/surveys/${own.id}/respondents/${samu!.respondent}`, { email: 'juste@samu.example' });
  expect(put.status).toBe(202);
  for (const site of [first, second, third]) await correct(site, `garde@${site.toLowerCase()}.example`);
  await Promise.all([pass(api, own.id, MINUTE), pass(api, sites.id, MINUTE)]);
  expect(recipients()).toEqual(['juste@samu.example', `garde@${first.toLowerCase()}.example`].sort());
  const letter = (to: RegExp) => api.desk.sink.mails.find((mail) => to.test(mail.to));
  expect(letter(/^juste/)).toMatchObject({
    subject: expect.stringMatching(/RÉPONSE ROUVERTE/),
    text: expect.stringContaining('Erreur de saisie.'),
  });
  expect(letter(/^garde/)).toMatchObject({
    subject: expect.stringMatching(/RÉPONSE À REVOIR/),
    text: expect.stringContaining('Les lits fermés manquent.'),
  });
  expect((await facts(sites.id)).map(({ text }) => text).join()).toContain('1 lettre(s) de correction renvoyée(s)');
  for (const site of lyon) await correct(site, boxOf(site));
});

test('a reminder goes to each site that owes an answer, and one list to its agency', async () => {
  const [corsican = ''] = await inventSites(api.desk.database, { in: { D2A: 1 } });
  const audience = { sites: { territories: ['D69', 'D01', 'D2A'] } };
  const { id, answers } = await openSurvey(api, { audience, remindBefore: ['PT24H', 'PT2H'] });
  const [done = '', wrong = '', late = ''] = lyon;
  await api.as('ars-84').put(answers(done), { notConcerned: 'Fermé.', submit: true });
  await api.post(bounceOf(await invitation(wrong), '5.1.1', 'failed'));
  await pass(api, id, 25 * HOUR);
  const first = recipients(/RAPPEL\s: /);
  expect(first).toEqual(expect.arrayContaining([boxOf(wrong), boxOf(late), boxOf(corsican)]));
  expect([first.includes(boxOf(done)), first.length]).toEqual([false, 4]);
  expect(recipients(/RAPPEL, LISTE/)).toEqual(['ars84-alerte@ars-84.example', 'ars94-alerte@ars-94.example']);
  const [list] = api.desk.sink.mails.filter(({ to, subject }) => to.startsWith('ars84') && /LISTE/.test(subject));
  const text = list!.text.replaceAll('\u00a0', ' ');
  expect(text).toMatch(/Département 01 \(1\)[^]*Département 69 \(2\)[^]*N°2[^]*N°3/);
  expect(text).not.toContain(done);
  expect(text).toContain(`${boxOf(wrong)} (contact à corriger)`);
  expect(text).toContain(`POST /v1/surveys/${id}/remind`);
  await api.post(bounceOf(list!, '5.1.1', 'failed'));
  expect((await tasks('contact')).filter(({ comment }) => String(comment).startsWith(list!.to))).toMatchObject([
    { organisation: 'ARS-84' },
  ]);
  for (const site of [corsican])
    await api.as('corruss-chef').put(answers(site), { notConcerned: 'Fermé.', submit: true });
  api.desk.sink.clear();
  await pass(api, id, 22 * HOUR);
  expect(recipients(/DERNIER RAPPEL, LISTE/)).toEqual(['ars84-alerte@ars-84.example']);
  expect((await facts(id)).map((fact) => fact.text).join()).toContain('liste à 1 ARS');
});

test('one mailbox that is full holds up nobody else, has its mail once it is not, and costs a short history', async () => {
  const [full = '', other = ''] = lyon;
  const undo = api.desk.sink.refuse(new RegExp(boxOf(full)), 452);
  const { id } = await openSurvey(api, SITES);
  await api.desk.sink.waitFor(undefined, 2);
  const remind = () => api.as('ars-84').post(`/v1/surveys/${id}/remind`, { respondents: [other] });
  for (let times = 1; times <= 2; times += 1) {
    expect((await remind()).status).toBe(202);
    await api.desk.sink.waitFor(({ to, subject }) => to === boxOf(other) && /RAPPEL/.test(subject), times);
    await pass(api, id, 90 * MINUTE);
  }
  const { historyLength } = await api.desk.client.workflow.getHandle(surveyWorkflowId(id)).describe();
  expect(historyLength).toBeLessThan(300);
  undo();
  await pass(api, id, 20 * MINUTE);
  expect(recipients(/^ENQUÊTE\s: /)).toEqual(lyon.map(boxOf).sort());
});

test('whose answer was given back is reminded of that, with the reason, and told so to its agency', async () => {
  const { id, answers } = await openSurvey(api, { ...SITES, remindBefore: ['PT24H'] });
  const [site = ''] = lyon;
  for (const one of lyon) await api.as('ars-84').put(answers(one), { notConcerned: 'Fermé.', submit: true });
  await api.as('ars-84').post(`${answers(site)}/return`, { reason: 'Le service est ouvert.' });
  api.desk.sink.clear();
  await pass(api, id, 25 * HOUR);
  const reminders = api.desk.sink.mails.filter(({ subject }) => /– RAPPEL\s: /.test(subject));
  expect(reminders.map(({ to }) => to)).toEqual([boxOf(site)]);
  expect(reminders[0]!.text).toMatch(/n’a pas été validée[^]*Le service est ouvert\./);
  expect(reminders[0]!.text).not.toContain('pas encore reçu');
  const [list] = api.desk.sink.mails.filter(({ subject }) => /LISTE/.test(subject));
  expect(list!.text).toContain(`(${site}), réponse renvoyée`);
});

test('late sites are reminded by hand, by whoever asks or by their agency, once an hour each', async () => {
  const { id, answers } = await openSurvey(api, { audience: { sites: { territories: ['ARS-84', 'ARS-94'] } } });
  const [done = '', first = '', second = ''] = lyon;
  await api.as('ars-84').put(answers(done), { notConcerned: 'Fermé.', submit: true });
  const remind = (account: 'ars-84' | 'ars-93' | 'ars-11' | 'corruss-chef', body?: object) =>
    api.as(account).post<Problem & { reminded: number; tooSoon: number }>(`/v1/surveys/${id}/remind`, body);
  api.desk.sink.clear();
  expect((await remind('ars-84', { respondents: [first] })).body).toMatchObject({ reminded: 1, tooSoon: 0 });
  const again = await remind('ars-84', { respondents: [second, first] });
  expect([again.status, again.body.errors.map(({ pointer }) => pointer)]).toEqual([409, ['/respondents/1']]);
  const others = await respondents(id);
  expect(others).toHaveLength(4);
  const corsican = (
    await api.as('corruss-chef').get<{ items: Respondent[] }>(`/v1/surveys/${id}/respondents`)
  ).body.items.find(({ organisation }) => organisation!.startsWith('SITE-2A'))!;
  const wrong = await remind('ars-84', { respondents: [corsican.organisation, done, corsican.respondent] });
  expect([wrong.status, wrong.body.errors.map(({ code }) => code)]).toEqual([422, ['unknown', 'answered', 'unknown']]);
  expect([(await remind('ars-93')).status, (await remind('ars-11')).status]).toEqual([403, 404]);
  expect((await remind('ars-84')).body).toMatchObject({ reminded: 2, tooSoon: 1 });
  expect((await remind('corruss-chef')).body).toMatchObject({ reminded: 1, tooSoon: 3 });
  const enough = await remind('corruss-chef');
  expect([enough.status, enough.body.detail]).toEqual([409, expect.stringContaining('moins d’une heure')]);
  await api.desk.sink.waitFor(undefined, 4);
  expect(recipients(/RAPPEL\s: /)).toHaveLength(4);
  await pass(api, id, 2 * HOUR);
  expect((await remind('ars-84')).body).toMatchObject({ reminded: 3, tooSoon: 0 });
});
