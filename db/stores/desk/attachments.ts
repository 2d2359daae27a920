import { createHash } from 'node:crypto';
import { type Database, newId, type Transaction } from '../../database.ts';

export interface NewAttachment {
  readonly owner: string;
  readonly uploadedBy: string;
  readonly name: string;
  readonly mediaType: string;
  readonly content: Buffer;
  readonly now: number;
}

/** Stores a file whose type has been sniffed; it belongs to no instruction until a draft or a reply names it. */
export async function storeAttachment(
  database: Database,
  file: NewAttachment,
): Promise<{ readonly id: string; readonly sha256: string }> {
  const [id, sha256] = [newId(), createHash('sha256').update(file.content).digest('hex')];
  await database.sql
    .insertInto('attachment')
    .values({
      id,
      owner_organisation: file.owner,
      uploaded_by: file.uploadedBy,
      name: file.name,
      media_type: file.mediaType,
      size: file.content.length,
      sha256,
      content: file.content,
      created_at: new Date(file.now),
    })
    .execute();
  return { id, sha256 };
}

/** Makes the files of a draft exactly these: `checkDraftAttachments` has said that they may be. */
export async function linkAttachments(trx: Transaction, instruction: string, ids: readonly string[]): Promise<void> {
  const unlink = trx.updateTable('attachment').set({ instruction_id: null }).where('instruction_id', '=', instruction);
  await (ids.length === 0 ? unlink : unlink.where('id', 'not in', [...ids])).execute();
  if (ids.length === 0) return;
  await trx
    .updateTable('attachment')
    .set({ instruction_id: instruction })
    .where('id', 'in', [...ids])
    .execute();
}
