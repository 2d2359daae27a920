import { Migration } from '@mikro-orm/migrations';

/** What an ARS declares to have relayed by its own means stands with the reply that says so. */
export class Migration0019DeclaredRelays extends Migration {
  override up(): void {
    this.addSql('alter table reply add column declared jsonb;');
  }
}
