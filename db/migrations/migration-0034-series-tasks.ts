import { Migration } from '@mikro-orm/migrations';

/** An opening of a series that was refused waits for a person of whoever asks; those refused before were told by mail alone. */
export class Migration0034SeriesTasks extends Migration {
  override up(): void {
    // process; null: it waits for nobody, or not any more
    this.addSql('alter table survey_series_opening add task_since timestamptz');
    this.addSql(
      'create index survey_series_opening_task on survey_series_opening (series_id) where task_since is not null',
    );
  }
}
