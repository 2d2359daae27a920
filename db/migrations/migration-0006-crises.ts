import { Migration } from '@mikro-orm/migrations';

/** Crises (événements), to which messages are attached. */
export class Migration0006Crises extends Migration {
  override up(): void {
    this.addSql(CRISES);
  }
}

// desk
const CRISES = `
create table crisis (
  id uuid primary key,
  name text not null,
  description text not null default '',         -- Markdown
  exercise boolean not null,                    -- for ever
  version int not null default 1,               -- its ETag
  opened_by text not null,
  opened_at timestamptz not null,
  updated_at timestamptz not null,
  closed_by text,
  closed_at timestamptz
);
create index crisis_newest on crisis (opened_at desc, id desc);
grant select, insert, update on crisis to vigie_app;
revoke delete, truncate on crisis from vigie_app;
create function keep_exercise() returns trigger language plpgsql as $$
begin
  raise exception 'an exercise stays one, and what is real stays real' using errcode = 'restrict_violation';
end $$;
create trigger crisis_exercise_kept before update on crisis for each row
  when (old.exercise is distinct from new.exercise) execute function keep_exercise();
alter table instruction add column crisis_id uuid references crisis;
create index instruction_of_crisis on instruction (crisis_id) where crisis_id is not null;
`;
