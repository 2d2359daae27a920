import { Migration } from '@mikro-orm/migrations';

/** Early signals of the ARS, and their mails among the notices. */
export class Migration0014EarlySignals extends Migration {
  override up(): void {
    this.addSql(SIGNALS);
    this.addSql(NOTICES);
  }
}

// desk: what an ARS or an officer writes is committed first; process: where the signal stands
const SIGNALS = `
create table early_signal (
  id uuid primary key,
  organisation_id text not null references organisation,
  reference text not null,                      -- SIGNAL ARS-84 2026-11-28 9F3A
  exercise boolean not null,                    -- for ever
  urgency text not null check (urgency in ('immediate', 'urgent', 'routine')),
  subject text not null,
  raised_by text not null,
  raised_by_name text not null,
  raised_at timestamptz not null,
  due_at timestamptz not null,                  -- when the complete signal is promised
  request_key text unique,                      -- asked twice with the same Idempotency-Key: one signal
  status text not null check (status in ('received', 'raised', 'acknowledged', 'complete', 'closed', 'withdrawn')),
  late boolean not null default false,
  task text,                                    -- what the desk is to do
  task_since timestamptz,
  outcome text,
  crisis_id uuid references crisis,
  instruction_id uuid references instruction on delete set null,
  seq int not null default 0,                   -- last turn recorded; 0: not followed yet
  fingerprint text,
  state jsonb                                   -- EarlySignal, whole
);
create index early_signal_newest on early_signal (raised_at desc, id desc);
create index early_signal_of on early_signal (organisation_id, raised_at desc, id desc);
create index early_signal_task on early_signal (task_since) where task is not null;
create index early_signal_received on early_signal (raised_at) where seq = 0;
create trigger early_signal_exercise_kept before update on early_signal for each row
  when (old.exercise is distinct from new.exercise) execute function keep_exercise();
create table early_signal_entry (               -- the words, never changed; counted where the state refers to them
  id uuid primary key,
  signal_id uuid not null references early_signal,
  kind text not null check (kind in ('early', 'acknowledgement', 'complete', 'question', 'answer', 'closing', 'withdrawal')),
  content jsonb not null,
  sha256 text not null,                         -- of the content; in the audit as well
  by_sub text not null,
  by_name text not null,
  by_organisation text not null,
  written_at timestamptz not null,
  request_key text unique
);
create index early_signal_entry_of on early_signal_entry (signal_id);
grant select, insert, update on early_signal to vigie_app;
revoke delete, truncate on early_signal from vigie_app;
grant select, insert, delete on early_signal_entry to vigie_app;
revoke update, truncate on early_signal_entry from vigie_app;
`;

// Each signal is a source of its own: its workflow alone sends its mails.
const NOTICES = `
alter table duty_notice drop constraint duty_notice_source_check;
alter table duty_notice add constraint duty_notice_source_check
  check (source in ('watch', 'briefing') or source like 'signal/%');
alter table duty_notice drop constraint duty_notice_status_check;
alter table duty_notice add constraint duty_notice_status_check
  check (status in ('planned', 'sending', 'waiting', 'sent', 'failed', 'withdrawn'));
alter table duty_notice add column urgent boolean not null default false;
create index duty_notice_of_signal on duty_notice (source) where source like 'signal/%';
`;
