import { Migration } from '@mikro-orm/migrations';

/** Messages that refer to another one: amendment, cancellation, all-clear. */
export class Migration0005Relations extends Migration {
  override up(): void {
    this.addSql(RELATIONS);
  }
}

const RELATIONS = `
alter table instruction
  add column refers_to uuid references instruction,
  add column relation text check (relation in ('amendment', 'cancellation', 'allClear')),
  add column superseded_by uuid references instruction,   -- set by the release of the message that refers to it: once
  add constraint instruction_relation check ((refers_to is null) = (relation is null));
create index instruction_referring on instruction (refers_to) where refers_to is not null;
`;
