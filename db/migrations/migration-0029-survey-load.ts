import { Migration } from '@mikro-orm/migrations';

/** What a survey was opened in spite of. */
export class Migration0029SurveyLoad extends Migration {
  override up(): void {
    this.addSql(`
alter table survey add column load jsonb;       -- {reason, overloaded, most, askedAgain, surveys}; null: nothing beyond what is usual`);
  }
}
