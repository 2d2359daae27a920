import type { TaskChange } from '../../../domain/changes.ts';
import type { InstructionStatus } from '../../../domain/instruction.ts';
import type { Sql } from '../../database.ts';

/** What the database last recorded of an instruction that a workflow owns or owned. */
export interface RecordedInstruction {
  readonly id: string;
  readonly number: string | null;
  readonly status: InstructionStatus;
  readonly seq: number;
  readonly fingerprint: string | null;
}

/** Every released instruction, oldest first, in pages: `after` is the last id of the page before. */
export const recordedInstructions = (
  database: Sql,
  { after = null, limit = 500 }: { readonly after?: string | null; readonly limit?: number } = {},
): Promise<RecordedInstruction[]> =>
  database
    .selectFrom('instruction')
    .select(['id', 'number', 'status', 'seq', 'fingerprint'])
    .where('released_at', 'is not', null)
    .$if(after !== null, (query) => query.where('id', '>', after ?? ''))
    .orderBy('id')
    .limit(limit)
    .execute();

/** What the database knows of one instruction; undefined when it has no such row. */
export const recordedInstruction = (database: Sql, id: string): Promise<RecordedInstruction | undefined> =>
  database
    .selectFrom('instruction')
    .select(['id', 'number', 'status', 'seq', 'fingerprint'])
    .where('id', '=', id)
    .executeTakeFirst();

/** What stands on the list of tasks of one instruction. */
export async function listedTasks(database: Sql, instruction: string): Promise<Omit<TaskChange, 'open'>[]> {
  return database
    .selectFrom('task')
    .select(['kind', 'organisation_id as organisation', 'step'])
    .where('instruction_id', '=', instruction)
    .where('closed_at', 'is', null)
    .execute();
}

/** A relay of which something is left to be sent. */
export interface OpenRelay {
  readonly relay: string;
  readonly instruction: string;
  readonly organisation: string;
  readonly number: string;
}

export const openRelays = (database: Sql): Promise<OpenRelay[]> =>
  database
    .selectFrom('relay')
    .innerJoin('instruction', 'instruction.id', 'relay.instruction_id')
    .select(['relay.id as relay', 'instruction_id as instruction', 'organisation_id as organisation', 'number'])
    .where('ended_at', 'is', null)
    .where('number', 'is not', null)
    .$narrowType<{ number: string }>()
    .orderBy('relay.id')
    .execute();

/** Whether the relay of an instruction by an organisation is known here. */
export async function isRelayKnown(database: Sql, instruction: string, organisation: string): Promise<boolean> {
  const row = await database
    .selectFrom('relay')
    .select('id')
    .where('instruction_id', '=', instruction)
    .where('organisation_id', '=', organisation)
    .executeTakeFirst();
  return row !== undefined;
}

export { recordAnyway } from './record.ts';
