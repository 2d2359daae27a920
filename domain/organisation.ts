import type { OrganisationId } from './instruction.ts';

export const ORGANISATION_KINDS = ['ars', 'national', 'site'] as const;
export type OrganisationKind = (typeof ORGANISATION_KINDS)[number];

/** Who is who. Keys are prefixed (`ARS-75`, `D75`, `ZONE-SUD_OUEST`): bare codes of regions and departments collide. */
export interface Organisation {
  readonly id: OrganisationId;
  readonly kind: OrganisationKind;
  readonly name: string;
  readonly regionCode: string | null;
  readonly departments: readonly string[];
  readonly zone: string | null;
  readonly zoneLead: boolean;
  /** IANA name, e.g. `America/Guadeloupe`. */
  readonly timeZone: string;
}

/** What territory rules need of an organisation. */
export type Territory = Pick<Organisation, 'id' | 'kind' | 'zone' | 'zoneLead'>;

/** The national desk, where the result of an instruction goes. */
export const CORRUSS: OrganisationId = 'CORRUSS';

/** The zone lead of each ARS that is not itself the lead of its zone (`ARS-94` → `ARS-93`). */
export function zoneLeadsOf(organisations: readonly Territory[]): Readonly<Record<OrganisationId, OrganisationId>> {
  const leads = new Map(
    organisations.filter((one) => one.zoneLead && one.zone !== null).map((one) => [one.zone, one.id] as const),
  );
  const entries = organisations
    .filter((one) => one.kind === 'ars' && !one.zoneLead)
    .flatMap((one) => {
      const lead = leads.get(one.zone);
      return lead === undefined ? [] : [[one.id, lead] as const];
    });
  return Object.fromEntries(entries);
}
