import { sql } from 'kysely';
import type { TaskKind } from '../../domain/changes.ts';
import type { SignalTaskKind } from '../../domain/early-signal.ts';
import { MAILS_TO_READ } from '../../domain/mail-reading.ts';
import type { SupportUrgency } from '../../domain/support.ts';
import { CORRUSS } from '../../domain/organisation.ts';
import type { Sql } from '../database.ts';
import { PREPARED } from '../prepared-statements.ts';
import { undelivered } from '../undelivered.ts';
import { type Page, type PageRequest, pageOf } from './cursor.ts';

/** What waits for a person: process tasks, received mails that only a person can read (`mailToRead`: those that hold a ladder), contacts reported as wrong, notices of duty that nobody got (`notice`; one that came back is a contact), figures of surveys beyond their thresholds, openings of series that were refused. */
export interface TaskItem {
  readonly id: string;
  readonly kind:
    TaskKind | SignalTaskKind | 'mailToRead' | 'mail' | 'contact' | 'notice' | 'surveyThreshold' | 'surveyNotOpened';
  readonly instruction: string | null;
  /** Early signal of the task. */
  readonly signal: string | null;
  /** Survey to whose mail a person has answered, or whose figure has crossed a threshold. */
  readonly survey: string | null;
  /** Series of an opening that was refused. */
  readonly series: string | null;
  readonly number: string | null;
  readonly subject: string | null;
  readonly organisation: string | null;
  /** The ladder step of a `call`, the number of a `support`. */
  readonly step: number | null;
  /** Of a `support`; null of anything else. */
  readonly urgency: SupportUrgency | null;
  readonly openedAt: string;
  readonly comment: string | null;
}

interface Row {
  id: string;
  kind: TaskItem['kind'];
  instruction_id: string | null;
  signal_id: string | null;
  survey_id: string | null;
  series_id: string | null;
  number: string | null;
  subject: string | null;
  organisation_id: string | null;
  step: number | null;
  urgent: boolean | null;
  opened_at: Date;
  comment: string | null;
}

/** Written out: the partial index is found by it. */
const TO_READ = sql.join(MAILS_TO_READ.map((state) => sql.lit(state)));

/** Urgent calls first; then oldest first: what has waited longest stands on top. */
export async function listTasks(db: Sql, kind: TaskItem['kind'] | null, page: PageRequest): Promise<Page<TaskItem>> {
  const conditions = [sql<boolean>`true`];
  if (kind !== null) conditions.push(sql<boolean>`t.kind = ${kind}`);
  if (page.after !== null) {
    const { rank, id } = placeOf(page.after.id);
    conditions.push(sql<boolean>`(${RANK}, t.opened_at, t.id) > (${rank}::int, ${new Date(page.after.at)}, ${id})`);
  }
  const { rows } = await sql<Row>`${sql.raw(PREPARED)}
    select t.*, coalesce(t.own_number, i.number) as number, coalesce(t.own_subject, i.subject) as subject from (
      select * from (
      select concat_ws('.', kind, instruction_id, organisation_id, step) as id, kind, instruction_id, organisation_id,
        case when kind in ('call', 'support') then step end as step, case when kind = 'support' then urgent end as urgent, date_trunc('milliseconds', opened_at) as opened_at,
        null as own_subject, null as comment, null::uuid as signal_id, null as own_number, null::text as survey_id, null::text as series_id
      from task where closed_at is null
      union all
      select id::text, case when state = 'unclear' then 'mailToRead' else 'mail' end, instruction_id, organisation_id, null, null, date_trunc('milliseconds', received_at), subject, from_header, null, null, (
        select substr(mailing.subject, 8) from mailing_mail mail join mailing on mailing.id = mail.mailing_id where mail.id = mailing_mail_id), null
      from inbound_mail where read_at is null and state in (${TO_READ})
      union all
      select id::text, 'contact', instruction_id, organisation_id, null, null, date_trunc('milliseconds', reported_at), null, comment, null, null, null, null
      from contact_report where closed_at is null
      union all
      select concat_ws('.', task, id), task, null, organisation_id, null, null, date_trunc('milliseconds', task_since), subject, null, id, reference, null, null
      from early_signal where task is not null
      union all
      select id::text, 'notice', null, organisation_id, null, null, date_trunc('milliseconds', coalesce(failed_at, planned_at)),
        letter->>'subject', concat_ws(' : ', address, last_error), null, null, null, null
      from duty_notice notice where ${undelivered}
      union all
      select c.id::text, 'surveyThreshold', c.instruction_id, c.ars_id, null, null, date_trunc('milliseconds', c.began_at), s.title,
        concat(case when s.exercise then 'EXERCICE – ' end, s.thresholds -> c.rule ->> 'label', ' – ', c.name, ' : ', replace(c.figure::text, '.', ',')), null, null, c.survey_id::text, null
      from survey_crossing c join survey s on s.id = c.survey_id where c.noted_at is null and s.author = ${CORRUSS}
      union all
      select p.id::text, 'surveyNotOpened', null, null, null, null, date_trunc('milliseconds', p.task_since), s.document->>'title',
        concat(case when s.exercise then 'EXERCICE – ' end, 'ouverture du ', to_char(p.due_at at time zone 'Europe/Paris', 'DD/MM/YYYY à HH24:MI'), ' : ', p.detail), null, null, null, p.series_id::text
      from survey_series_opening p join survey_series s on s.id = p.series_id where p.task_since is not null and s.author = ${CORRUSS}
    ) t where ${sql.join(conditions, sql` and `)} order by ${RANK}, t.opened_at, t.id limit ${page.limit + 1}
    ) t left join instruction i on i.id = t.instruction_id order by ${RANK}, t.opened_at, t.id`.execute(db);
  return pageOf(
    rows,
    page.limit,
    (row) => ({ at: row.opened_at.getTime(), id: `${row.urgent === true ? 0 : 1} ${row.id}` }),
    toItem,
  );
}

/** 0: urgent. */
const RANK = sql`(case when t.urgent then 0 else 1 end)`;

/** The place of a row in the list, as its cursor names it. */
function placeOf(id: string): { readonly rank: number; readonly id: string } {
  const [, rank = '1', rest = id] = /^([01]) (.*)$/s.exec(id) ?? [];
  return { rank: Number(rank), id: rest };
}

const toItem = (row: Row): TaskItem => ({
  id: row.id,
  kind: row.kind,
  instruction: row.instruction_id,
  signal: row.signal_id,
  survey: row.survey_id,
  series: row.series_id,
  number: row.number,
  subject: row.subject,
  organisation: row.organisation_id,
  step: row.step,
  urgency: row.urgent === null ? null : row.urgent ? 'urgent' : 'normal',
  openedAt: row.opened_at.toISOString(),
  comment: row.comment,
});
