import { Migration } from '@mikro-orm/migrations';

/** A private link may open the Atom feed; a notice of duty that was not delivered waits for a person. */
export class Migration0017DeskGaps extends Migration {
  override up(): void {
    this.addSql(FEED_LINKS);
    this.addSql(FAILED_NOTICES);
  }
}

const FEED_LINKS = `
alter table calendar_link drop constraint calendar_link_feed_check;
alter table calendar_link add constraint calendar_link_feed_check check (feed in ('deadlines', 'duty', 'messages'));
`;

const FAILED_NOTICES = `
alter table duty_notice
  add column bounced_at timestamptz,            -- it came back for good: its address is among the contacts to correct
  add column failed_at timestamptz;             -- when it was given up, or came back
create index duty_notice_failed on duty_notice (failed_at) where status = 'failed';

create table duty_notice_seen (                 -- desk: a person has taken note that it was not delivered
  notice_id uuid primary key references duty_notice on delete cascade,
  sub text not null,
  at timestamptz not null
);
grant select, insert, update, delete on duty_notice_seen to vigie_app;
`;
