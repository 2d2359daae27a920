import { Migration } from '@mikro-orm/migrations';

/** Deliveries of each instruction by status, counted without reading the table: a list of fifty read it whole, of all the years. */
export class Migration0032DeliveriesCounted extends Migration {
  override up(): void {
    this.addSql('create index delivery_counted on delivery (instruction_id, status, organisation_id)');
  }
}
