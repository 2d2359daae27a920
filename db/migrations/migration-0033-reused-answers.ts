import { Migration } from '@mikro-orm/migrations';

/** Which surveys offer recent answers to be taken over, and what of a version was: from which answer, of when. */
export class Migration0033ReusedAnswers extends Migration {
  override up(): void {
    this.addSql(`
alter table survey add column reuse_days int check (reuse_days between 1 and 31); -- how old a reused answer may be; null: none is offered
alter table survey_answer_version add column reused jsonb; -- {code: {survey, title, version, answeredAt}}; null: nothing was taken over`);
  }
}
