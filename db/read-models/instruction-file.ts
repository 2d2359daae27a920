import { sql } from 'kysely';
import type { KeyRing } from '../../config/keys.ts';
import type { Scope } from '../../domain/scope.ts';
import type { Sql } from '../database.ts';
import { isSealed } from '../stores/audit-chain.ts';
import { declaredView } from './declared.ts';
import { getInstruction, type InstructionDetail } from './instructions.ts';
import { listRecipients, type RecipientView, type ReplyView } from './recipients.ts';
import { listRelays, type RelayView } from './relays.ts';
import { inScope } from './scope.ts';
import { readTimeline, type TimelineEntry } from './timeline.ts';

/** A file of the instruction or of an answer, by what proves it. */
export interface FileProof {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly size: number;
  readonly sha256: string;
  /** Whose it is: CORRUSS for those of the message itself. */
  readonly organisation: string;
}

/** The end of the instruction's audit chain when the file was made. */
export interface AuditProof {
  readonly subject: string;
  readonly position: number;
  readonly hmac: string;
  readonly seal: string;
  /** The seal is ours. `npm run audit:verify` checks the entries. */
  readonly sealed: boolean;
}

/** Everything about one instruction, within what the reader may see. */
export interface InstructionFile {
  readonly instruction: InstructionDetail;
  readonly recipients: (RecipientView & { readonly replies: ReplyView[] })[];
  /** Of a «pour diffusion»: what each recipient has relayed; none otherwise. */
  readonly relays: RelayView[];
  readonly timeline: TimelineEntry[];
  readonly files: FileProof[];
  readonly audit: AuditProof | null;
}

const AT_ONCE = 1_000;

/** Read in one snapshot: its parts agree. Undefined when it is not there or outside the scope. */
export const readInstructionFile = (db: Sql, keys: KeyRing, scope: Scope, id: string) =>
  db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx): Promise<InstructionFile | undefined> => {
      const instruction = await getInstruction(trx, scope, id);
      if (instruction === undefined) return undefined;
      const recipients = await listRecipients(trx, scope, id, { limit: AT_ONCE, after: null });
      const replies = await repliesIn(trx, scope, id);
      const relays =
        instruction.relays === null ? [] : await listRelays(trx, scope, id, { limit: AT_ONCE, after: null });
      return {
        instruction,
        recipients: recipients.map((one) => ({ ...one, replies: replies.get(one.organisation) ?? [] })),
        relays,
        timeline: await wholeTimeline(trx, scope, `instruction/${id}`),
        files: await filesIn(trx, scope, id),
        audit: await auditEnd(trx, keys, `instruction/${id}`),
      };
    });

async function wholeTimeline(db: Sql, scope: Scope, subject: string): Promise<TimelineEntry[]> {
  const all: TimelineEntry[] = [];
  for (;;) {
    const page = await readTimeline(db, scope, subject, { limit: AT_ONCE, after: all.at(-1)?.position ?? 0 });
    all.push(...page);
    if (page.length < AT_ONCE) return all;
  }
}

async function repliesIn(db: Sql, scope: Scope, id: string): Promise<Map<string, ReplyView[]>> {
  const rows = await db
    .selectFrom('reply')
    .selectAll()
    .where('instruction_id', '=', id)
    .where(inScope(scope, 'reply.organisation_id'))
    .orderBy('at')
    .orderBy('seq')
    .execute();
  const replies = new Map<string, ReplyView[]>();
  for (const row of rows) {
    const view = {
      at: row.at.toISOString(),
      kind: row.kind,
      percent: row.percent,
      comment: row.comment,
      until: row.until?.toISOString() ?? null,
      evidence: row.evidence,
      declared: row.declared === null ? null : declaredView(row.declared),
      from: row.said_by,
      channel: row.channel,
      verified: row.verified,
      onBehalfBy: row.on_behalf_by,
    };
    replies.set(row.organisation_id, [...(replies.get(row.organisation_id) ?? []), view]);
  }
  return replies;
}

/** Those of the message, which every recipient has got, and the evidence of the recipients in scope. */
async function filesIn(db: Sql, scope: Scope, id: string): Promise<FileProof[]> {
  const { rows } = await sql<FileProof>`
    select a.id, a.name, a.media_type as "mediaType", a.size, a.sha256, a.owner_organisation as organisation
    from attachment a join instruction i on i.id = a.instruction_id
    where i.id = ${id} and (jsonb_exists(i.draft->'attachments', a.id::text) or ${inScope(scope, 'a.owner_organisation')})
    order by a.created_at, a.id`.execute(db);
  return rows;
}

async function auditEnd(db: Sql, keys: KeyRing, subject: string): Promise<AuditProof | null> {
  const head = await db.selectFrom('audit_head').selectAll().where('subject', '=', subject).executeTakeFirst();
  return head === undefined ? null : { ...head, sealed: isSealed(keys, subject, head, head.seal) };
}
