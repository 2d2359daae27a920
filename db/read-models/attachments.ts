import { sql } from 'kysely';
import type { Scope } from '../../domain/scope.ts';
import type { Sql } from '../database.ts';
import { inScope } from './scope.ts';

export interface AttachmentFile {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly size: number;
  readonly sha256: string;
  readonly content: Buffer;
}

/**
 * One file, when the reader may have it: his own organisation's, all for who reads the nation, an instruction's own
 * attachment for who reads that instruction, the evidence of a recipient of his scope.
 */
export async function getAttachment(
  db: Sql,
  reader: { readonly scope: Scope; readonly organisation: string },
  id: string,
): Promise<AttachmentFile | undefined> {
  const { scope, organisation } = reader;
  const { rows } = await sql<AttachmentFile>`
    select a.id, a.name, a.media_type as "mediaType", a.size, a.sha256, a.content from attachment a
    where a.id = ${id} and (
      a.owner_organisation = ${organisation} or ${scope === 'all'} or ${inScope(scope, 'a.owner_organisation')}
      or exists (
        select from instruction i join instruction_recipient r on r.instruction_id = i.id
        where i.id = a.instruction_id and jsonb_exists(i.draft->'attachments', a.id::text) and ${inScope(scope, 'r.organisation_id')}))`.execute(
    db,
  );
  return rows[0];
}

export interface AttachmentFact {
  readonly id: string;
  readonly name: string;
  readonly media_type: string;
  readonly size: number;
  readonly owner_organisation: string;
  readonly instruction_id: string | null;
}

/** What is known of files without reading them. */
export async function describeAttachments(db: Sql, ids: readonly string[]): Promise<AttachmentFact[]> {
  if (ids.length === 0) return [];
  return db
    .selectFrom('attachment')
    .select(['id', 'name', 'media_type', 'size', 'owner_organisation', 'instruction_id'])
    .where('id', 'in', [...ids])
    .execute();
}
