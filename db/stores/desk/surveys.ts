import type { KeyRing } from '../../../config/keys.ts';
import type { Actor } from '../../../domain/actor.ts';
import type { SurveyDraft } from '../../../domain/survey/survey-draft.ts';
import { type Database, newId } from '../../database.ts';
import { appendAudit, surveySubject } from '../audit.ts';
import { toJson } from '../json.ts';

/** Writes a checked draft. From its opening on the row is the process's. */
export function createSurvey(
  database: Database,
  keys: KeyRing,
  draft: SurveyDraft,
  act: { readonly by: Actor; readonly now: number },
): Promise<{ readonly id: string }> {
  const id = newId();
  return database.sql.transaction().execute(async (trx) => {
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
        created_by: act.by.sub,
        created_at: new Date(act.now),
      })
      .execute();
    const data = { title: draft.title, formId: draft.formId };
    const fact = { at: act.now, kind: 'surveyDrafted', organisation: null, actor: act.by, data } as const;
    await appendAudit(trx, keys, surveySubject(id), [fact]);
    return { id };
  });
}
