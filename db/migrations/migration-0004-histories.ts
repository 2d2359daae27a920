import { Migration } from '@mikro-orm/migrations';

/** Histories of closed workflows, kept when the engine has forgotten them. Written once, never changed. */
export class Migration0004Histories extends Migration {
  override up(): void {
    this.addSql(HISTORIES);
    this.addSql(KEPT);
  }
}

const HISTORIES = `
create table workflow_history (
  run_id uuid primary key,
  workflow_id text not null,                    -- instruction/<uuid>
  workflow_type text not null,
  status text not null,                         -- as the engine says: COMPLETED, FAILED, CONTINUED_AS_NEW…
  started_at timestamptz not null,
  closed_at timestamptz not null,
  events int not null,
  content bytea not null,                       -- gzip of temporal.api.history.v1.History; its payloads stay sealed
  sha256 text not null,                         -- of the uncompressed bytes; in the audit as well
  archived_at timestamptz not null
);
create index workflow_history_of on workflow_history (workflow_id, started_at);
create index workflow_history_closed on workflow_history (closed_at);
`;

const KEPT = `
create trigger workflow_history_kept before update or delete on workflow_history
  for each row execute function refuse_change();
create trigger workflow_history_kept_whole before truncate on workflow_history
  for each statement execute function refuse_change();
revoke update, delete, truncate on workflow_history from vigie_app;
`;
