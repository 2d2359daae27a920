import type { KeyRing } from '../../../config/keys.ts';
import type { Actor } from '../../../domain/actor.ts';
import type { Database } from '../../database.ts';
import { appendAudit, surveySubject } from '../audit.ts';

interface Noting {
  readonly survey: string;
  readonly crossing: string;
  readonly comment: string;
  readonly by: Actor;
  readonly now: number;
}

/** A person has taken note of a crossing: its task is closed. @returns false when there is no such crossing; noted twice, the first stays */
export function noteCrossing(database: Database, keys: KeyRing, noting: Noting): Promise<boolean> {
  const { survey, crossing, comment, by, now } = noting;
  return database.sql.transaction().execute(async (trx) => {
    const row = await trx
      .selectFrom('survey_crossing as c')
      .innerJoin('survey as s', 's.id', 'c.survey_id')
      .select(['c.rule', 'c.name', 'c.noted_at', 's.thresholds'])
      .where('c.id', '=', crossing)
      .where('c.survey_id', '=', survey)
      .forUpdate('c')
      .executeTakeFirst();
    if (row === undefined) return false;
    if (row.noted_at !== null) return true;
    await trx
      .updateTable('survey_crossing')
      .set({ noted_at: new Date(now), noted_by: by.sub })
      .where('id', '=', crossing)
      .execute();
    const data = { crossing, name: row.name, label: row.thresholds[row.rule]?.label ?? '', comment };
    const fact = { at: now, kind: 'surveyThresholdNoted', organisation: null, actor: by, data } as const;
    await appendAudit(trx, keys, surveySubject(survey), [fact]);
    return true;
  });
}
