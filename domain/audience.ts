import type { OrganisationId } from './instruction.ts';
import type { Territory } from './organisation.ts';

/** To whom an instruction goes. */
export type Audience =
  | { readonly national: true }
  | { readonly organisations: readonly OrganisationId[] }
  | { readonly zones: readonly string[] };

/**
 * The ARS that an audience means, each once, in the order of the organisations given. `zonesOnly` keeps the zone leads.
 * Names that are no ARS and no zone mean nobody: `checkDraft` refuses them before.
 */
export function resolveAudience(
  audience: Audience,
  organisations: readonly Territory[],
  zonesOnly = false,
): OrganisationId[] {
  return organisations
    .filter((one) => one.kind === 'ars' && (!zonesOnly || one.zoneLead) && isMeant(audience, one))
    .map((one) => one.id);
}

function isMeant(audience: Audience, one: Territory): boolean {
  if ('national' in audience) return true;
  if ('organisations' in audience) return audience.organisations.includes(one.id);
  return one.zone !== null && audience.zones.includes(one.zone);
}
