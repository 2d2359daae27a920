import { sql } from 'kysely';
import type { Actor } from '../../../domain/actor.ts';
import { figuresOf } from '../../../domain/survey/figure-cells.ts';
import type { PreparedForm } from '../../../domain/survey/prepare.ts';
import { isComplete } from '../../../domain/survey/rates.ts';
import type { Reused } from '../../../domain/survey/reuse.ts';
import type { Transaction } from '../../database.ts';
import { PREPARED } from '../../prepared-statements.ts';
import type { AnswerContent } from '../../schema.ts';
import { figuresLiteral } from '../../survey-figures.ts';
import { type AuditHead, headsToLock } from '../audit.ts';
import { toJson } from '../json.ts';

/** By which way an answer came: the API, the page of a link, a file on either, a mail. */
export type AnswerDoor = 'api' | 'link' | 'file' | 'mail';

interface Writer {
  readonly respondent: string;
  readonly door: AnswerDoor;
  readonly by: Actor;
  readonly now: number;
}

interface Written {
  /** The ETag. */
  readonly version: number;
  readonly content: AnswerContent;
}

interface Submission extends Written {
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
}

/** Keeps what is not submitted yet; the answer is locked. */
export async function saveDraft(trx: Transaction, write: Writer, { version, content }: Written): Promise<void> {
  await sql`${sql.raw(PREPARED)}
    update survey_answer set version = ${version}, draft = ${toJson(content)}::jsonb, updated_at = ${new Date(write.now)},
      updated_by = ${write.by.sub}
    where respondent_id = ${write.respondent}::uuid`.execute(trx);
}

/**
 * Appends a version, which counts from now on, whatever was said of the one before it; the answer is locked.
 * @returns the head of its chain of audit, locked; none when the chain has not begun
 */
export async function submit(trx: Transaction, write: Writer, submission: Submission): Promise<readonly AuditHead[]> {
  const { version, number, content, form, closings, marks, notices, subject } = submission;
  const { values, comments, notConcerned } = content;
  const at = new Date(write.now);
  const { rows } = await sql<AuditHead>`${sql.raw(PREPARED)}
    with version as (
      insert into survey_answer_version (respondent_id, number, "values", comments, not_concerned, complete, after_closings,
        submitted_at, submitted_by, door, figures, notices, reused)
      values (${write.respondent}::uuid, ${number}::int, ${toJson(values)}::jsonb, ${toJson(comments)}::jsonb, ${notConcerned},
        ${isComplete(form.questions.values(), values)}, ${closings}::int, ${at}, ${write.by.sub}, ${write.door},
        ${figuresLiteral(figuresOf(form.cells, values))}::bigint[], ${notices}::int,
        ${Object.keys(marks).length === 0 ? null : toJson(marks)}::jsonb)
      returning respondent_id, number, after_closings = 0 as in_time
    ), answer as (
    update survey_answer a set version = ${version}::int, submitted = v.number, draft = null,
      on_time = case when v.number = 1 then v.in_time else a.on_time end,
      at_closing = case when v.in_time then v.number else a.at_closing end,
      validated = null, closing_validated = a.closing_validated and not v.in_time,
      returned_at = null, return_reason = null, updated_at = ${at}, updated_by = ${write.by.sub}
    from version v where a.respondent_id = v.respondent_id
    ) ${headsToLock([subject])}`.execute(trx);
  return rows;
}
