import { Migration } from '@mikro-orm/migrations';

/** Answers to surveys that come as spreadsheets: on a page or the API, and attached to a mail. */
export class Migration0027AnswersByFile extends Migration {
  override up(): void {
    this.addSql(`
alter table survey_answer_version drop constraint survey_answer_version_door_check;
alter table survey_answer_version add constraint survey_answer_version_door_check
  check (door in ('api', 'link', 'file', 'mail'));`);
  }
}
