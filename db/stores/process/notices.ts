import { sql } from 'kysely';
import { toRfc3339, type Instant } from '../../../domain/instant.ts';
import type { Sql, Transaction } from '../../database.ts';
import { newId } from '../../ids.ts';
import { toJson } from '../json.ts';
import { reportBounced } from './bounced-contacts.ts';

/** The watch of duty, the briefing of the morning, or one early signal. */
export type NoticeSource = 'watch' | 'briefing' | `signal/${string}`;

/** A mail of the desk that belongs to no instruction. */
export interface NewNotice {
  /** What it is about: the same thing is never told twice to the same person. */
  readonly key: string;
  readonly organisation: string;
  readonly address: string;
  readonly name: string;
  readonly letter: object;
  readonly urgent?: boolean;
}

export interface ClaimedNotice extends NewNotice {
  readonly id: string;
  readonly messageId: string;
  readonly plannedAt: Instant;
}

/** Plans what was never planned before. @returns how many of them were new */
export async function planNotices(
  database: Sql,
  notices: readonly NewNotice[],
  { source, at, domain }: { readonly source: NoticeSource; readonly at: Instant; readonly domain: string },
): Promise<number> {
  if (notices.length === 0) return 0;
  const rows = notices.map((one) => {
    const id = newId();
    return { urgent: false, ...one, id, message_id: `${id}@${domain}` };
  });
  const result = await sql`
    insert into duty_notice (id, key, source, organisation_id, address, address_name, letter, urgent, status, message_id, planned_at)
    select id, key, ${source}, organisation, address, name, letter, urgent, 'planned', message_id, ${new Date(at)}::timestamptz
    from jsonb_to_recordset(${toJson(rows)}::jsonb) as item (id uuid, key text, organisation text, address text, name text,
      letter jsonb, urgent boolean, message_id text)
    on conflict (key) do nothing`.execute(database);
  return Number(result.numAffectedRows ?? 0n);
}

/** Keys of these that are planned already, so that their words need not be made again. */
export async function knownNotices(database: Sql, keys: readonly string[]): Promise<ReadonlySet<string>> {
  if (keys.length === 0) return new Set();
  const rows = await database.selectFrom('duty_notice').select('key').where('key', 'in', keys).execute();
  return new Set(rows.map(({ key }) => key));
}

/**
 * Takes back what is planned and not claimed, of one source. A mail on its way keeps its course: its outcome tells so.
 * @param keys patterns of `like`
 */
export async function withdrawNotices(database: Sql, source: NoticeSource, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await sql`
    update duty_notice set status = 'withdrawn'
    where source = ${source} and status in ('planned', 'waiting') and key like any(${[...keys]}::text[])`.execute(
    database,
  );
}

/** What is known to have become of the notices of one source. */
export async function noticeOutcomes(
  database: Sql,
  source: NoticeSource,
): Promise<{ readonly key: string; readonly outcome: 'sent' | 'failed' | 'withdrawn' }[]> {
  const { rows } = await sql<{ key: string; outcome: 'sent' | 'failed' | 'withdrawn' }>`
    select key, status as outcome from duty_notice
    where source = ${source} and status in ('sent', 'failed', 'withdrawn') order by planned_at, id`.execute(database);
  return rows;
}

/** How many of a source are still to be sent. */
export async function countUnsentNotices(database: Sql, source: NoticeSource): Promise<number> {
  const { count } = await database
    .selectFrom('duty_notice')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('source', '=', source)
    .where('status', 'in', ['planned', 'sending', 'waiting'])
    .executeTakeFirstOrThrow();
  return Number(count);
}

/**
 * Takes one notice for sending, committed before anything is sent; undefined when nothing is left. Each source has one workflow
 * that sends: a row found `sending` was left by an attempt that died, and is taken again with the same Message-ID, in doubt.
 */
export async function claimNotice(
  database: Sql,
  source: NoticeSource,
  { at, tried }: { readonly at: Instant; readonly tried: readonly string[] },
): Promise<ClaimedNotice | undefined> {
  const { rows } = await sql<Row>`
    with todo as (
      select id, status from duty_notice
      where source = ${source} and status in ('planned', 'sending', 'waiting') and id <> all(${[...tried]}::uuid[])
      order by planned_at, id limit 1 for update skip locked)
    update duty_notice set status = 'sending', claimed_at = ${new Date(at)}::timestamptz, attempts = attempts + 1,
      in_doubt = duty_notice.in_doubt or todo.status = 'sending'
    from todo where duty_notice.id = todo.id returning duty_notice.*`.execute(database);
  const [row] = rows;
  if (row === undefined) return undefined;
  return {
    id: row.id,
    key: row.key,
    organisation: row.organisation_id,
    address: row.address,
    name: row.address_name,
    letter: row.letter,
    urgent: row.urgent,
    messageId: row.message_id,
    plannedAt: row.planned_at.getTime(),
  };
}

interface Row {
  id: string;
  key: string;
  organisation_id: string;
  address: string;
  address_name: string;
  letter: object;
  urgent: boolean;
  message_id: string;
  planned_at: Date;
}

export interface FinishedNotice {
  readonly id: string;
  readonly status: 'sent' | 'failed' | 'waiting';
  readonly error: string | null;
  readonly inDoubt: boolean;
  readonly at: Instant;
}

/** Writes how a claim ended. What is `sent` stays so. */
export async function finishNotice(database: Sql, { id, status, error, inDoubt, at }: FinishedNotice): Promise<void> {
  await sql`
    update duty_notice set status = ${status}, last_error = ${error}, in_doubt = in_doubt or ${inDoubt}::boolean,
      sent_at = ${status === 'sent' ? toRfc3339(at) : null}::timestamptz,
      failed_at = ${status === 'failed' ? toRfc3339(at) : null}::timestamptz
    where id = ${id}::uuid and status = 'sending'`.execute(database);
}

/** A notice that a mail which came back is about: by our own ids, of its envelope sender or its Message-ID. */
export async function returnedNotice(
  database: Sql,
  ids: readonly string[],
): Promise<{ readonly notice: string; readonly organisation: string; readonly address: string } | undefined> {
  if (ids.length === 0) return undefined;
  return database
    .selectFrom('duty_notice')
    .select(['id as notice', 'organisation_id as organisation', 'address'])
    .where('id', 'in', [...ids])
    .executeTakeFirst();
}

export interface NoticeBounce {
  readonly notice: string;
  readonly organisation: string;
  readonly address: string;
  readonly diagnostic: string;
}

/** It came back for good: not delivered, whatever the relay said, and its address is for somebody to correct. */
export async function markNoticeBounce(trx: Transaction, bounce: NoticeBounce, now: Instant): Promise<void> {
  const { notice, organisation, address, diagnostic } = bounce;
  await sql`
    update duty_notice set bounced_at = coalesce(bounced_at, ${new Date(now)}::timestamptz), status = 'failed',
      failed_at = coalesce(failed_at, ${new Date(now)}::timestamptz), last_error = ${diagnostic.slice(0, 500)}
    where id = ${notice}::uuid`.execute(trx);
  await reportBounced(trx, { organisation, address, diagnostic, nonce: `bounce:${notice}`, now });
}
