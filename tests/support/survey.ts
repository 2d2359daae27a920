import { randomUUID } from 'node:crypto';
import type { Database } from '../../db/database.ts';
import { writeAnswer } from '../../db/stores/desk/survey-answer-groups.ts';
import type { Form } from '../../domain/survey/form.ts';
import { surveyWorkflowId } from '../../workflows/contract.ts';
import type { ApiDesk } from './api-desk.ts';
import type { AccountName } from './desk-accounts.ts';
import { advance, quiet } from './clock.ts';

/** Beds of one agency: a sum, a ratio, a choice, a text. */
export const BEDS: Form = {
  code: 'LITS',
  title: 'Lits de réanimation',
  sections: [
    {
      code: 'lits',
      title: 'Lits',
      questions: [
        {
          code: 'installes',
          label: 'Lits installés',
          type: 'integer',
          min: 0,
          required: true,
          aggregate: 'sum',
          unit: 'lits',
        },
        {
          code: 'occupes',
          label: 'Lits occupés',
          type: 'integer',
          min: 0,
          required: true,
          aggregate: 'sum',
          unit: 'lits',
        },
        {
          code: 'taux',
          label: 'Taux d’occupation',
          type: 'computed',
          unit: '%',
          formula: '100 * occupes / installes',
          aggregate: 'ratio',
          numerator: 'occupes',
          denominator: 'installes',
        },
        {
          code: 'tension',
          label: 'Niveau de tension',
          type: 'choice',
          choices: [
            { code: 'n1', label: 'Niveau 1' },
            { code: 'n2', label: 'Niveau 2' },
          ],
          aggregate: 'count',
        },
        { code: 'note', label: 'Remarques', type: 'text' },
      ],
    },
  ],
  rules: [{ formula: 'occupes <= installes', message: 'Il y a plus de lits occupés que de lits installés.' }],
};

/** A published form; its id. */
export async function publishForm({ sql }: Database, form: Form = BEDS, owner = 'CORRUSS'): Promise<string> {
  const id = randomUUID();
  const [at, by] = [new Date(), 'test'];
  const made = { created_by: by, created_at: at };
  await sql
    .insertInto('survey_form')
    .values({ id, owner_id: owner, code: `${form.code}-${id.slice(0, 8)}`, ...made })
    .execute();
  await sql
    .insertInto('survey_form_version')
    .values({
      form_id: id,
      number: 1,
      status: 'published',
      document: JSON.stringify(form),
      ...made,
      updated_by: by,
      updated_at: at,
      published_by: by,
      published_at: at,
    })
    .execute();
  return id;
}

export interface OpenSurvey {
  readonly id: string;
  /** Of its answers. */
  readonly answers: (org: string) => string;
}

/** A survey, written and opened by one account. */
export async function openSurvey(
  api: ApiDesk,
  body: object,
  account: AccountName = 'corruss-chef',
): Promise<OpenSurvey> {
  const title = `Enquête ${randomUUID().slice(0, 8)}`;
  const form = { formId: await publishForm(api.desk.database), title, closesAt: 'PT48H' };
  const made = await api.as(account).post<{ id: string }>('/v1/surveys', { ...form, ...body });
  if (made.status !== 201) throw new Error(`not written: ${made.text}`);
  const { id } = made.body;
  // Tests of one file ask the same agencies again and again.
  const opened = await api.as(account).post(`/v1/surveys/${id}/open`, { loadReason: 'Essai.' });
  if (opened.status !== 202) throw new Error(`not opened: ${opened.text}`);
  await quiet(api.desk.client, surveyWorkflowId(id));
  return { id, answers: (org) => `/v1/surveys/${id}/answers/${org}` };
}

/** What one respondent submits, as at an hour of ours. */
export async function submitAt(
  api: ApiDesk,
  survey: OpenSurvey,
  key: string,
  values: object,
  now: number,
): Promise<void> {
  const { database, keys } = api.desk;
  const { id: respondent } = await database.sql
    .selectFrom('survey_respondent')
    .select('id')
    .where('survey_id', '=', survey.id)
    .where('key', '=', key)
    .executeTakeFirstOrThrow();
  const outcome = await writeAnswer(database, keys, {
    ...{ survey: survey.id, respondent, mode: 'submit', raw: { values }, version: null, door: 'api' },
    ...{ by: { sub: key, organisation: 'ARS-84' }, onBehalf: false, now },
  });
  if (!outcome.written) throw new Error(`not submitted: ${JSON.stringify(outcome)}`);
}

/** Pushes the clock of one survey. */
export const pass = (api: ApiDesk, id: string, ms: number): Promise<'reached' | 'ended'> =>
  advance(api.desk.client, surveyWorkflowId(id), ms);
