import { sql } from 'kysely';
import type { Sql } from '../database.ts';
import { type Page, type PageRequest, pageOf, timeOf } from './cursor.ts';

export interface InboundMailCard {
  readonly id: string;
  readonly receivedAt: string;
  readonly envelopeFrom: string;
  readonly envelopeTo: string[];
  readonly from: string;
  readonly subject: string;
  readonly size: number;
  readonly messageId: string;
  readonly instruction: string | null;
  readonly organisation: string | null;
  readonly readAt: string | null;
  readonly readBy: string | null;
}

interface Row {
  id: string;
  received_at: Date;
  envelope_from: string;
  envelope_to: string[];
  from_header: string;
  subject: string;
  size: number;
  message_id: string;
  instruction_id: string | null;
  organisation_id: string | null;
  read_at: Date | null;
  read_by: string | null;
}

const COLUMNS = sql.raw(
  'id, received_at, envelope_from, envelope_to, from_header, subject, size, message_id, instruction_id, organisation_id, read_at, read_by',
);

/** Newest first. */
export async function listInboundMails(
  db: Sql,
  filter: { readonly unread?: boolean; readonly instruction?: string },
  page: PageRequest,
): Promise<Page<InboundMailCard>> {
  const conditions = [sql<boolean>`true`];
  if (filter.unread !== undefined) conditions.push(sql<boolean>`(read_at is null) = ${filter.unread}`);
  if (filter.instruction !== undefined) conditions.push(sql<boolean>`instruction_id = ${filter.instruction}`);
  if (page.after !== null) {
    conditions.push(
      sql<boolean>`(date_trunc('milliseconds', received_at), id) < (${new Date(page.after.at)}, ${page.after.id}::uuid)`,
    );
  }
  const { rows } = await sql<Row>`
    select ${COLUMNS} from inbound_mail where ${sql.join(conditions, sql` and `)}
    order by date_trunc('milliseconds', received_at) desc, id desc limit ${page.limit + 1}`.execute(db);
  return pageOf(rows, page.limit, (row) => ({ at: row.received_at.getTime(), id: row.id }), toCard);
}

export async function getInboundMail(db: Sql, id: string): Promise<InboundMailCard | undefined> {
  const { rows } = await sql<Row>`select ${COLUMNS} from inbound_mail where id = ${id}`.execute(db);
  return rows[0] === undefined ? undefined : toCard(rows[0]);
}

/** The mail as it came, byte for byte. */
export async function getRawMail(db: Sql, id: string): Promise<Buffer | undefined> {
  const row = await db.selectFrom('inbound_mail').select('raw').where('id', '=', id).executeTakeFirst();
  return row?.raw;
}

const toCard = (row: Row): InboundMailCard => ({
  id: row.id,
  receivedAt: row.received_at.toISOString(),
  envelopeFrom: row.envelope_from,
  envelopeTo: row.envelope_to,
  from: row.from_header,
  subject: row.subject,
  size: row.size,
  messageId: row.message_id,
  instruction: row.instruction_id,
  organisation: row.organisation_id,
  readAt: timeOf(row.read_at),
  readBy: row.read_by,
});
