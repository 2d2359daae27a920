import { Migration } from '@mikro-orm/migrations';

/** Survey forms (questionnaires) and their versions. */
export class Migration0021SurveyForms extends Migration {
  override up(): void {
    this.addSql(FORMS);
    this.addSql(PUBLISHED_FOR_EVER);
  }
}

// desk
const FORMS = `
create table survey_form (
  id uuid primary key,
  owner_id text not null references organisation,   -- CORRUSS: national
  code text not null,
  model boolean not null default false,         -- shipped, to be adapted
  created_by text not null,
  created_at timestamptz not null,
  unique (owner_id, code)
);
create index survey_form_newest on survey_form (created_at desc, id desc);
create table survey_form_version (
  form_id uuid not null references survey_form,
  number int not null check (number > 0),
  status text not null check (status in ('draft', 'published')),
  document jsonb not null,                      -- Form
  version int not null default 1,               -- its ETag
  created_by text not null,
  created_at timestamptz not null,
  updated_by text not null,
  updated_at timestamptz not null,
  published_by text,
  published_at timestamptz,
  primary key (form_id, number),
  check ((status = 'published') = (published_at is not null and published_by is not null))
);
create unique index survey_form_one_draft on survey_form_version (form_id) where status = 'draft';
grant select, insert, update on survey_form to vigie_app;   -- update: to lock its row, a trigger refuses any
revoke delete, truncate on survey_form from vigie_app;
grant select, insert, update on survey_form_version to vigie_app;
revoke delete, truncate on survey_form_version from vigie_app;
`;

const PUBLISHED_FOR_EVER = `
create function keep_published_form() returns trigger language plpgsql as $$
begin
  raise exception 'a published version of a survey form never changes' using errcode = 'restrict_violation';
end $$;
create trigger survey_form_published_kept before update or delete on survey_form_version for each row
  when (old.status = 'published') execute function keep_published_form();
create trigger survey_form_versions_kept before truncate on survey_form_version
  for each statement execute function keep_published_form();
create function keep_survey_form() returns trigger language plpgsql as $$
begin
  raise exception 'owner and code of a survey form never change' using errcode = 'restrict_violation';
end $$;
create trigger survey_form_kept before update on survey_form for each row execute function keep_survey_form();
`;
