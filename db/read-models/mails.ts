import { sql } from 'kysely';
import type { MailReading, MailState } from '../../domain/mail-reading.ts';
import type { Sql } from '../database.ts';
import { timeOf } from './cursor.ts';
import { getRecipient, type RecipientDetail } from './recipients.ts';

/** A received mail beside what it answers: all that an officer needs to classify it. */
export interface MailSheet {
  readonly id: string;
  readonly receivedAt: string;
  readonly state: MailState;
  readonly from: string;
  readonly sender: string | null;
  readonly subject: string;
  readonly text: string;
  readonly messageId: string;
  readonly reading: MailReading | null;
  /** Ids of the attachments kept of it. */
  readonly evidence: readonly string[];
  readonly organisation: string | null;
  readonly instruction: {
    readonly id: string;
    readonly number: string | null;
    readonly subject: string;
    readonly body: string;
    readonly nature: string;
    readonly status: string;
  } | null;
  readonly recipient: RecipientDetail | null;
  readonly classifiedAs: string | null;
  readonly readAt: string | null;
  readonly readBy: string | null;
}

interface Row {
  id: string;
  received_at: Date;
  state: MailState;
  from_header: string;
  sender: string | null;
  subject: string;
  message_id: string;
  reading: MailReading | null;
  evidence: string[];
  organisation_id: string | null;
  instruction: MailSheet['instruction'];
  classified_as: string | null;
  read_at: Date | null;
  read_by: string | null;
}

/** Undefined when there is no such mail. */
export async function getMailSheet(db: Sql, id: string): Promise<MailSheet | undefined> {
  const { rows } = await sql<Row>`
    select m.id, m.received_at, m.state, m.from_header, m.sender, m.subject, m.message_id, m.reading, m.evidence,
      m.organisation_id, m.classified_as, m.read_at, m.read_by,
      case when i.id is not null then jsonb_build_object('id', i.id, 'number', i.number, 'subject', i.subject,
        'body', i.body, 'nature', i.nature, 'status', i.status) end as instruction
    from inbound_mail m left join instruction i on i.id = m.instruction_id where m.id = ${id}`.execute(db);
  const [row] = rows;
  if (row === undefined) return undefined;
  const { instruction, organisation_id: organisation } = row;
  const recipient =
    instruction === null || organisation === null ? undefined : await getRecipient(db, instruction.id, organisation);
  return {
    id: row.id,
    receivedAt: row.received_at.toISOString(),
    state: row.state,
    from: row.from_header,
    sender: row.sender,
    subject: row.subject,
    text: row.reading?.text ?? '',
    messageId: row.message_id,
    reading: row.reading,
    evidence: row.evidence,
    organisation,
    instruction,
    recipient: recipient ?? null,
    classifiedAs: row.classified_as,
    readAt: timeOf(row.read_at),
    readBy: row.read_by,
  };
}
