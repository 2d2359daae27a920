import type { RawBuilder } from 'kysely';
import type { KeyRing } from '../../../config/keys.ts';
import type { Changes, Fact } from '../../../domain/changes.ts';
import type { DeliveryReport } from '../../../domain/events.ts';
import { turnFact } from '../../../domain/turn-record.ts';
import type { Sql } from '../../database.ts';
import { chainStart, continueChain, sealOf } from '../audit-chain.ts';
import { instructionSubject } from '../audit.ts';
import type { FoundContact } from './contacts.ts';
import { addressPlans, type Mailing } from './planned-deliveries.ts';
import { AGAIN } from './retrying.ts';
import { writeTurn } from './write-turn.ts';

/** What recording needs: a pool or a transaction, the keys of tokens and audit, the domain of replies. */
export interface Recorder extends Mailing {
  readonly sql: Sql;
  readonly keys: KeyRing;
}

/** What was read before writing: the end of the audit's chain (null: none yet) and the contacts of the plans. */
export interface Found {
  readonly position: number | null;
  readonly hmac: string | null;
  readonly contacts: readonly FoundContact[];
}

export interface Written {
  readonly noContact: readonly DeliveryReport[];
  readonly planned: number;
}

/** How a turn is written. */
export interface Writing {
  readonly found: Found;
  readonly guard: RawBuilder<unknown>;
  /** Of the turn, those that the audit tells now. */
  readonly facts: readonly Fact[];
  /** Over the rows of later turns too. */
  readonly overwrite: boolean;
}

/** Chains the facts, addresses the plans and writes all in one statement; `AGAIN` when the guard found nothing. */
export async function writeChanges(
  recorder: Recorder,
  changes: Changes,
  how: Writing,
): Promise<Written | typeof AGAIN> {
  const { keys } = recorder;
  const { guard, overwrite, found, facts: told } = how;
  const subject = instructionSubject(changes.instruction);
  const { position, hmac } = found;
  const end = position === null || hmac === null ? chainStart(keys, subject) : { position, hmac };
  const facts = [...told, turnFact(changes)];
  const chain = continueChain(keys, subject, facts, { end, recordedAt: Date.now() });
  const head = { ...chain.end, seal: sealOf(keys, subject, chain.end) };
  const { rows, noContact } = addressPlans(changes.plans, found.contacts, changes.at, recorder);
  const audit = { subject, entries: chain.entries, from: end.position, head };
  const written = await writeTurn(recorder.sql, { guard, changes, overwrite, deliveries: rows, audit });
  return written ? { noContact, planned: rows.length } : AGAIN;
}
