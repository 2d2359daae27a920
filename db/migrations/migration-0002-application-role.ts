import { Migration } from '@mikro-orm/migrations';

/**
 * The role under which API, worker and intake work (`openDatabase`): it owns no table, so it can neither drop the triggers
 * of the audit nor rewrite its entries. A role belongs to the whole server: another database may have made it already.
 */
export class Migration0002ApplicationRole extends Migration {
  override up(): void {
    this.addSql(ROLE);
    this.addSql(GRANTS);
  }
}

const ROLE = `
do $$
begin
  create role vigie_app nologin;
exception when duplicate_object or unique_violation then
  null;
end $$;
`;

const GRANTS = `
grant vigie_app to current_user;
grant usage on schema public to vigie_app;
grant select, insert, update, delete on all tables in schema public to vigie_app;
alter default privileges in schema public grant select, insert, update, delete on tables to vigie_app;
revoke update, delete, truncate on audit_entry from vigie_app;
revoke delete, truncate on audit_head from vigie_app;
`;
