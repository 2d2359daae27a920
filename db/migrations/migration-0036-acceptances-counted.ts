import { Migration } from '@mikro-orm/migrations';

/**
 * How many submissions of its territory an acceptance took over, so that what came after it is told by the order of commits. For
 * those that are there, by what the audit says: its entries are written while the survey's row is held, unlike the instant of a request.
 */
export class Migration0036AcceptancesCounted extends Migration {
  override up(): void {
    this.addSql('alter table survey_acceptance add column submissions int'); // of all that its territory has ever submitted
    this.addSql(`
update survey_acceptance c set submissions = (
  select count(*) from survey_respondent r join survey_answer_version v on v.respondent_id = r.id
  where r.survey_id = c.survey_id and r.territory = c.territory
) - (
  select count(*) from audit_entry answered
  where answered.subject = 'survey/' || c.survey_id || '/' || c.territory and answered.kind = 'surveyAnswered'
    and answered.recorded_at > (
      select min(accepted.recorded_at) from audit_entry accepted
      where accepted.subject = 'survey/' || c.survey_id and accepted.kind = 'surveyAccepted'
        and accepted.at = c.accepted_at and accepted.data -> 'territories' @> to_jsonb(c.territory)))`);
    this.addSql('alter table survey_acceptance alter column submissions set not null');
  }
}
