import { Migration } from '@mikro-orm/migrations';

/** Establishments as respondents, contacts that are corrected meanwhile, mails that come back of a mailing. */
export class Migration0024SurveyedSites extends Migration {
  override up(): void {
    this.addSql(RESPONDENTS);
    this.addSql(RECEIVED);
  }
}

// kept as it was when the site was asked, beside its territory: a level is the sum of its parts wherever the site moves
const RESPONDENTS = `
alter table survey_respondent
  add column department text,                   -- D69, of a site
  add column contact_at timestamptz;            -- since when it has its address; null: since it is asked
create index survey_respondent_of on survey_respondent (survey_id, territory);
`;

const RECEIVED = `
alter table inbound_mail add column mailing_mail_id uuid references mailing_mail; -- which mail of a mailing it answers or returns
create index inbound_mail_of_mailing on inbound_mail (mailing_mail_id) where mailing_mail_id is not null;
`;
