import { Migration } from '@mikro-orm/migrations';

/** Establishments: organisations of kind `site`, what is known of each, and every version of it. */
export class Migration0020Sites extends Migration {
  override up(): void {
    this.addSql(SITES);
    this.addSql(VERSIONS);
    this.addSql(AGENCIES);
  }
}

const FIELDS = `
  entity_kind text not null check (entity_kind in ('EJ', 'ET')),
  name text not null,
  category text not null,
  status text check (status in ('public', 'private')),
  department text not null,                     -- D84
  ars_id text not null,                         -- of its department
  zone text not null,
  postcode text not null,
  city text not null,
  latitude double precision,
  longitude double precision,
  phone text,                                   -- E.164
  closed_at timestamptz,                        -- null: open
  search text not null,                         -- name, city and FINESS without accents, lower case
`;

// desk
const SITES = `
create table site (
  id text primary key references organisation,  -- SITE-<FINESS>
  finess text not null unique,
  ${FIELDS}
  version int not null,                         -- its last one
  foreign key (ars_id) references organisation
);
create index site_of_agency on site (ars_id, id);
`;

// desk: what was known from an instant on; the last one is open and equal to the row of \`site\`
const VERSIONS = `
create table site_version (
  site_id text not null references site,
  version int not null,
  from_at timestamptz not null,
  to_at timestamptz,
  changed_by text not null,
  ${FIELDS}
  primary key (site_id, version)
);
create unique index site_version_last on site_version (site_id) where to_at is null;
`;

// Thousands of organisations that are no agency: whoever looks for agencies and for leads of zones never reads through them.
const AGENCIES = `
create index organisation_kind on organisation (kind, id);
create index organisation_zone_lead on organisation (zone) where zone_lead;
`;
