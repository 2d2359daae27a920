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

export { recordAnyway } from './record.ts';
