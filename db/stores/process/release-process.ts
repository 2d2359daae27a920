import { fingerprintOf } from '../../../domain/fingerprint.ts';
import { newProcess } from '../../../domain/instruction-process.ts';
import { zoneLeadsOf, type Organisation } from '../../../domain/organisation.ts';
import type { InstructionProcess } from '../../../domain/process.ts';
import type { Sql } from '../../database.ts';

/** The zone leads of these recipients only: what their process carries. */
export function leadsOf(recipients: readonly string[], organisations: readonly Organisation[]): Record<string, string> {
  const leads = Object.entries(zoneLeadsOf(organisations));
  return Object.fromEntries(leads.filter(([organisation]) => recipients.includes(organisation)));
}

/**
 * The process of an earlier release of this instruction, put together from its rows; null when its workflow has recorded a
 * turn of its own since then: the fingerprint tells.
 */
export async function releasedBefore(database: Sql, instruction: string): Promise<InstructionProcess | null> {
  const row = await database
    .selectFrom('instruction')
    .select(['number', 'terms', 'seq', 'fingerprint', 'released_at as releasedAt'])
    .where('id', '=', instruction)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { number, terms, seq, releasedAt } = row;
  if (number === null || terms === null || releasedAt === null) return null;
  const rows = await database
    .selectFrom('instruction_recipient')
    .select('follow_up')
    .where('instruction_id', '=', instruction)
    .orderBy('organisation_id')
    .execute();
  const followUps = rows.map(({ follow_up }) => follow_up);
  const recipients = followUps.map(({ organisation }) => organisation);
  const zoneLeads = leadsOf(recipients, await allOrganisations(database));
  const release = { instruction, number, terms, releasedAt: releasedAt.getTime(), recipients, zoneLeads };
  const process = { ...newProcess(release), seq, followUps };
  return fingerprintOf(process) === row.fingerprint ? process : null;
}

/** Every organisation but the establishments, in the order in which recipients of a release stand. */
export const allOrganisations = (database: Sql): Promise<Organisation[]> =>
  database
    .selectFrom('organisation')
    .select(['id', 'kind', 'name', 'region_code as regionCode', 'departments', 'zone'])
    .select(['zone_lead as zoneLead', 'time_zone as timeZone'])
    .where('kind', 'in', ['ars', 'national'])
    .orderBy('id')
    .execute();

/** Exactly those who got the first message get the one that refers to it. */
export async function recipientsOfFirst(database: Sql, first: { readonly id: string }): Promise<string[]> {
  const rows = await database
    .selectFrom('instruction_recipient')
    .select('organisation_id')
    .where('instruction_id', '=', first.id)
    .orderBy('organisation_id')
    .execute();
  return rows.map(({ organisation_id }) => organisation_id);
}
