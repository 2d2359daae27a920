import { type RawBuilder, sql } from 'kysely';
import type { RecipientState } from '../../domain/follow-up-state.ts';
import type { InstructionStatus, Nature } from '../../domain/instruction.ts';
import type { Relation } from '../../domain/relation.ts';
import type { Sql } from '../database.ts';
import { PREPARED } from '../prepared-statements.ts';
import type { DeliveryStatus } from '../schema.ts';
import { type Page, type PageRequest, pageOf, timeOf } from './cursor.ts';
import type { Scope } from '../../domain/scope.ts';
import { FIGURES, figures, textOf } from './instruction-figures.ts';
import { relayTotals, type RelayTotals } from './relays.ts';
import { instructionInScope } from './scope.ts';

/** One instruction as a list or a screen shows it: figures are those of the reader's own territory. */
export interface InstructionCard {
  readonly id: string;
  readonly status: InstructionStatus;
  readonly number: string | null;
  readonly nature: Nature;
  readonly exercise: boolean;
  readonly subject: string;
  readonly crisisId: string | null;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly releasedAt: string | null;
  readonly closedAt: string | null;
  readonly recipients: number;
  readonly open: number;
  readonly counts: Partial<Record<RecipientState, number>>;
  readonly late: LateRecipient[];
  readonly deadlines: { readonly deadline: string; readonly recipients: number; readonly open: number }[];
  readonly deliveries: Partial<Record<DeliveryStatus, number>>;
}

export interface LateRecipient {
  readonly organisation: string;
  readonly state: RecipientState;
  readonly deadline: string | null;
}

export interface InstructionDetail extends InstructionCard {
  readonly body: string;
  readonly draft: unknown;
  readonly createdBy: string;
  readonly releasedBy: string | null;
  readonly emergencyReason: string | null;
  /** Of a «pour diffusion»: all relays of the reader's territory together; null otherwise. */
  readonly relays: RelayTotals | null;
  /** The message that this one amends, cancels or lifts. */
  readonly refersTo: RelatedMessage | null;
  /** The message that has amended, cancelled or lifted this one. */
  readonly supersededBy: RelatedMessage | null;
}

export interface RelatedMessage {
  readonly id: string;
  readonly number: string;
  readonly relation: Relation;
  readonly releasedAt: string;
}

export interface InstructionFilter {
  readonly status?: InstructionStatus;
  readonly nature?: Nature;
  readonly exercise?: boolean;
  readonly crisis?: string;
  /** Without the drafts. */
  readonly released?: true;
}

interface Row {
  id: string;
  status: InstructionStatus;
  number: string | null;
  nature: Nature;
  exercise: boolean;
  subject: string;
  crisis_id: string | null;
  version: number;
  created_at: Date;
  updated_at: Date;
  released_at: Date | null;
  closed_at: Date | null;
  recipients: number | null;
  open: number | null;
  counts: Partial<Record<RecipientState, number>> | null;
  late: LateRecipient[] | null;
  deadlines: InstructionCard['deadlines'] | null;
  deliveries: Partial<Record<DeliveryStatus, number>> | null;
  body: string;
  draft: unknown;
  created_by: string;
  released_by: string | null;
  emergency_reason: string | null;
  refers_to: RelatedMessage | null;
  superseded_by: RelatedMessage | null;
}

/** Newest first. */
export async function listInstructions(
  db: Sql,
  scope: Scope,
  filter: InstructionFilter,
  page: PageRequest,
): Promise<Page<InstructionCard>> {
  const conditions = [instructionInScope(scope)];
  if (filter.status !== undefined) conditions.push(sql<boolean>`i.status = ${filter.status}`);
  if (filter.nature !== undefined) conditions.push(sql<boolean>`i.nature = ${filter.nature}`);
  if (filter.exercise !== undefined) conditions.push(sql<boolean>`i.exercise = ${filter.exercise}`);
  if (filter.crisis !== undefined) conditions.push(sql<boolean>`i.crisis_id = ${filter.crisis}::uuid`);
  if (filter.released === true) conditions.push(sql<boolean>`i.number is not null`);
  if (page.after !== null) {
    conditions.push(sql<boolean>`(i.created_at, i.id) < (${new Date(page.after.at)}, ${page.after.id}::uuid)`);
  }
  const { rows } = await sql<Row>`${sql.raw(PREPARED)}
    with page as (
      select i.id, i.status, i.number, i.nature, i.exercise, i.subject, i.crisis_id, i.version,
        i.created_at, i.updated_at, i.released_at, i.closed_at
      from instruction i where ${sql.join(conditions, sql` and `)}
      order by i.created_at desc, i.id desc limit ${page.limit + 1}
    ) select i.*, ${FIGURES} from page i ${figures(scope)} order by i.created_at desc, i.id desc`.execute(db);
  return pageOf(rows, page.limit, (row) => ({ at: row.created_at.getTime(), id: row.id }), toCard);
}

/** A message as another one names it; `relation` stands in the one that refers. */
export const relatedMessage = (message: string, referring: string): RawBuilder<unknown> => sql`
  case when ${sql.ref(`${message}.id`)} is not null then jsonb_build_object('id', ${sql.ref(`${message}.id`)},
    'number', ${sql.ref(`${message}.number`)}, 'relation', ${sql.ref(`${referring}.relation`)},
    'releasedAt', ${textOf(`${message}.released_at`)}) end`;

/** @returns undefined when it is not there or outside the scope */
export async function getInstruction(db: Sql, scope: Scope, id: string): Promise<InstructionDetail | undefined> {
  const { rows } = await sql<Row>`
    with page as (select i.* from instruction i where i.id = ${id} and ${instructionInScope(scope)})
    select i.*, ${FIGURES}, ${relatedMessage('first', 'i')} as refers_to,
      ${relatedMessage('other', 'other')} as superseded_by
    from page i left join instruction first on first.id = i.refers_to
      left join instruction other on other.id = i.superseded_by ${figures(scope)}`.execute(db);
  const [row] = rows;
  if (row === undefined) return undefined;
  return {
    ...toCard(row),
    body: row.body,
    draft: row.draft,
    createdBy: row.created_by,
    releasedBy: row.released_by,
    emergencyReason: row.emergency_reason,
    relays: row.nature === 'diffusion' ? await relayTotals(db, scope, id) : null,
    refersTo: row.refers_to,
    supersededBy: row.superseded_by,
  };
}

const toCard = (row: Row): InstructionCard => ({
  id: row.id,
  status: row.status,
  number: row.number,
  nature: row.nature,
  exercise: row.exercise,
  subject: row.subject,
  crisisId: row.crisis_id,
  version: row.version,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
  releasedAt: timeOf(row.released_at),
  closedAt: timeOf(row.closed_at),
  recipients: row.recipients ?? 0,
  open: row.open ?? 0,
  counts: row.counts ?? {},
  late: row.late ?? [],
  deadlines: row.deadlines ?? [],
  deliveries: row.deliveries ?? {},
});
