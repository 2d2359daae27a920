import { Migration } from '@mikro-orm/migrations';

/** Campaigns of surveys, the answers to them, and mailings: what any mass sending is made of. */
export class Migration0022SurveyCampaigns extends Migration {
  override up(): void {
    this.addSql(MAILINGS);
    this.addSql(CAMPAIGNS);
    this.addSql(ANSWERS);
  }
}

// process; `subject` is that of the audit: nothing here knows what is mailed about
const MAILINGS = `
create table mailing (
  id uuid primary key,
  subject text not null,                        -- survey/<id>
  purpose text not null,                        -- which letter
  detail jsonb not null default '{}',           -- what its words need beside the subject itself
  planned_at timestamptz not null
);
create index mailing_of on mailing (subject);
create table mailing_mail (
  id uuid primary key,
  mailing_id uuid not null references mailing,
  recipient uuid,                               -- whom of the subject; null: the subject's own author
  name text not null,
  address text not null,
  status text not null check (status in ('planned', 'sending', 'waiting', 'sent', 'unconfirmed', 'failed', 'withdrawn')),
  attempts int not null default 0,
  link_hash text,                               -- SHA-256 of the token of the recipient's link
  reply_hash text unique,                       -- SHA-256 of the local part of its envelope sender
  last_error text,
  planned_at timestamptz not null,
  claimed_at timestamptz,
  sent_at timestamptz,
  bounced_at timestamptz,
  in_doubt boolean not null default false
);
create index mailing_mail_todo on mailing_mail (mailing_id) where status in ('planned', 'sending', 'waiting');
create index mailing_mail_of on mailing_mail (recipient);
`;

// the draft is the desk's, from the opening on the row is the process's
const CAMPAIGNS = `
create table survey (
  id uuid primary key,
  form_id uuid not null references survey_form,
  form_version int,                             -- as it was when the survey was opened; null: a draft
  title text not null,
  author text not null references organisation, -- CORRUSS or the ARS that asks on its own account
  audience jsonb not null,
  asked jsonb not null,                         -- the calendar as it was written
  exercise boolean not null,
  crisis_id uuid references crisis,
  status text not null check (status in ('draft', 'scheduled', 'open', 'closed', 'ended', 'cancelled')),
  calendar jsonb,                               -- in instants; null: a draft
  handled_until timestamptz not null default 'epoch',
  closings int not null default 0,
  closed_at timestamptz,
  all_received_at timestamptz,
  seq int not null default 0,                   -- one more with each change by the process
  created_by text not null,
  created_at timestamptz not null,
  foreign key (form_id, form_version) references survey_form_version (form_id, number)
);
create index survey_listed on survey (created_at desc, id desc);
-- what was answered to a command, so that a retry finds it
create table survey_ask (
  survey_id uuid not null references survey,
  ask text not null,
  answer jsonb not null,
  primary key (survey_id, ask)
);
create table survey_respondent (
  id uuid primary key,
  survey_id uuid not null references survey,
  key text not null,                            -- the organisation; of a list, the address in lower case
  organisation_id text references organisation, -- null: without account, of the author's own list
  name text not null,
  address text,                                 -- one bare mail address; null: none is known
  territory text not null references organisation, -- the ARS that it counts for; CORRUSS: none
  link_hash text not null unique,               -- SHA-256 of the token of its link
  unique (survey_id, key)
);
create index survey_respondent_key on survey_respondent (key);
`;

// desk: committed by the API before it says 200
const ANSWERS = `
create table survey_answer (
  respondent_id uuid primary key references survey_respondent,
  survey_id uuid not null references survey,
  version int not null,                         -- the ETag: one more with each write
  draft jsonb,                                  -- {values, comments, notConcerned}, not submitted; null: nothing beyond what is
  submitted int,                                -- number of the version that counts; null: none
  updated_at timestamptz not null,
  updated_by text not null
);
create index survey_answer_of on survey_answer (survey_id);
create table survey_answer_version (
  respondent_id uuid not null references survey_respondent,
  number int not null,
  "values" jsonb not null,
  comments jsonb not null,
  not_concerned text,                           -- the reason: out of the rates
  complete boolean not null,
  after_closings int not null,                  -- closings committed before it: 0 is «known at closing»
  submitted_at timestamptz not null,
  submitted_by text not null,
  door text not null check (door in ('api', 'link')),
  primary key (respondent_id, number)
);
create trigger survey_answer_version_kept before update or delete on survey_answer_version
  for each row execute function refuse_change();
create trigger survey_answer_version_kept_whole before truncate on survey_answer_version
  for each statement execute function refuse_change();
`;
