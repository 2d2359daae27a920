import type { KeyRing } from '../config/keys.ts';
import type { Database } from '../db/database.ts';
import { recordTurn, recordWhole } from '../db/stores/process/record.ts';
import { releaseInstruction } from '../db/stores/process/release.ts';
import type { RecordingActivities } from './contract.ts';

export interface RecordingDeps {
  readonly database: Database;
  readonly keys: KeyRing;
  /** Domain of message ids and reply addresses. */
  readonly mailReplyDomain: string;
}

/** What an instruction writes into the database. Any error thrown is worth another try: PostgreSQL is away or busy. */
export function createRecordingActivities({ database, keys, mailReplyDomain }: RecordingDeps): RecordingActivities {
  const recorder = { sql: database.sql, keys, mailReplyDomain };
  return {
    releaseInstruction: (request, now) => releaseInstruction(recorder, request, now),
    recordTurn: (changes) => recordTurn(recorder, changes),
    recordWhole: (changes, process) => recordWhole(recorder, changes, process),
  };
}
