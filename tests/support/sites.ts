import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Database } from '../../db/database.ts';
import { agenciesOf } from '../../db/read-models/organisations.ts';
import { writeSites } from '../../db/stores/desk/site-writing.ts';
import { finessOf } from '../../domain/identifiers.ts';
import { agenciesByDepartment, siteId } from '../../domain/site.ts';

export interface Invented {
  /** How many in which department: `{ D69: 2, D971: 1 }`. */
  readonly in: Readonly<Record<string, number>>;
  readonly category?: string;
  readonly entityKind?: 'EJ' | 'ET';
  /** False: without contacts. */
  readonly reachable?: boolean;
  /** Of the first of each department; further ones go on from it. */
  readonly from?: number;
}

/** Open sites in the register, set by set, each with its alert entry point by mail (`boxOf`); their ids in order. */
export async function inventSites(database: Database, asked: Invented): Promise<string[]> {
  const { category = 'Centre Hospitalier (C.H.)', entityKind = 'ET', reachable = true, from = 1 } = asked;
  const agencies = agenciesByDepartment(await agenciesOf(database.sql));
  const sites = Object.entries(asked.in).flatMap(([department, count]) =>
    Array.from({ length: count }, (_, index) => {
      const agency = agencies.get(department)!;
      const finess = inventedFiness(department, from + index);
      return {
        ...{ finess, entityKind, category, department, status: null, ars: agency.id, zone: agency.zone! },
        ...{ name: `CH FICTIF ${department} N°${from + index}`, postcode: '01999', city: 'VALOMBRE' },
        ...{ latitude: null, longitude: null, phone: '+33474000001' },
      };
    }),
  );
  const ids = sites.map(({ finess }) => siteId(finess));
  await database.sql.transaction().execute((trx) => writeSites(trx, sites, { at: new Date(), by: 'test' }));
  if (reachable) {
    const boxes = ids.map((id) => ({ id: randomUUID(), site: id, address: boxOf(id) }));
    await sql`
      insert into contact (id, organisation_id, kind, channel, address, name, updated_at)
      select id, site, 'alertBox', 'mail', address, 'Point d’entrée alerte', now()
      from jsonb_to_recordset(${JSON.stringify(boxes)}::jsonb) as box (id uuid, site text, address text)`.execute(
      database.sql,
    );
  }
  return ids;
}

/** Invented: no real one has a 9 after its department (`979` overseas). */
function inventedFiness(department: string, n: number): string {
  const code = department.slice(1);
  return finessOf(
    code.length === 3 ? `979${code.slice(2)}${String(n).padStart(4, '0')}` : `${code}9${String(n).padStart(5, '0')}`,
  );
}

/** The alert entry point of an invented site. */
export const boxOf = (site: string): string => `alerte@${site.toLowerCase()}.example`;
