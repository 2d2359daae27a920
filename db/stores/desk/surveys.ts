import type { KeyRing } from '../../../config/keys.ts';
import type { Actor } from '../../../domain/actor.ts';
import type { SurveyDraft } from '../../../domain/survey/survey-draft.ts';
import { type Database, newId, type Transaction } from '../../database.ts';
import { appendAudit, surveySubject } from '../audit.ts';
import { toJson } from '../json.ts';

export interface SurveyWriting {
  readonly by: Actor;
  readonly now: number;
  /** The series that it is an opening of. */
  readonly series?: string;
}

/** Writes a checked draft. From its opening on the row is the process's. */
export const createSurvey = (
  database: Database,
  keys: KeyRing,
  draft: SurveyDraft,
  writing: SurveyWriting,
): Promise<{ readonly id: string }> =>
  database.sql.transaction().execute((trx) => insertSurvey(trx, keys, draft, writing));

/** The same, in the caller's transaction. */
export async function insertSurvey(
  trx: Transaction,
  keys: KeyRing,
  draft: SurveyDraft,
  { by, now, series }: SurveyWriting,
): Promise<{ readonly id: string }> {
  const id = newId();
  await trx
    .insertInto('survey')
    .values({
      id,
      form_id: draft.formId,
      title: draft.title.trim(),
      author: draft.author,
      audience: toJson(draft.audience),
      asked: toJson(draft.calendar),
      exercise: draft.exercise,
      crisis_id: draft.crisisId,
      status: 'draft',
      thresholds: toJson(draft.thresholds ?? []),
      reuse_days: draft.reuse?.withinDays ?? null,
      created_by: by.sub,
      created_at: new Date(now),
    })
    .execute();
  const { title, formId, reuse } = draft;
  const data = {
    title,
    formId,
    ...(series === undefined ? {} : { series }),
    ...(reuse === undefined ? {} : { reuse }),
  };
  const fact = { at: now, kind: 'surveyDrafted', organisation: null, actor: by, data } as const;
  await appendAudit(trx, keys, surveySubject(id), [fact]);
  return { id };
}
