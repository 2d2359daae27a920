import { Migration } from '@mikro-orm/migrations';

/** An urgent call for support stands before the others. */
export class Migration0018UrgentSupports extends Migration {
  override up(): void {
    this.addSql('alter table task add column urgent boolean not null default false;');
  }
}
