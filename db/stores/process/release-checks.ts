import type { ReleaseRefusal, ReleaseRequest } from '../../../activities/contract.ts';
import type { InstructionStatus } from '../../../domain/instruction.ts';
import type { Sql } from '../../database.ts';

/** What a release looks at, its row locked. */
export interface LockedInstruction {
  readonly status: InstructionStatus;
  readonly number: string | null;
  readonly version: number;
  readonly draft: unknown;
  readonly createdBy: string;
  readonly releasedBy: string | null;
  /** The releaser wrote or changed it. */
  readonly editedByReleaser: boolean;
}

export const lockInstruction = async (
  trx: Sql,
  { instruction, by }: ReleaseRequest,
): Promise<LockedInstruction | undefined> => {
  const row = await trx
    .selectFrom('instruction')
    .select(['status', 'number', 'version', 'draft', 'created_by as createdBy', 'released_by as releasedBy'])
    .where('id', '=', instruction)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const editor = await trx
    .selectFrom('instruction_editor')
    .select('sub')
    .where('instruction_id', '=', instruction)
    .where('sub', '=', by.sub)
    .executeTakeFirst();
  return { ...row, editedByReleaser: editor !== undefined || row.createdBy === by.sub };
};

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
  const reason = request.emergencyReason?.trim() ?? '';
  if (locked.editedByReleaser && !(request.by.roles.includes('head') && reason !== '')) {
    const who = 'La validation revient à une autre personne que celles qui ont rédigé le brouillon.';
    return refusal('ownDraft', `${who} En urgence, le chef du CORRUSS peut passer outre en indiquant le motif.`);
  }
  return null;
}
