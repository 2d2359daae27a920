import { Migration } from '@mikro-orm/migrations';

/** Surveys that open by themselves: series, and what became of each of their openings. */
export class Migration0026SurveySeries extends Migration {
  override up(): void {
    this.addSql(SERIES);
    this.addSql(OPENINGS);
  }
}

// desk; its Schedule follows the row
const SERIES = `
create table survey_series (
  id uuid primary key,
  author text not null references organisation,
  form_id uuid not null references survey_form, -- each opening takes its newest published version
  document jsonb not null,                      -- SeriesDocument
  exercise boolean not null,
  crisis_id uuid references crisis,
  status text not null check (status in ('running', 'paused', 'ended')),
  status_reason text not null default '',
  status_by text not null,
  status_at timestamptz not null,
  version int not null default 1,               -- its ETag: one more with each write
  scheduled_version int not null default 0,     -- the last that its Schedule was told
  request_key text unique,                      -- asked again by the same key: the same series
  created_by text not null,
  created_at timestamptz not null,
  updated_by text not null,
  updated_at timestamptz not null
);
create index survey_series_listed on survey_series (created_at desc, id desc);
create index survey_series_untold on survey_series (id) where version <> scheduled_version;
`;

// process
const OPENINGS = `
create table survey_series_opening (
  id uuid primary key,
  series_id uuid not null references survey_series,
  due_at timestamptz not null,                  -- the instant of the series, or of the asking by hand
  trigger_key text,                             -- of an opening by hand; null: by its Schedule
  asked_by text not null,
  opens_at timestamptz,                         -- another one than due where a holiday moves it; null: none
  outcome text not null check (outcome in ('pending', 'opened', 'skipped', 'refused')),
  reason text,                                  -- why there is no survey
  detail text,                                  -- the same in French
  survey_id uuid unique references survey,
  decided_at timestamptz not null
);
create unique index survey_series_opening_due on survey_series_opening (series_id, due_at) where trigger_key is null;
create unique index survey_series_opening_trigger on survey_series_opening (series_id, trigger_key);
-- one survey an instant, also where a holiday moves two openings to the same day
create unique index survey_series_opening_once on survey_series_opening (series_id, opens_at)
  where trigger_key is null and survey_id is not null;
create index survey_series_opening_listed on survey_series_opening (series_id, due_at desc, id desc);
`;
