import { Migration } from '@mikro-orm/migrations';

/** When the figures of a survey were published: once, whatever is corrected later. */
export class Migration0028SurveyPublication extends Migration {
  override up(): void {
    this.addSql(`
alter table survey add column published_at timestamptz; -- all territories accepted, or nothing more can come; null: provisional
update survey set published_at = handled_until where status = 'ended';
`);
  }
}
