import { sql } from 'kysely';
import { DAY, type Instant } from '../../../domain/instant.ts';
import type { AnswerValues } from '../../../domain/survey/answer.ts';
import type { PreparedForm } from '../../../domain/survey/prepare.ts';
import {
  marksOf,
  type NamedReuse,
  type Reused,
  type ReuseMarks,
  offersOf,
  type ReuseOffer,
} from '../../../domain/survey/reuse.ts';
import type { Sql } from '../../database.ts';
import { preparedForm, readForm } from './published-forms.ts';
import type { LockedAnswer } from './survey-answer-holding.ts';
import { contentNow } from './survey-answer-reading.ts';

/** A survey that its respondent answers now. */
export interface OfferingSurvey {
  readonly formId: string;
  readonly formVersion: number;
  /** Null: it offers nothing. */
  readonly reuseDays: number | null;
}

interface RecentRow {
  readonly survey: string;
  readonly title: string;
  readonly formId: string;
  readonly formVersion: number;
  readonly version: number;
  readonly submittedAt: Date;
  readonly values: AnswerValues;
  readonly reused: Reused | null;
}

/** Of so many surveys the newest answers are looked at. */
const MOST_ANSWERS = 30;

/**
 * What a respondent may take over; nothing is asked of the database where its survey offers nothing. Looked at is what it has
 * submitted to others, exercises apart, neither given back nor «non concerné»: of an organisation where it counts for the same
 * agency (who may read this answer may read those), of an own list only what the same author has asked.
 */
export async function readOffers(
  db: Sql,
  { formId, formVersion, reuseDays }: OfferingSurvey,
  respondent: string,
  now: Instant,
): Promise<readonly ReuseOffer[]> {
  if (reuseDays === null) return [];
  const since = now - reuseDays * DAY;
  const { rows } = await sql<RecentRow>`
    select s.id as survey, s.title, s.form_id as "formId", s.form_version as "formVersion", v.number as version,
      v.submitted_at as "submittedAt", v.values, v.reused
    from survey_respondent this join survey own on own.id = this.survey_id
    cross join lateral (select o.* from survey_respondent o where o.key = this.key and o.survey_id <> this.survey_id offset 0) r
    join survey s on s.id = r.survey_id and s.exercise = own.exercise and s.status <> 'cancelled'
      and case when this.organisation_id is null then r.organisation_id is null and s.author = own.author
        else r.organisation_id is not null and r.territory = this.territory end
    join survey_answer a on a.respondent_id = r.id
    join survey_answer_version v on v.respondent_id = r.id and v.number = a.submitted and v.not_concerned is null
      and v.submitted_at >= ${new Date(since)}
    where this.id = ${respondent}::uuid order by v.submitted_at desc limit ${MOST_ANSWERS}`.execute(db);
  const recent = await Promise.all(
    rows.map(async ({ submittedAt, formVersion: number, ...row }) => ({
      ...row,
      form: await readForm(db, row.formId, number),
      answeredAt: submittedAt.getTime(),
    })),
  );
  return offersOf({ formId, form: await preparedForm(db, formId, formVersion), since }, recent);
}

/** What is written of an answer, and by whom it is said to be taken over; absent: as it stands in what is edited. */
interface Reusing {
  readonly named: readonly string[] | undefined;
  readonly respondent: string;
  readonly values: AnswerValues;
  readonly now: Instant;
}

/** Which of the values that are written bear a mark; the answer is locked. */
export async function markReuse(
  db: Sql,
  survey: OfferingSurvey,
  form: PreparedForm,
  { named, respondent, values, now }: Reusing,
  found: LockedAnswer,
): Promise<ReuseMarks> {
  const codes: NamedReuse = { codes: named ?? contentNow(found).reused ?? [], said: named !== undefined };
  if (codes.codes.length === 0) return { marks: {}, problems: [] };
  const offers = survey.reuseDays === null ? null : await readOffers(db, survey, respondent, now);
  const before = found.lastValues === null ? null : { values: found.lastValues, reused: found.lastReused ?? {} };
  return marksOf(form, values, codes, { offers, before });
}
