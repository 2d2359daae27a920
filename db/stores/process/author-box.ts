import type { OrganisationId } from '../../../domain/instruction.ts';
import { CORRUSS } from '../../../domain/organisation.ts';
import type { Transaction } from '../../database.ts';
import type { Addressee } from './mailings.ts';

/** Where whoever asks is told: the box of the desk, or the alert box of the agency; empty where none is known. */
export async function authorBox(trx: Transaction, author: OrganisationId): Promise<readonly Addressee[]> {
  const box = await trx
    .selectFrom('contact')
    .select(['name', 'address'])
    .where('organisation_id', '=', author)
    .where('kind', '=', author === CORRUSS ? 'desk' : 'alertBox')
    .where('channel', '=', 'mail')
    .orderBy('position')
    .executeTakeFirst();
  return box === undefined ? [] : [{ recipient: null, linkHash: null, ...box }];
}
