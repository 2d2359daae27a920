import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { bounceOf } from '../support/bounce.ts';
import { type MailDesk, startMailDesk } from '../support/mail-desk.ts';
import type { ReceivedMail } from '../support/mail-sink.ts';
import { boxOf, inventSites } from '../support/sites.ts';
import { openSurvey } from '../support/survey.ts';

let api: MailDesk;
let lyon: string[];
beforeAll(async () => {
  api = await startMailDesk();
  lyon = await inventSites(api.desk.database, { in: { D69: 3 } });
});
afterAll(() => api.close());
beforeEach(() => api.desk.sink.clear());

interface Respondent {
  readonly respondent: string;
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
