import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { DAY, HOUR, SECOND } from '../../domain/instant.ts';
import { mendSurvey, surveyDifferences, type SurveyReconciler } from '../../worker/survey-reconciliation.ts';
import { surveyWorkflowId } from '../../workflows/contract.ts';
import { type ApiDesk, startApiDesk } from '../support/api-desk.ts';
import { quiet } from '../support/clock.ts';
import { type OwnTemporal, startOwnTemporal } from '../support/own-temporal.ts';
import { openSurvey, pass } from '../support/survey.ts';
import { until } from '../support/wait.ts';

let temporal: OwnTemporal;
let api: ApiDesk;
let reconciler: SurveyReconciler;
beforeAll(async () => {
  temporal = await startOwnTemporal();
  api = await startApiDesk({ temporalAddress: temporal.address });
  const { database, client, surveys } = api.desk;
  reconciler = { sql: database.sql, client, gateway: surveys };
}, 120_000);
afterAll(async () => {
  await api.close();
  await temporal.close();
});

const ASKED = { audience: { ars: ['ARS-84', 'ARS-93'] }, remindBefore: ['PT24H'], closesAt: 'PT48H' };
const of = async (id: string) => (await surveyDifferences(reconciler)).filter((one) => one.id === id);
const statusOf = async (id: string) => (await api.as('corruss-chef').get(`/v1/surveys/${id}`)).body['status'];
const mailsTo = (purpose: RegExp) => api.desk.sink.mails.filter(({ subject }) => purpose.test(subject)).length;
const terminate = (id: string) => api.desk.client.workflow.getHandle(surveyWorkflowId(id)).terminate('lost');
const found = (id: string) =>
  until('the difference', async () => {
    const all = await of(id);
    return all.length > 0 ? all : undefined;
  });

test('one whose workflow is gone is followed again from the table: its reminders, its closing', async () => {
  const { id } = await openSurvey(api, ASKED);
  expect(await of(id)).toEqual([]);
  await terminate(id);
  const [lost] = await found(id);
  expect(lost).toMatchObject({ kind: 'noWorkflow', id, title: expect.stringContaining('Enquête') });
  expect(await mendSurvey(reconciler, lost!)).toBe(true);
  await until('its workflow', async () => (await of(id)).length === 0);
  api.desk.sink.clear();
  await quiet(api.desk.client, surveyWorkflowId(id));
  expect(api.desk.sink.mails).toEqual([]);
  await pass(api, id, 25 * HOUR);
  expect(mailsTo(/appel/i)).toBe(2);
  await pass(api, id, DAY);
  expect(await statusOf(id)).toBe('closed');
}, 60_000);

test('what an ended survey has left to send leaves by a workflow that then ends', async () => {
  const { id } = await openSurvey(api, ASKED);
  await api.desk.sink.stop();
  await api.as('corruss-chef').post(`/v1/surveys/${id}/cancel`, { reason: 'Sans objet.' });
  await terminate(id);
  await api.desk.sink.start();
  api.desk.sink.clear();
  const [left] = await found(id);
  expect(left).toMatchObject({ kind: 'noWorkflow', id });
  expect(await mendSurvey(reconciler, left!)).toBe(true);
  await until('its mails and its end', async () => api.desk.sink.mails.length === 2 && (await of(id)).length === 0);
}, 60_000);

test.each([
  ['earlier', 30, -1],
  ['later', 72, 1],
])(
  'a table that was set to another instant (closing %s) is read again, and its calendar holds',
  async (_when, hours, turns) => {
    const { id } = await openSurvey(api, { ...ASKED, remindBefore: [] });
    const closesAt = Date.now() + hours * HOUR;
    await sql`
      update survey set seq = seq + ${turns}, calendar = calendar || jsonb_build_object('closesAt', ${closesAt}::bigint)
      where id = ${id}::uuid`.execute(api.desk.database.sql);
    const [other] = await found(id);
    expect(other).toMatchObject({ kind: 'other', id });
    const mending = mendSurvey(reconciler, other!);
    await pass(api, id, 11 * SECOND);
    expect([await mending, await of(id)]).toEqual([true, []]);
    await pass(api, id, (hours - 1) * HOUR);
    expect(await statusOf(id)).toBe('open');
    await pass(api, id, 2 * HOUR);
    expect(await statusOf(id)).toBe('closed');
  },
  60_000,
);

test('one that the database has never heard of is named, and ends once it has looked for its row', async () => {
  const { id } = await openSurvey(api, { ...ASKED, remindBefore: [] });
  for (const table of ['survey_answer', 'survey_respondent', 'survey_ask'])
    await sql`delete from ${sql.table(table)} where survey_id = ${id}::uuid`.execute(api.desk.owner);
  await sql`delete from survey where id = ${id}::uuid`.execute(api.desk.owner);
  const [unknown] = await found(id);
  expect(unknown).toEqual({ kind: 'noRow', id });
  expect(await mendSurvey(reconciler, unknown!)).toBe(false);
  // At its next instant it finds nothing: it must not ask for ever.
  expect(await pass(api, id, 49 * HOUR)).toBe('ended');
  expect(await of(id)).toEqual([]);
}, 60_000);
