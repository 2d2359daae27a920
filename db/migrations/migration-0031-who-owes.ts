import { Migration } from '@mikro-orm/migrations';

/** The order in which it is looked whether somebody owes an answer (`db/stores/desk/survey-answer-reading.ts`). */
export class Migration0031WhoOwes extends Migration {
  override up(): void {
    this.addSql('create index survey_respondent_by_hash on survey_respondent (survey_id, link_hash)');
  }
}
