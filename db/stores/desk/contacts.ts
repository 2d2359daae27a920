import { sql } from 'kysely';
import type { KeyRing } from '../../../config/keys.ts';
import type { Actor } from '../../../domain/events.ts';
import type { Channel } from '../../../domain/instruction.ts';
import { type Database, newId } from '../../database.ts';
import type { ContactKind } from '../../schema.ts';
import { appendAudit, organisationSubject } from '../audit.ts';
import { closeReportsOfGone } from '../bounced-reports.ts';

export interface NewContact {
  readonly kind: ContactKind;
  readonly channel: Channel;
  readonly address: string;
  readonly name: string;
}

export interface ContactsChange {
  readonly organisation: string;
  readonly contacts: readonly NewContact[];
  /** The version that the writer read; null when he did not say. */
  readonly version: number | null;
  readonly by: Actor;
  readonly now: number;
}

/**
 * Replaces all contacts of one organisation, in the order given (the first of a kind and channel is written to).
 * @returns the new version, or null when the version read is not the last one
 */
export function replaceContacts(database: Database, keys: KeyRing, change: ContactsChange): Promise<number | null> {
  return database.sql.transaction().execute(async (trx) => {
    const { rows } = await sql<{ version: number }>`
      insert into contact_version (organisation_id, version) values (${change.organisation}, 1)
      on conflict (organisation_id) do update set version = contact_version.version
      returning version`.execute(trx);
    const current = rows[0]?.version ?? 1;
    if (change.version !== null && change.version !== current) return null;
    await trx.deleteFrom('contact').where('organisation_id', '=', change.organisation).execute();
    const at = new Date(change.now);
    const positions = new Map<string, number>();
    const values = change.contacts.map((contact) => {
      const slot = `${contact.kind} ${contact.channel}`;
      const position = positions.get(slot) ?? 0;
      positions.set(slot, position + 1);
      return { ...contact, id: newId(), organisation_id: change.organisation, position, updated_at: at };
    });
    if (values.length > 0) await trx.insertInto('contact').values(values).execute();
    await trx
      .updateTable('contact_version')
      .set({ version: current + 1 })
      .where('organisation_id', '=', change.organisation)
      .execute();
    await closeReportsOfGone(trx, [change.organisation], change);
    await appendAudit(trx, keys, organisationSubject(change.organisation), [
      {
        at: change.now,
        kind: 'contactsChanged',
        organisation: change.organisation,
        actor: change.by,
        data: { version: current + 1, contacts: change.contacts },
      },
    ]);
    return current + 1;
  });
}
