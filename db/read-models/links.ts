import { sql } from 'kysely';
import type { FollowUp } from '../../domain/follow-up-state.ts';
import { TAKE_BACK } from '../../domain/follow-up-limits.ts';
import type { Terms } from '../../domain/instruction.ts';
import type { Sql } from '../database.ts';
import { relatedMessage, type RelatedMessage } from './instructions.ts';
import type { RecipientView } from './recipients.ts';
import { toRecipientView, type RecipientRow } from './recipients.ts';

/** What stands behind a reply link. */
export interface LinkTarget {
  readonly delivery: string;
  readonly instruction: string;
  readonly organisation: string;
  readonly organisationName: string;
  readonly timeZone: string;
  readonly number: string;
  readonly subject: string;
  readonly terms: Terms;
  readonly status: string;
  /** The message that has overtaken this one. */
  readonly supersededBy: RelatedMessage | null;
  readonly recipient: RecipientView;
  readonly followUp: FollowUp;
  /** A `done` said less than half an hour ago may be corrected by the organisation itself. */
  readonly mayTakeBack: boolean;
}

interface Row extends RecipientRow {
  delivery: string;
  time_zone: string;
  number: string | null;
  subject: string;
  terms: Terms | null;
  status: string;
  superseded_by: RelatedMessage | null;
}

/** @param hash SHA-256 of the link's token, hex; undefined when no delivery carries it */
export async function findLink(db: Sql, hash: string, now: number): Promise<LinkTarget | undefined> {
  const { rows } = await sql<Row>`
    select r.*, o.name, o.time_zone, d.id as delivery, i.number, i.subject, i.terms, i.status,
      ${relatedMessage('other', 'other')} as superseded_by
    from delivery d join instruction i on i.id = d.instruction_id
    join instruction_recipient r on r.instruction_id = d.instruction_id and r.organisation_id = d.organisation_id
    join organisation o on o.id = d.organisation_id
    left join instruction other on other.id = i.superseded_by
    where d.link_hash = ${hash}`.execute(db);
  const [row] = rows;
  if (row === undefined || row.terms === null) return undefined;
  return {
    delivery: row.delivery,
    instruction: row.instruction_id,
    organisation: row.organisation_id,
    organisationName: row.name,
    timeZone: row.time_zone,
    number: row.number ?? '',
    subject: row.subject,
    terms: row.terms,
    status: row.status,
    supersededBy: row.superseded_by,
    recipient: toRecipientView(row),
    followUp: row.follow_up,
    mayTakeBack: row.follow_up.doneAt !== null && now <= row.follow_up.doneAt + TAKE_BACK,
  };
}
