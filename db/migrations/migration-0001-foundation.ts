import { Migration } from '@mikro-orm/migrations';
import { AUDIT, DELIVERIES, FOLLOW_UPS } from './migration-0001-process-tables.ts';

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
