import { Migration } from '@mikro-orm/migrations';

/**
 * What was understood of a received mail. Mails stored before this stay as they are (`stored`, understood when they came):
 * somebody has read them or will, as before.
 */
export class Migration0003InboundMail extends Migration {
  override up(): void {
    this.addSql(INBOUND_MAIL);
    this.addSql(DELIVERY);
  }
}

const INBOUND_MAIL = `
alter table inbound_mail
  add column sender text,                       -- address of its only From, lower case
  add column understood_at timestamptz,         -- null: inbound/<hash> has it to read
  add column state text not null default 'stored',
  add column reading jsonb,                     -- MailReading
  add column signal jsonb,                      -- what its instruction was told; null: nothing
  add column evidence uuid[] not null default '{}',
  add column classified_as text;                -- by a person (read_by): a kind of reply, or none
update inbound_mail set understood_at = received_at;
create index inbound_mail_waiting on inbound_mail (received_at) where understood_at is null;
create index inbound_mail_twins on inbound_mail (message_id);
create index inbound_mail_to_read on inbound_mail (received_at) where read_at is null and state in
  ('stored', 'unclear', 'unknownSender', 'noMatch', 'noSender', 'notAuthenticated', 'quarantined', 'ended');
create index contact_by_address on contact (lower(address)) where channel = 'mail';
`;

const DELIVERY = `
alter table delivery add column bounced_at timestamptz;
`;
