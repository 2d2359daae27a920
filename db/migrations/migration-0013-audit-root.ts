import { Migration } from '@mikro-orm/migrations';

/** Roots of the audit: what all its heads were on a day, so that a chain gone together with its head is missed. Never changed. */
export class Migration0013AuditRoot extends Migration {
  override up(): void {
    this.addSql(ROOTS);
    this.addSql(KEPT);
  }
}

const ROOTS = `
create table audit_root (
  position int primary key check (position > 0),
  at timestamptz not null unique,               -- one root an instant: asked for again, the same answer
  chains int not null,
  entries bigint not null,
  digest text not null,                         -- SHA-256 of the digest before and of the heads that moved since
  previous text not null,                       -- HMAC of the root before
  hmac text not null
);
create table audit_root_head (                  -- the heads that moved since the root before
  root int not null references audit_root,
  subject text collate "C" not null,
  position int not null,
  hmac text not null,
  primary key (root, subject)
);
create index audit_root_head_of on audit_root_head (subject, root desc);
`;

const KEPT = ['audit_root', 'audit_root_head']
  .map(
    (table) => `
create trigger ${table}_kept before update or delete on ${table} for each row execute function refuse_change();
create trigger ${table}_kept_whole before truncate on ${table} for each statement execute function refuse_change();
revoke update, delete, truncate on ${table} from vigie_app;
`,
  )
  .join('');
