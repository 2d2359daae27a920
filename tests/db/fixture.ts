import { parseKeyRing } from '../../config/keys.ts';
import { newId, type Database } from '../../db/database.ts';
import { releaseInstruction } from '../../db/stores/process/release.ts';
import type { Recorder } from '../../db/stores/process/write-changes.ts';
import type { ReleaseRequest } from '../../activities/contract.ts';
import type { Command, Message } from '../../domain/events.ts';
import type { Changes } from '../../domain/changes.ts';
import { step } from '../../domain/instruction-process.ts';
import type { InstructionProcess } from '../../domain/process.ts';
import type { ReplyInput } from '../../domain/reply-kinds.ts';

export const SECRET = 'first-secret-of-the-tests-0123456789';
export const KEYS = parseKeyRing(SECRET);
export const NOW = Date.UTC(2026, 10, 24, 13, 30);

export const recorderOf = (database: Database): Recorder => ({
  sql: database.sql,
  keys: KEYS,
  mailReplyDomain: 'reply.vigie.example',
});

/** A draft as the desk stores it, written by `redacteur`. */
export async function insertDraft(database: Database, draft: Record<string, unknown> = {}): Promise<string> {
  const id = newId();
  const whole = {
    nature: 'action',
    subject: 'Armer les lits de réanimation',
    body: 'Merci d’armer **tous** les lits.',
    audience: { national: true },
    deadline: '4H',
    ...draft,
  };
  const { nature, subject, body } = whole as { nature: 'action'; subject: string; body: string };
  const at = new Date(NOW);
  await database.sql
    .insertInto('instruction')
    .values({
      id,
      status: 'draft',
      nature,
      subject,
      body,
      draft: JSON.stringify(whole),
      created_by: 'redacteur',
      created_at: at,
      updated_at: at,
    })
    .execute();
  await database.sql.insertInto('instruction_editor').values({ instruction_id: id, sub: 'redacteur' }).execute();
  return id;
}

export const requestOf = (instruction: string, more: Partial<ReleaseRequest> = {}): ReleaseRequest => ({
  instruction,
  version: null,
  by: { sub: 'valideur', organisation: 'CORRUSS', roles: ['releaser'] },
  emergencyReason: null,
  ...more,
});

/** A draft made and released; fails the test when it is refused. */
export async function released(database: Database, draft: Record<string, unknown> = {}): Promise<InstructionProcess> {
  const result = await releaseInstruction(recorderOf(database), requestOf(await insertDraft(database, draft)), NOW);
  if (!result.released) throw new Error(result.detail);
  return result.process;
}

export const replyOf = (organisation: string, reply: Partial<ReplyInput> = {}): ReplyInput => ({
  organisation,
  kind: 'takenInCharge',
  from: `compte-${organisation}`,
  channel: 'api',
  verified: true,
  messageId: `message-${organisation}`,
  ...reply,
});

export const command = (one: Command, at: number): Message => ({ kind: 'command', at, command: one });

/** One turn of the domain; fails the test when it changed nothing. */
export function turn(
  process: InstructionProcess,
  messages: readonly Message[],
  now: number,
): { process: InstructionProcess; changes: Changes } {
  const { process: after, changes } = step(process, messages, now);
  if (changes === null) throw new Error('This turn changed nothing');
  return { process: after, changes };
}

/** A reply as one turn. */
export const replied = (process: InstructionProcess, reply: ReplyInput, now = NOW + 60_000) =>
  turn(process, [command({ kind: 'reply', reply }, now)], now);
