import type { Actor } from '../../../domain/actor.ts';
import type { Fact } from '../../../domain/changes.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { KeyRing } from '../../../config/keys.ts';
import type { Transaction } from '../../database.ts';
import { surveySubject } from '../audit.ts';
import { authorBox } from './author-box.ts';
import { planMailing } from './mailings.ts';

interface Publishing {
  readonly survey: string;
  readonly by: Actor;
  readonly now: Instant;
  /** Every territory is accepted; false: nothing more can come. */
  readonly accepted: boolean;
}

/**
 * Publishes the figures of a survey, the first time that it is asked, in the transaction of the moment that does: whoever asks is
 * mailed the first figures and the rates. @returns what the audit is told; nothing where they were published before
 */
export async function publishSurvey(
  trx: Transaction,
  keys: KeyRing,
  { survey, by, now, accepted }: Publishing,
): Promise<readonly Fact[]> {
  const row = await trx
    .updateTable('survey')
    .set({ published_at: new Date(now) })
    .where('id', '=', survey)
    .where('published_at', 'is', null)
    .returning('author')
    .executeTakeFirst();
  if (row === undefined) return [];
  const to = await authorBox(trx, row.author);
  await planMailing(trx, keys, { subject: surveySubject(survey), purpose: 'published', detail: { accepted }, now }, to);
  return [{ at: now, kind: 'surveyPublished', organisation: null, actor: by, data: { accepted } }];
}
