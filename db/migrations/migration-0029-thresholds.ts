import { Migration } from '@mikro-orm/migrations';

/** Figures of surveys that are watched, and each time that one has crossed its threshold. */
export class Migration0029Thresholds extends Migration {
  override up(): void {
    this.addSql(WATCHED);
    this.addSql(CROSSINGS);
  }
}

const WATCHED = `
alter table survey add column thresholds jsonb not null default '[]';
-- of a survey with thresholds: answers that nobody has looked at; no row of the survey, which its submissions hold
create table survey_watch (
  survey_id uuid primary key references survey,
  due_at timestamptz,                           -- when to look; null: nothing new
  looked_at timestamptz,                        -- when somebody last looked
  looking boolean not null default false        -- and whether he still does; who is killed meanwhile is made up for
);
create index survey_watch_due on survey_watch (due_at) where due_at is not null;
create index survey_watch_looking on survey_watch (looked_at) where looking;
`;

// process, but for the last two columns
const CROSSINGS = `
create table survey_crossing (
  id uuid primary key,
  survey_id uuid not null references survey,
  rule int not null,                            -- index in the survey's thresholds
  territory text not null,                      -- ARS-84, D69, ZONE-SUD_EST, NATION; of a respondent its organisation, else its id
  name text not null,
  ars_id text references organisation,          -- null: of a zone, of the nation
  figure double precision not null,             -- when it began
  received int not null,
  expected int not null,
  began_at timestamptz not null,
  ended_at timestamptz,                         -- null: it lasts
  instruction_id uuid references instruction on delete set null, -- the draft made of it
  noted_at timestamptz,                         -- its task is closed
  noted_by text
);
create unique index survey_crossing_lasting on survey_crossing (survey_id, rule, territory) where ended_at is null;
create index survey_crossing_of on survey_crossing (survey_id, began_at);
create index survey_crossing_task on survey_crossing (began_at, id) where noted_at is null;
create index survey_crossing_draft on survey_crossing (instruction_id) where instruction_id is not null;
`;
