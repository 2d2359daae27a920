import { Migration } from '@mikro-orm/migrations';
import { figureCells, figuresOf } from '../../domain/survey/figure-cells.ts';
import type { AnswerValues } from '../../domain/survey/answer.ts';
import type { Form } from '../../domain/survey/form.ts';
import { figuresLiteral } from '../survey-figures.ts';

interface Kept {
  readonly respondent_id: string;
  readonly number: number;
  readonly values: AnswerValues;
  readonly document: Form;
}

/** Figures kept with each version, what an agency says of an answer, what the nation accepts, and which answer is re-opened. */
export class Migration0025SurveyFigures extends Migration {
  override async up(): Promise<void> {
    await this.execute(ANSWERS);
    await this.execute(REVIEWS);
    await this.keepFigures();
    await this.execute(`
alter table survey_answer_version alter column figures set not null;
alter table survey_answer_version enable trigger survey_answer_version_kept;`);
  }

  /** Those of the versions that were there before. */
  private async keepFigures(): Promise<void> {
    const rows = (await this.execute(`
select v.respondent_id, v.number, v."values", f.document from survey_answer_version v
join survey_respondent r on r.id = v.respondent_id join survey s on s.id = r.survey_id
join survey_form_version f on f.form_id = s.form_id and f.number = s.form_version`)) as unknown as readonly Kept[];
    for (const { respondent_id, number, values, document } of rows) {
      const figures = figuresLiteral(figuresOf(figureCells(document), values));
      await this.execute(
        'update survey_answer_version set figures = ?::bigint[] where respondent_id = ? and number = ?',
        [figures, respondent_id, number],
      );
    }
  }
}

const ANSWERS = `
alter table survey_answer_version disable trigger survey_answer_version_kept;
alter table survey_answer_version
  add column figures bigint[],                  -- one for each cell of its form (domain/survey/figure-cells.ts); the smallest bigint: nothing stands there
  add column notices int;                       -- what was told when it was submitted, refusing nothing; null: before that was kept
alter table survey_answer_version alter column figures set storage external;
alter table survey_answer
  add column on_time boolean not null default false, -- its first version was there before the first closing
  add column at_closing int,                    -- number of the version known at the first closing; null: none
  add column validated int,                     -- number of the version that was validated; null: none
  add column closing_validated boolean not null default false, -- the version known at closing was
  add column returned_at timestamptz,           -- it owes again; null: not returned, or submitted since
  add column return_reason text,
  add column unlocked_until timestamptz;        -- of a closed survey this answer alone is taken until then
update survey_answer a set on_time = at_closing.last is not null, at_closing = at_closing.last
from (select respondent_id, max(number) as last from survey_answer_version where after_closings = 0 group by respondent_id) at_closing
where at_closing.respondent_id = a.respondent_id;
`;

const REVIEWS = `
-- desk: what was said of a version, by whom it counts for
create table survey_answer_review (
  id bigint generated always as identity primary key,
  respondent_id uuid not null,
  number int not null,
  verdict text not null check (verdict in ('validated', 'returned')),
  reason text,
  reviewed_at timestamptz not null,
  reviewed_by text not null,
  foreign key (respondent_id, number) references survey_answer_version
);
create index survey_answer_review_of on survey_answer_review (respondent_id);
-- desk: what the nation has taken over, territory by territory; a later row of one counts
create table survey_acceptance (
  id bigint generated always as identity primary key,
  survey_id uuid not null references survey,
  territory text not null references organisation,
  counts jsonb not null,                        -- SurveyCounts, as they were
  comment text,
  accepted_at timestamptz not null,
  accepted_by text not null
);
create index survey_acceptance_of on survey_acceptance (survey_id);
`;
