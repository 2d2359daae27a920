import { readRoster } from '../../domain/duty-check.ts';
import type { RosterDocument } from '../../domain/duty-document.ts';
import type { Roster } from '../../domain/duty.ts';

/** A roster as its row holds it, with the clock of its organisation. */
export interface StoredRoster {
  readonly organisation: string;
  readonly timeZone: string;
  readonly document: RosterDocument;
}

const ANY = { isMailAddress: () => true, isPhoneNumber: () => true };

/**
 * The roster of a stored document. Null for one that today's rules do not read (written by a later version): whoever asks then
 * does as if there were none.
 */
export function rosterOf({ organisation, timeZone, document }: StoredRoster): Roster | null {
  const place = { id: organisation, timeZone, departments: [] };
  // Its calendar stands in the document; addresses were checked when it came.
  return readRoster(document, { organisation: place, addresses: ANY }).roster;
}
