import { Migration } from '@mikro-orm/migrations';

/** Duty rosters, mails of the desk that belong to no instruction, private links of calendars. */
export class Migration0009Duty extends Migration {
  override up(): void {
    this.addSql(ROSTERS);
    this.addSql(NOTICES);
    this.addSql(CALENDAR_LINKS);
  }
}

// desk
const ROSTERS = `
create table duty_roster (
  organisation_id text primary key references organisation,
  version int not null,                         -- its ETag
  document jsonb,                               -- RosterDocument; null: taken away
  updated_at timestamptz not null,
  updated_by text not null
);
grant select, insert, update, delete on duty_roster to vigie_app;
`;

// process: a hand-over, a gap announced, a briefing
const NOTICES = `
create table duty_notice (
  id uuid primary key,
  key text not null unique,                     -- what it is about: the same thing is never told twice
  source text not null check (source in ('watch', 'briefing')),  -- the workflow that plans and sends it
  organisation_id text not null references organisation,
  address text not null,
  address_name text not null default '',
  letter jsonb not null,                        -- its words, as they were true when it was planned
  status text not null check (status in ('planned', 'sending', 'waiting', 'sent', 'failed')),
  attempts int not null default 0,
  message_id text not null,                     -- deterministic: the same for every attempt
  last_error text,
  in_doubt boolean not null default false,
  planned_at timestamptz not null,
  claimed_at timestamptz,
  sent_at timestamptz
);
create index duty_notice_todo on duty_notice (source, planned_at) where status in ('planned', 'sending', 'waiting');
grant select, insert, update, delete on duty_notice to vigie_app;
`;

// desk
const CALENDAR_LINKS = `
create table calendar_link (
  id uuid primary key,
  token_hash text not null unique,              -- SHA-256; the token itself is nowhere
  feed text not null check (feed in ('deadlines', 'duty')),
  organisation_id text references organisation, -- of a feed of duty
  sub text not null,                            -- whose link
  claims jsonb not null,                        -- what its owner was allowed when he made it
  created_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz
);
create index calendar_link_of on calendar_link (sub, created_at);
grant select, insert, update, delete on calendar_link to vigie_app;
`;
