import { onDuty } from '../../../domain/duty-shifts.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Channel } from '../../../domain/instruction.ts';
import { rosterOf } from '../duty-roster.ts';
import type { FoundContact } from './contacts.ts';

export interface OnCall extends FoundContact {
  readonly nobodyOnDuty: boolean;
}

/**
 * Where the organisation has a roster: the first on duty, in the order of its layers, who can be reached by that channel.
 * Whoever has none keeps the contact of its directory.
 */
export function whoIsOnCall(contact: FoundContact, channel: Channel, at: Instant): OnCall {
  const roster = contact.roster === undefined || contact.roster === null ? null : rosterOf(contact.roster);
  if (roster === null) return { ...contact, nobodyOnDuty: false };
  const people = onDuty(roster, at).map(({ person }) => person);
  const reached = people
    .map((person) => ({ name: person.name, address: channel === 'mail' ? person.mail : person.phone }))
    .find(({ address }) => address !== null);
  return { ...contact, ...(reached ?? { address: null, name: null }), nobodyOnDuty: people.length === 0 };
}

/** Whether the plan of this number had nobody to go to because nobody was on duty. */
export function isNobodyOnDuty(contacts: readonly FoundContact[], n: number, at: Instant): boolean {
  const contact = contacts.find((one) => one.n === n);
  return contact !== undefined && whoIsOnCall(contact, 'mail', at).nobodyOnDuty;
}
