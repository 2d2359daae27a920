// Part of migration 0001: the tables that only the process writes.

export const FOLLOW_UPS = `
create table instruction_recipient (
  instruction_id uuid not null references instruction,
  organisation_id text not null references organisation,
  seq int not null,
  state text not null,
  closed boolean not null,
  percent int,
  late boolean not null,
  deadline timestamptz,
  returns int not null,
  ladder_step int not null,
  next_step jsonb,                              -- {target, channel, at} or null
  last_reply jsonb,
  follow_up jsonb not null,                     -- the whole record
  primary key (instruction_id, organisation_id)
);
create index instruction_recipient_of on instruction_recipient (organisation_id, instruction_id);
create index instruction_recipient_open on instruction_recipient (instruction_id) where not closed;
create table reply (
  id uuid primary key,
  instruction_id uuid not null references instruction,
  organisation_id text not null,
  message_id text not null,
  seq int not null,
  kind text not null,
  percent int,
  comment text,
  until timestamptz,
  evidence uuid[] not null default '{}',
  said_by text not null,
  channel text not null,
  verified boolean not null,
  on_behalf_by text,
  at timestamptz not null,
  unique (instruction_id, organisation_id, message_id)
);
create table task (                             -- process tasks: what waits for a person
  instruction_id uuid not null references instruction,
  organisation_id text not null,
  kind text not null,
  step int not null default 0,
  opened_at timestamptz not null,
  closed_at timestamptz,
  primary key (instruction_id, organisation_id, kind, step, opened_at)
);
create index task_open on task (opened_at) where closed_at is null;
`;

export const DELIVERIES = `
create table delivery (
  id uuid primary key,
  instruction_id uuid not null references instruction,
  organisation_id text not null,                -- whom the follow-up is about
  purpose text not null,
  target text not null,
  channel text not null,
  step int not null,
  round int not null,
  addressee text not null,                      -- organisation written to: itself, its zone lead, CORRUSS
  address text not null,
  address_name text not null default '',
  detail jsonb not null default '{}',
  status text not null check (status in ('planned', 'sending', 'waiting', 'sent', 'failed', 'withdrawn')),
  attempts int not null default 0,
  message_id text not null,                     -- deterministic
  link_hash text unique,                        -- SHA-256 of the token in its link; null where it carries none
  reply_hash text unique,                       -- SHA-256 of the local part of its Reply-To and envelope sender; null where it carries none
  last_error text,
  planned_at timestamptz not null,
  claimed_at timestamptz,
  sent_at timestamptz,
  in_doubt boolean not null default false,
  reported boolean not null default false,      -- its outcome has reached the workflow's record
  unique (instruction_id, organisation_id, purpose, channel, target, step, round)
);
create index delivery_todo on delivery (instruction_id) where status in ('planned', 'sending', 'waiting');
`;

export const AUDIT = `
create table audit_entry (
  subject text not null,                        -- instruction/<uuid>, organisation/ARS-84: one chain each
  position int not null,
  at timestamptz not null,
  recorded_at timestamptz not null,
  kind text not null,
  organisation_id text,
  actor_sub text not null,
  actor_organisation text not null,
  data jsonb not null,
  previous text not null,                       -- hmac of the entry before; of the subject for the first
  hmac text not null,                           -- <key id>:<hex>, over all the other columns
  primary key (subject, position)
);
create table audit_head (                       -- the end of each chain: a cut tail is found by it
  subject text primary key,
  position int not null,
  hmac text not null,                           -- of the last entry
  seal text not null                            -- HMAC of the three above: an older head cannot be put back together
);
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'audit entries are never changed nor removed' using errcode = 'restrict_violation';
end $$;
create trigger audit_entry_kept before update or delete on audit_entry for each row execute function refuse_change();
create trigger audit_entry_kept_whole before truncate on audit_entry for each statement execute function refuse_change();
`;
