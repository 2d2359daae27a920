import { Migration } from '@mikro-orm/migrations';

/** One survey an instant of a series, those apart whose opening was refused: the instant stays free for another. */
export class Migration0035RefusedOpenings extends Migration {
  override up(): void {
    this.addSql('drop index survey_series_opening_once');
    this.addSql(`
create unique index survey_series_opening_once on survey_series_opening (series_id, opens_at)
  where trigger_key is null and survey_id is not null and outcome in ('pending', 'opened')`);
  }
}
