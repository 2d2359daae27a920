import { sql } from 'kysely';
import type { KeyRing } from '../../../config/keys.ts';
import type { Actor } from '../../../domain/actor.ts';
import type { Fact } from '../../../domain/changes.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { PreparedForm } from '../../../domain/survey/prepare.ts';
import { isComplete } from '../../../domain/survey/rates.ts';
import type { Reused } from '../../../domain/survey/reuse.ts';
import type { Transaction } from '../../database.ts';
import { PREPARED } from '../../prepared-statements.ts';
import type { AnswerContent } from '../../schema.ts';
import { figureColumns } from '../../survey-figures.ts';
import { appendToChains, type AuditHead, headsToLock } from '../audit.ts';
import { toJson } from '../json.ts';

/** By which way an answer came: the API, the page of a link, a file on either, a mail. */
export type AnswerDoor = 'api' | 'link' | 'file' | 'mail';

/** What is kept and not submitted yet. */
export interface Draft {
  readonly respondent: string;
  readonly by: Actor;
  readonly now: Instant;
  /** The ETag. */
  readonly version: number;
  readonly content: AnswerContent;
}

/** What counts from now on. */
export interface Submission extends Draft {
  readonly survey: string;
  readonly door: AnswerDoor;
  /** Of the version. */
  readonly number: number;
  readonly form: PreparedForm;
  /** Of the survey, committed before. */
  readonly closings: number;
  /** What of it was taken over from other answers. */
  readonly marks: Reused;
  /** What was told of it, refusing nothing. */
  readonly notices: number;
  /** Of its audit. */
  readonly subject: string;
  readonly fact: Fact;
}

/** The answers are locked. */
export async function saveDrafts(trx: Transaction, drafts: readonly Draft[]): Promise<void> {
  if (drafts.length === 0) return;
  await sql`${sql.raw(PREPARED)}
    update survey_answer a set version = d.version, draft = d.content, updated_at = to_timestamp(d.at / 1000.0), updated_by = d.sub
    from jsonb_to_recordset(${toJson(drafts.map(draftRow))}::jsonb)
      as d (respondent uuid, version int, content jsonb, at bigint, sub text)
    where a.respondent_id = d.respondent`.execute(trx);
}

/** Appends a version to each answer, which counts from now on, whatever was said of the one before it, and tells it; the answers are locked. */
export async function submit(trx: Transaction, keys: KeyRing, submissions: readonly Submission[]): Promise<void> {
  if (submissions.length === 0) return;
  const facts = Map.groupBy(submissions, ({ subject }) => subject);
  const { rows: heads } = await sql<AuditHead>`${sql.raw(PREPARED)}
    with said as (
      select * from jsonb_to_recordset(${toJson(submissions.map(submissionRow))}::jsonb) as one (survey uuid, respondent uuid, number int,
        version int, "values" jsonb, comments jsonb, "notConcerned" text, complete boolean, closings int, at bigint, sub text,
        door text, cells text, tally text, extremes text, notices int, marks jsonb)
    ), version as (
      insert into survey_answer_version (respondent_id, number, "values", comments, not_concerned, complete, after_closings,
        submitted_at, submitted_by, door, notices, reused)
      select respondent, number, "values", comments, "notConcerned", complete, closings, to_timestamp(at / 1000.0), sub, door,
        notices, marks from said
    ), figures as (
      insert into survey_answer_figures (survey_id, respondent_id, number, concerned, complete, tally, extremes, cells)
      select survey, respondent, number, "notConcerned" is null, complete, tally::numeric[], extremes::bigint[], cells from said
    ), answer as (
      update survey_answer a set version = s.version, submitted = s.number, draft = null,
        on_time = case when s.number = 1 then s.closings = 0 else a.on_time end,
        at_closing = case when s.closings = 0 then s.number else a.at_closing end,
        validated = null, closing_validated = a.closing_validated and s.closings <> 0,
        returned_at = null, return_reason = null, updated_at = to_timestamp(s.at / 1000.0), updated_by = s.sub
      from said s where a.respondent_id = s.respondent
    ) ${headsToLock([...facts.keys()])}`.execute(trx);
  const told = [...facts].map(([subject, some]) => [subject, some.map(({ fact }) => fact)] as const);
  await appendToChains(trx, keys, new Map(told), heads);
}

const draftRow = ({ respondent, version, content, by, now }: Draft) => ({
  ...{ respondent, version, content, at: now, sub: by.sub },
});

function submissionRow({ content, form, marks, by, now, ...submission }: Submission) {
  const { survey, respondent, number, version, closings, door, notices } = submission;
  const { values, comments, notConcerned } = content;
  return {
    ...{ survey, respondent, number, version, closings, door, notices, at: now, sub: by.sub },
    ...{ values, comments, notConcerned },
    complete: isComplete(form.questions.values(), values),
    ...figureColumns(form, values),
    marks: Object.keys(marks).length === 0 ? null : marks,
  };
}
