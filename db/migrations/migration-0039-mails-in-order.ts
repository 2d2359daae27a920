import { Migration } from '@mikro-orm/migrations';

/** Mails still to be sent, in the order in which they are claimed: each claim of a few would else sort all that are left. */
export class Migration0039MailsInOrder extends Migration {
  override up(): void {
    this.addSql(`
drop index mailing_mail_todo;
create index mailing_mail_todo on mailing_mail (mailing_id, (status = 'waiting'), id) where status in ('planned', 'sending', 'waiting');
drop index relay_mail_todo;
create index relay_mail_todo on relay_mail (relay_id, (status = 'waiting'), id) where status in ('planned', 'sending', 'waiting');`);
  }
}
