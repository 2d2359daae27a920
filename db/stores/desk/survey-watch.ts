import { sql } from 'kysely';
import type { Instant } from '../../../domain/instant.ts';
import { eachInTurn } from '../../../domain/each-in-turn.ts';
import type { Sql, Transaction } from '../../database.ts';
import { readCrossingChanges } from '../../survey-thresholds.ts';
import { readForm } from './published-forms.ts';

/** One survey is looked at no more often. */
const PAUSE = sql`interval '1 minute'`;
/** Who looks longer than that was killed. */
const LONGEST_LOOK = sql`interval '2 minutes'`;

/**
 * An answer has been committed: its figures are to be looked at. Never in the transaction of a submission over HTTP, for there
 * submissions would wait for one another; of many marks only the first writes.
 */
export async function markAnswered(db: Sql, survey: string, now: Instant): Promise<void> {
  await sql`
    update survey_watch set due_at = greatest(${new Date(now)}::timestamptz, looked_at + ${PAUSE})
    where survey_id = ${survey}::uuid and due_at is null`.execute(db);
}

/** The same in the transaction of the answer: it writes whatever stands there, so that nobody looks before it has committed. */
export async function markAnswering(trx: Transaction, survey: string, now: Instant): Promise<void> {
  await sql`
    update survey_watch set due_at = coalesce(due_at, greatest(${new Date(now)}::timestamptz, looked_at + ${PAUSE}))
    where survey_id = ${survey}::uuid`.execute(trx);
}

/**
 * Looks at the surveys with new answers, and tells of those of which a figure has crossed its threshold, or come back. Marks are taken
 * away before the answers are read: what comes meanwhile is marked anew. What breaks off is looked at again.
 * @throws AggregateError after all were looked at, of those that could not be told
 */
export async function lookAtAnswers(
  db: Sql,
  now: Instant,
  tell: (survey: string) => Promise<void>,
  isStopped: () => boolean = () => false,
): Promise<void> {
  const at = new Date(now);
  const { rows } = await sql<{ survey: string }>`
    update survey_watch set due_at = null, looked_at = ${at}::timestamptz, looking = true
    where due_at <= ${at}::timestamptz or (looking and looked_at < ${at}::timestamptz - ${LONGEST_LOOK})
    returning survey_id as survey`.execute(db);
  await eachInTurn(rows, isStopped, async ({ survey }) => {
    if (await hasChanged(db, survey)) await tell(survey);
    await sql`update survey_watch set looking = false where survey_id = ${survey}::uuid and looked_at = ${at}::timestamptz`.execute(
      db,
    );
  });
}

async function hasChanged(db: Sql, id: string): Promise<boolean> {
  const survey = await db
    .selectFrom('survey')
    .select(['id', 'status', 'thresholds', 'form_id', 'form_version'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const { status, form_id, form_version } = survey;
  if (form_version === null || (status !== 'open' && status !== 'closed')) return false;
  const { begun, ended } = await readCrossingChanges(db, survey, await readForm(db, form_id, form_version));
  return begun.length + ended.length > 0;
}
