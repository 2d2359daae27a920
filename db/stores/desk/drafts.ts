import type { KeyRing } from '../../../config/keys.ts';
import type { NormalDraft } from '../../../domain/draft.ts';
import type { Actor } from '../../../domain/events.ts';
import type { InstructionStatus } from '../../../domain/instruction.ts';
import type { Relation } from '../../../domain/relation.ts';
import { type Database, newId, type Transaction } from '../../database.ts';
import { appendAudit, instructionSubject } from '../audit.ts';
import { linkAttachments } from './attachments.ts';

export interface DraftAct {
  readonly by: Actor;
  readonly now: number;
}

/** The message that a draft amends, cancels or lifts. */
export interface Referred {
  readonly instruction: string;
  readonly number: string;
  readonly relation: Relation;
}

/** Why a draft was not changed: it is no longer one, or somebody else changed it meanwhile. */
export type DraftRefusal =
  { readonly refused: 'notDraft'; readonly status: InstructionStatus } | { readonly refused: 'stale' };
export type DraftChange = { readonly version: number } | DraftRefusal;

/** What a draft was made from: another one, the message that it refers to, or crossings of a survey's threshold. */
interface DraftOrigin {
  readonly copyOf?: string;
  readonly refersTo?: Referred;
  readonly made?: { readonly survey: string; readonly title: string; readonly label: string };
}

interface NewDraft {
  readonly id: string;
  readonly version: number;
}

/** Writes a checked draft; its writer is its first editor. */
export const createDraft = (
  database: Database,
  keys: KeyRing,
  draft: NormalDraft,
  act: DraftAct & DraftOrigin,
): Promise<NewDraft> =>
  database.sql.transaction().execute(async (trx) => {
    const made = await insertDraft(trx, keys, draft, act);
    await addEditor(trx, made.id, act.by.sub);
    return made;
  });

/** The same in the caller's transaction and without an editor: a draft of the machine, which a person has to take over. */
export async function insertDraft(
  trx: Transaction,
  keys: KeyRing,
  draft: NormalDraft,
  act: DraftAct & DraftOrigin,
): Promise<NewDraft> {
  const id = newId();
  const at = new Date(act.now);
  await trx
    .insertInto('instruction')
    .values({
      id,
      status: 'draft',
      ...columnsOf(draft),
      refers_to: act.refersTo?.instruction ?? null,
      relation: act.refersTo?.relation ?? null,
      created_by: act.by.sub,
      created_at: at,
      updated_at: at,
    })
    .execute();
  await linkAttachments(trx, id, draft.attachments);
  const data = { ...(act.copyOf === undefined ? {} : { copyOf: act.copyOf }), ...act.refersTo, ...act.made };
  await audit(trx, keys, id, { kind: 'drafted', act, data });
  return { id, version: 1 };
}

/** Replaces the content of a draft; whoever does becomes one of its editors, who may not release it. */
export function updateDraft(
  database: Database,
  keys: KeyRing,
  change: { readonly id: string; readonly version: number | null; readonly draft: NormalDraft },
  act: DraftAct,
): Promise<DraftChange> {
  return database.sql.transaction().execute(async (trx) => {
    const found = await lockDraft(trx, change.id, change.version);
    if ('refused' in found) return found;
    const version = found.version + 1;
    await trx
      .updateTable('instruction')
      .set({ ...columnsOf(change.draft), version, updated_at: new Date(act.now) })
      .where('id', '=', change.id)
      .execute();
    await addEditor(trx, change.id, act.by.sub);
    await linkAttachments(trx, change.id, change.draft.attachments);
    await audit(trx, keys, change.id, { kind: 'edited', act, data: { version } });
    return { version };
  });
}

/** Removes a draft; its audit entries stay. */
export function deleteDraft(
  database: Database,
  keys: KeyRing,
  draft: { readonly id: string; readonly version: number | null },
  act: DraftAct,
): Promise<DraftChange> {
  return database.sql.transaction().execute(async (trx) => {
    const found = await lockDraft(trx, draft.id, draft.version);
    if ('refused' in found) return found;
    await linkAttachments(trx, draft.id, []);
    await trx.deleteFrom('instruction').where('id', '=', draft.id).execute();
    await audit(trx, keys, draft.id, { kind: 'draftDeleted', act, data: {} });
    return found;
  });
}

/** Locks the row: a release and an edit of the same draft take turns, and the second sees what the first did. */
async function lockDraft(trx: Transaction, id: string, version: number | null): Promise<DraftChange> {
  const row = await trx
    .selectFrom('instruction')
    .select(['status', 'version'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (row?.status !== 'draft') return { refused: 'notDraft', status: row?.status ?? 'cancelled' };
  return version !== null && version !== row.version ? { refused: 'stale' } : { version: row.version };
}

const addEditor = (trx: Transaction, id: string, sub: string) =>
  trx
    .insertInto('instruction_editor')
    .values({ instruction_id: id, sub })
    .onConflict((conflict) => conflict.doNothing())
    .execute();

const columnsOf = (draft: NormalDraft) => ({
  nature: draft.nature,
  exercise: draft.exercise,
  subject: draft.subject,
  body: draft.body,
  crisis_id: draft.crisisId ?? null,
  draft: JSON.stringify(draft),
});

interface DraftFact {
  readonly kind: 'drafted' | 'edited' | 'draftDeleted';
  readonly act: DraftAct;
  readonly data: Readonly<Record<string, unknown>>;
}

const audit = (trx: Transaction, keys: KeyRing, id: string, { kind, act, data }: DraftFact): Promise<void> =>
  appendAudit(trx, keys, instructionSubject(id), [{ at: act.now, kind, organisation: null, actor: act.by, data }]);
