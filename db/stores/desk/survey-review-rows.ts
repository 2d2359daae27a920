import { type RawBuilder, sql } from 'kysely';
import type { Fact, FactKind } from '../../../domain/changes.ts';
import type { FieldError } from '../../../domain/field-error.ts';
import type { Actor } from '../../../domain/actor.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { OrganisationId } from '../../../domain/instruction.ts';
import type { Campaign } from '../../../domain/survey/campaign.ts';
import type { Reviewed, ReviewRefusal } from '../../../domain/survey/review.ts';
import type { KeyRing } from '../../../config/keys.ts';
import type { Transaction } from '../../database.ts';
import type { AnswerContent } from '../../schema.ts';
import { planMailing } from '../process/mailings.ts';
import { surveySubject } from '../audit.ts';
import { WITH_ANSWER } from '../../survey-counts.ts';

/** Who does something with answers of a survey, for whose territory, when. */
export interface ReviewFrame {
  readonly survey: string;
  readonly territory: OrganisationId;
  readonly by: Actor;
  readonly now: Instant;
}

export interface Refused {
  readonly done: false;
  readonly refusal: ReviewRefusal;
}
export interface Stale {
  readonly done: false;
  readonly stale: number;
}
export interface Wrong {
  readonly done: false;
  readonly errors: readonly FieldError[];
}

export const refused = (refusal: ReviewRefusal): Refused => ({ done: false, refusal });

/** The survey's row is held shared: a closing and an acceptance wait for what is judged, or are seen by it. */
export async function holdSurvey(trx: Transaction, { survey, territory }: ReviewFrame): Promise<Reviewed> {
  const row = await trx
    .selectFrom('survey')
    .select(['author', 'status', 'calendar', 'handled_until', 'closings', 'closed_at'])
    .where('id', '=', survey)
    .forShare()
    .executeTakeFirstOrThrow();
  const accepted = await trx
    .selectFrom('survey_acceptance')
    .select((one) => one.fn.max<Date | null>('accepted_at').as('at'))
    .where('survey_id', '=', survey)
    .where('territory', '=', territory)
    .executeTakeFirstOrThrow();
  const campaign: Campaign = {
    status: row.status,
    calendar: row.calendar,
    handledUntil: row.handled_until.getTime(),
    closings: row.closings,
    closedAt: row.closed_at?.getTime() ?? null,
  };
  return { author: row.author, campaign, acceptedAt: accepted.at?.getTime() ?? null };
}

/** An answer that is judged. */
export interface ReviewedAnswer {
  readonly respondent: string;
  readonly organisation: OrganisationId | null;
  readonly territory: OrganisationId;
  readonly name: string;
  readonly address: string | null;
  readonly linkHash: string;
  /** 0: nothing was ever written. */
  readonly version: number;
  readonly submitted: number | null;
  readonly validated: number | null;
  readonly returnedAt: Date | null;
  /** Of a closed survey it alone is taken until then. */
  readonly unlockedUntil: Date | null;
  readonly draft: AnswerContent | null;
  readonly content: AnswerContent | null;
  readonly complete: boolean | null;
  readonly notices: number | null;
}

/** Answers of respondents `r`, their rows held, in one order for everybody who takes several. */
export async function holdAnswers(
  trx: Transaction,
  survey: string,
  which: RawBuilder<unknown>,
): Promise<ReviewedAnswer[]> {
  await sql`
    select from survey_answer a join survey_respondent r on r.id = a.respondent_id
    where r.survey_id = ${survey}::uuid and ${which} order by r.id for update of a`.execute(trx);
  const { rows } = await sql<ReviewedAnswer>`
    select r.id as respondent, r.organisation_id as organisation, r.territory, r.name, r.address, r.link_hash as "linkHash",
      coalesce(a.version, 0) as version, a.submitted, a.validated, a.returned_at as "returnedAt",
      a.unlocked_until as "unlockedUntil", a.draft,
      case when v.number is not null then jsonb_build_object('values', v.values, 'comments', v.comments,
        'notConcerned', v.not_concerned)
        || case when v.reused is null then '{}' else jsonb_build_object('reused', array(select jsonb_object_keys(v.reused) order by 1)) end
      end as content, v.complete, v.notices
    from survey_respondent r ${WITH_ANSWER}
    left join survey_answer_version v on v.respondent_id = r.id and v.number = a.submitted
    where r.survey_id = ${survey}::uuid and ${which} order by r.id`.execute(trx);
  return rows;
}

export const factOf = (
  { by, now }: ReviewFrame,
  kind: FactKind,
  organisation: OrganisationId | null,
  data: Readonly<Record<string, unknown>>,
): Fact => ({ at: now, kind, organisation, actor: by, data });

/** A mail to one respondent with its link. @returns whether there is an address to send it to */
export async function writeTo(
  trx: Transaction,
  keys: KeyRing,
  { survey, now, by }: ReviewFrame,
  { respondent, name, address, linkHash }: ReviewedAnswer,
  letter: { readonly purpose: 'returned' | 'unlocked'; readonly detail: Readonly<Record<string, unknown>> },
): Promise<boolean> {
  if (address === null) return false;
  const author = trx.selectFrom('organisation').select('name').where('id', '=', by.organisation);
  const byName = (await author.executeTakeFirst())?.name ?? by.organisation;
  const detail = { ...letter.detail, byName };
  const to = [{ recipient: respondent, name, address, linkHash }];
  await planMailing(trx, keys, { subject: surveySubject(survey), now, purpose: letter.purpose, detail }, to);
  return true;
}
