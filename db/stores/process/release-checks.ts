import type { ReleaseRefusal, ReleaseRequest } from '../../../activities/contract.ts';
import { MACHINE } from '../../../domain/actor.ts';
import type { InstructionStatus } from '../../../domain/instruction.ts';
import type { Relation } from '../../../domain/relation.ts';
import { isBlank } from '../../../domain/text.ts';
import type { Sql } from '../../database.ts';

/** A message that is about to be amended, cancelled or lifted. */
export interface LockedFirst {
  readonly id: string;
  readonly number: string;
  readonly relation: Relation;
  readonly releasedAt: Date;
  /** By another message already: its number. */
  readonly supersededBy: string | null;
}

/** What a release looks at, its row locked. */
export interface LockedInstruction {
  readonly status: InstructionStatus;
  readonly number: string | null;
  readonly version: number;
  readonly draft: unknown;
  readonly crisis: string | null;
  readonly createdBy: string;
  readonly releasedBy: string | null;
  /** The message that it refers to, its row locked too. */
  readonly first: LockedFirst | null;
  /** The releaser wrote or changed it. */
  readonly editedByReleaser: boolean;
  /** A draft of the machine that no person has taken over. */
  readonly readByNobody: boolean;
}

export const lockInstruction = async (
  trx: Sql,
  { instruction, by }: ReleaseRequest,
): Promise<LockedInstruction | undefined> => {
  const row = await trx
    .selectFrom('instruction')
    .select(['status', 'number', 'version', 'draft', 'created_by as createdBy', 'released_by as releasedBy'])
    .select(['refers_to', 'relation', 'crisis_id as crisis'])
    .where('id', '=', instruction)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const rows = await trx
    .selectFrom('instruction_editor')
    .select('sub')
    .where('instruction_id', '=', instruction)
    .execute();
  const editors = new Set(rows.map(({ sub }) => sub));
  const { refers_to, relation, ...locked } = row;
  const first = refers_to === null || relation === null ? null : await lockFirst(trx, refers_to, relation);
  return {
    ...locked,
    first,
    editedByReleaser: editors.has(by.sub) || row.createdBy === by.sub,
    readByNobody: row.createdBy === MACHINE.sub && editors.size === 0,
  };
};

/** Of two messages that refer to the same one and are released at once, the second waits here, and finds it overtaken. */
async function lockFirst(trx: Sql, id: string, relation: Relation): Promise<LockedFirst> {
  const { number, releasedAt, superseded_by } = await trx
    .selectFrom('instruction')
    .select(['number', 'released_at as releasedAt', 'superseded_by'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirstOrThrow();
  if (number === null || releasedAt === null) throw new Error(`instruction ${id} was referred to before its release`);
  const supersededBy = superseded_by === null ? null : await numberOf(trx, superseded_by);
  return { id, number, relation, releasedAt, supersededBy };
}

/** By itself: joined to a row that was waited for, the other message would be looked up as it was before the wait. */
async function numberOf(trx: Sql, id: string): Promise<string | null> {
  const row = await trx.selectFrom('instruction').select('number').where('id', '=', id).executeTakeFirst();
  return row?.number ?? null;
}

/**
 * Why a draft of this crisis may not be released; null when it may. Of a release and a closing at once the second waits and sees what
 * the first did. What refers to a message of a closed crisis still leaves (docs/adr/0016).
 */
export async function crisisRefusal(
  trx: Sql,
  crisis: string | null,
  first: LockedFirst | null,
): Promise<ReleaseRefusal | null> {
  if (crisis === null) return null;
  const row = await trx.selectFrom('crisis').select('closed_at').where('id', '=', crisis).forShare().executeTakeFirst();
  if (first !== null || row === undefined || row.closed_at === null) return null;
  const detail =
    'L’événement de ce message est clos : rattachez le brouillon à un autre, ou à aucun, puis diffusez-le.';
  return refusal('crisisClosed', detail);
}

const refusal = (code: ReleaseRefusal['code'], detail: string): ReleaseRefusal => ({ released: false, code, detail });

export const NOT_FOUND = refusal('notFound', 'Cette instruction n’existe pas.');

/**
 * Why this person may not release this draft now; null when nothing is against it. Two persons release a national message
 * (author ≠ releaser); the head of desk may override that in an emergency, with a reason that is recorded.
 */
export function refusalOf(locked: LockedInstruction, request: ReleaseRequest): ReleaseRefusal | null {
  if (locked.status !== 'draft' && locked.status !== 'releasing') {
    const known = locked.number === null ? '' : ` sous le numéro ${locked.number}`;
    return refusal('notDraft', `Cette instruction a déjà été diffusée${known} : elle n’est plus un brouillon.`);
  }
  if (request.version !== null && request.version !== locked.version) {
    return refusal('stale', 'Le brouillon a changé depuis votre lecture : relisez-le avant de le valider.');
  }
  const { number: first = '', supersededBy = null } = locked.first ?? {};
  if (supersededBy !== null) {
    return refusal('superseded', `${first} a déjà été modifiée, annulée ou levée par ${supersededBy}.`);
  }
  return ownDraftRefusal(locked, request);
}

function ownDraftRefusal(locked: LockedInstruction, request: ReleaseRequest): ReleaseRefusal | null {
  const overrides = request.by.roles.includes('head') && !isBlank(request.emergencyReason ?? '');
  if (overrides || (!locked.editedByReleaser && !locked.readByNobody)) return null;
  const who = locked.readByNobody
    ? 'Ce brouillon a été préparé par Vigie\u00a0: une personne le relit et l’enregistre, une autre le diffuse.'
    : 'La validation revient à une autre personne que celles qui ont rédigé le brouillon.';
  return refusal('ownDraft', `${who} En urgence, le chef du CORRUSS peut passer outre en indiquant le motif.`);
}
