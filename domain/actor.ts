import type { OrganisationId } from './organisation-id.ts';

/** Who acts: an account (`sub`, organisation), or the machine itself. */
export interface Actor {
  readonly sub: string;
  readonly organisation: OrganisationId;
}

export const MACHINE: Actor = { sub: 'vigie', organisation: 'VIGIE' };
