import { Migration } from '@mikro-orm/migrations';

/** What is counted of each version, apart from its words and beside its survey's others (docs/adr/0049-figures-apart.md). */
export class Migration0041AnswerFigures extends Migration {
  override up(): void {
    this.addSql(`
create table survey_answer_figures (
  survey_id uuid not null references survey,
  respondent_id uuid not null,
  number int not null,
  concerned boolean not null,                   -- in the rates
  complete boolean not null,
  tally numeric[] not null,                     -- domain/survey/tally.ts
  extremes bigint[] not null,                   -- cells of which the least or the greatest is told; the smallest bigint: nothing
  cells text not null,                          -- JSON that nobody here looks into, read one by one: domain/survey/figure-cells.ts
  -- Counts need nothing else, and read the index alone.
  primary key (survey_id, respondent_id, number) include (concerned, complete)
  -- Written by the statement that writes the version, and never changed either. No foreign key says so: PostgreSQL keeps the plan of
  -- its check, and one from a table of few versions goes through all that have come since, at each answer.
) with (toast_tuple_target = 8160);             -- read whole: as long as a row fits a page it is neither compressed nor kept elsewhere
insert into survey_answer_figures (survey_id, respondent_id, number, concerned, complete, tally, extremes, cells)
  select r.survey_id, v.respondent_id, v.number, v.not_concerned is null, v.complete, v.tally, v.extremes, v.cells::text
  from survey_answer_version v join survey_respondent r on r.id = v.respondent_id order by r.survey_id, v.submitted_at;
-- Named for what it keeps: until now every table said that audit entries are.
create or replace function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'rows of % are never changed nor removed', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger survey_answer_figures_kept before update or delete on survey_answer_figures
  for each row execute function refuse_change();
create trigger survey_answer_figures_kept_whole before truncate on survey_answer_figures
  for each statement execute function refuse_change();
alter table survey_answer_version drop column tally, drop column extremes, drop column cells;
alter table survey_answer_version reset (toast_tuple_target);`);
  }
}
