import { Migration } from '@mikro-orm/migrations';

/** Partners of each ARS, and the relays of «pour diffusion» messages to them. */
export class Migration0007Relays extends Migration {
  override up(): void {
    this.addSql(PARTNERS);
    this.addSql(RELAYS);
    this.addSql(ACKNOWLEDGEMENTS);
  }
}

// desk
const PARTNERS = `
create table partner (
  id uuid primary key,
  organisation_id text not null references organisation,
  category text not null,
  name text not null,
  address text not null,                        -- one bare mail address
  finess text,
  department text,                              -- D69
  phone text,                                   -- E.164
  active boolean not null default true,
  updated_at timestamptz not null
);
create unique index partner_once on partner (organisation_id, category, lower(address));
create index partner_listed on partner (organisation_id, id);
alter table contact drop constraint contact_kind_check;
alter table contact add constraint contact_kind_check
  check (kind in ('alertBox', 'secondary', 'onCall', 'director', 'corrussHead', 'desk', 'partners'));
`;

// process
const RELAYS = `
create table relay (
  id uuid primary key,
  instruction_id uuid not null references instruction,
  organisation_id text not null references organisation,
  note text not null default '',                -- covering words of the ARS
  contact_name text not null,                   -- whom partners write back to, as it was when the relay was asked for
  contact_address text not null,
  contact_phone text,
  asked_by text not null,
  asked_at timestamptz not null,
  ended_at timestamptz,                         -- nothing is left to be sent
  unique (instruction_id, organisation_id)
);
create table relay_mail (
  id uuid primary key,
  relay_id uuid not null references relay,
  partner_id uuid not null references partner,
  round int not null,                           -- 1, then one more for each time it was sent again to a corrected address
  current boolean not null default true,        -- of its partner, the one that counts
  category text not null,
  name text not null,
  address text not null,
  status text not null check (status in ('planned', 'sending', 'waiting', 'sent', 'failed')),
  attempts int not null default 0,
  link_hash text unique,                        -- SHA-256 of the token of its acknowledgement link
  reply_hash text unique,                       -- SHA-256 of the local part of its envelope sender
  last_error text,
  planned_at timestamptz not null,
  claimed_at timestamptz,
  sent_at timestamptz,
  bounced_at timestamptz,
  in_doubt boolean not null default false,
  unique (relay_id, partner_id, round)
);
create unique index relay_mail_current on relay_mail (relay_id, partner_id) where current;
create index relay_mail_todo on relay_mail (relay_id) where status in ('planned', 'sending', 'waiting');
`;

// desk: what a partner says, by the page that its mail links to
const ACKNOWLEDGEMENTS = `
create table relay_acknowledgement (
  relay_mail_id uuid primary key references relay_mail,
  nonce text not null,
  at timestamptz not null
);
`;
