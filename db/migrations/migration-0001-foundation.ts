import { Migration } from '@mikro-orm/migrations';

/**
 * The ground: organisations, instructions and their follow-up, deliveries, replies, audit.
 * Roles of tables: «desk» rows are written by the API and the intake, «process» rows only by activities.
 */
export class Migration0001Foundation extends Migration {
  override up(): void {
    for (const statement of [ORGANISATIONS, INSTRUCTIONS, FOLLOW_UPS, DELIVERIES, RECEIVED, AUDIT, SERVICE]) {
      this.addSql(statement);
    }
  }
}

// desk: who is who
const ORGANISATIONS = `
create table organisation (
  id text primary key,                          -- ARS-84, CORRUSS
  kind text not null check (kind in ('ars', 'national', 'site')),
  name text not null,
  region_code text,
  departments text[] not null default '{}',     -- D971, never bare codes
  zone text,                                    -- ZONE-OUEST
  zone_lead boolean not null default false,
  time_zone text not null default 'Europe/Paris'
);
create table contact (
  id uuid primary key,
  organisation_id text not null references organisation,
  kind text not null check (kind in ('alertBox', 'secondary', 'onCall', 'director', 'corrussHead', 'desk')),
  channel text not null check (channel in ('mail', 'sms', 'call')),
  address text not null,                        -- a mail address, or a number in E.164
  name text not null default '',
  position int not null default 0,              -- the first of its kind and channel is the one written to
  updated_at timestamptz not null,
  unique (organisation_id, kind, channel, position)
);
create table contact_version (organisation_id text primary key references organisation, version int not null default 1);
create table contact_report (                   -- «je ne suis pas la bonne personne»
  id uuid primary key,
  organisation_id text not null references organisation,
  instruction_id uuid,
  delivery_id uuid,
  comment text not null default '',
  nonce text not null unique,
  reported_at timestamptz not null,
  closed_at timestamptz,
  closed_by text
);
`;

// desk until released, then process
const INSTRUCTIONS = `
create table instruction (
  id uuid primary key,
  status text not null check (status in ('draft', 'releasing', 'open', 'closed', 'cancelled')),
  number text unique,                           -- MINSANTE N°2026_001
  nature text not null check (nature in ('information', 'action', 'diffusion')),
  exercise boolean not null default false,
  subject text not null,
  body text not null,                           -- Markdown
  draft jsonb not null,                         -- the draft as written, normalised
  terms jsonb,                                  -- what the workflow got at release
  version int not null default 1,               -- of the draft: its ETag
  created_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  released_by text,
  released_at timestamptz,
  emergency_reason text,
  closed_at timestamptz,
  seq int not null default 0,                   -- last turn recorded
  fingerprint text
);
create index instruction_newest on instruction (created_at desc, id desc);
create table instruction_editor (               -- who wrote or changed the draft: none of them may release it
  instruction_id uuid not null references instruction on delete cascade,
  sub text not null,
  primary key (instruction_id, sub)
);
create table attachment (
  id uuid primary key,
  instruction_id uuid references instruction on delete cascade,  -- null until a draft or a reply names it
  owner_organisation text not null,
  uploaded_by text not null,
  name text not null,
  media_type text not null,
  size int not null,
  sha256 text not null,
  content bytea not null,
  created_at timestamptz not null
);
create table number_series (
  series text not null,                         -- MINSANTE, MINSANTE EXERCICE
  year int not null,                            -- civil year of Paris
  last int not null,
  primary key (series, year)
);
`;

const FOLLOW_UPS = `
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

const DELIVERIES = `
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

// desk: received first, understood afterwards
const RECEIVED = `
create table inbound_mail (
  id uuid primary key,
  received_at timestamptz not null,
  envelope_from text not null,
  envelope_to text[] not null,
  raw bytea not null,
  size int not null,
  sha256 text not null,
  message_id text not null,
  from_header text not null default '',
  subject text not null default '',
  instruction_id uuid references instruction,
  organisation_id text,
  delivery_id uuid references delivery,
  read_at timestamptz,
  read_by text,
  unique (message_id, sha256)
);
create index inbound_mail_unread on inbound_mail (received_at) where read_at is null;
create index inbound_mail_of on inbound_mail (instruction_id) where instruction_id is not null;
`;

const AUDIT = `
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

const SERVICE = `
create table idempotency_key (
  sub text not null,
  route text not null,
  key text not null,
  body_sha256 text not null,
  status int,                                   -- null while the first request is under way
  response jsonb,
  created_at timestamptz not null,
  primary key (sub, route, key)
);
create table session (                          -- console and /login: server side
  id_hash text primary key,
  sub text not null,
  claims jsonb not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create table key_ring_seen (key_id text primary key, first_seen timestamptz not null);
`;
