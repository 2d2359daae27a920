import { territoryOf } from './business-time.ts';
import { readLayers } from './duty-check-layers.ts';
import { readOverrides } from './duty-check-overrides.ts';
import { readHours } from './duty-check-reading.ts';
import { rosterWarnings, type RosterWarning } from './duty-warnings.ts';
import type { DutyPerson, Roster } from './duty.ts';
import type { FieldError } from './field-error.ts';
import { CALENDARS } from './holidays.ts';
import { readLine, readObjects } from './input-lists.ts';
import { isObject, readInput, type InputReader } from './input.ts';
import type { Instant } from './instant.ts';
import type { Organisation } from './organisation.ts';

export const PEOPLE_LIMIT = 100;

export interface RosterContext {
  /** Warnings look ahead from here. */
  readonly now: Instant;
  readonly organisation: Pick<Organisation, 'id' | 'departments' | 'timeZone'>;
  /** What may be written to, as the channels define it. */
  readonly addresses: {
    readonly isMailAddress: (text: string) => boolean;
    readonly isPhoneNumber: (text: string) => boolean;
  };
}

export type CheckedRoster =
  | { readonly roster: Roster; readonly errors: readonly []; readonly warnings: readonly RosterWarning[] }
  | { readonly roster: null; readonly errors: readonly FieldError[]; readonly warnings: readonly [] };

const KEY = /^[a-z0-9][a-z0-9._-]{0,39}$/;

/**
 * Checks a roster as it came: all wrong fields at once, by JSON pointer, in French; unknown fields are refused. Gaps and overlaps
 * to come are no errors but warnings. Never throws.
 */
export function checkRoster(raw: unknown, { now, ...context }: RosterContext): CheckedRoster {
  const { roster, errors } = readRoster(raw, context);
  if (roster === null) return { roster, errors, warnings: [] };
  return { roster, errors: [], warnings: rosterWarnings(roster, now) };
}

/** The same without looking ahead: for a document that has been accepted before. */
export function readRoster(
  raw: unknown,
  { organisation, addresses }: Omit<RosterContext, 'now'>,
): { readonly roster: Roster | null; readonly errors: readonly FieldError[] } {
  const input = readInput(raw);
  input.refuseUnknown(['calendar', 'coverage', 'people', 'layers', 'overrides']);
  const territory = territoryOf(organisation);
  // A wrong person must not make everyone who names it wrong as well: keys and names count as they were written.
  const keys = namesIn(raw, 'people', 'key');
  const roster: Roster = {
    organisation: organisation.id,
    territory: { ...territory, calendar: input.oneOf('calendar', CALENDARS) ?? territory.calendar },
    coverage: readHours(input, 'coverage'),
    people: readPeople(input, addresses),
    layers: readLayers(input, keys),
    overrides: readOverrides(input, keys, namesIn(raw, 'layers', 'name')),
  };
  return { roster: input.errors.length > 0 ? null : roster, errors: input.errors };
}

function readPeople(input: InputReader, addresses: RosterContext['addresses']): readonly DutyPerson[] {
  const keys = new Set<string>();
  const read = readObjects(input, 'people', { min: 0, max: PEOPLE_LIMIT }, (entry): DutyPerson | null => {
    entry.refuseUnknown(['key', 'name', 'mail', 'phone']);
    const key = readKey(entry);
    if (key !== null && keys.has(key)) entry.fail('/key', 'duplicate', 'Deux personnes portent cette clé.');
    if (key !== null) keys.add(key);
    const name = readLine(entry, 'name', 120, true);
    const mail = entry.text('mail', { max: 254 });
    if (mail !== null && !addresses.isMailAddress(mail)) {
      entry.fail('/mail', 'format', 'Une seule adresse, sans nom ni chevrons (nom@ars.example).');
    }
    const phone = entry.text('phone', { max: 20 });
    if (phone !== null && !addresses.isPhoneNumber(phone)) {
      entry.fail('/phone', 'format', 'Numéro au format international, sans espace (+33612345678).');
    }
    if (!entry.has('mail') && !entry.has('phone')) {
      entry.fail('', 'required', 'Une adresse ou un numéro est obligatoire : sans cela, personne ne peut la joindre.');
    }
    return key === null || name === null ? null : { key, name, mail, phone };
  });
  return read.filter((one) => one !== null);
}

function readKey(entry: InputReader): string | null {
  const key = entry.text('key', { max: 40, required: true });
  if (key === null || KEY.test(key)) return key;
  entry.fail('/key', 'format', 'Clé attendue : lettres minuscules sans accent, chiffres, points et tirets.');
  return null;
}

function namesIn(raw: unknown, list: string, field: string): readonly string[] {
  const found = isObject(raw) && Object.hasOwn(raw, list) ? raw[list] : [];
  if (!Array.isArray(found)) return [];
  return found.slice(0, PEOPLE_LIMIT).flatMap((one: unknown) => {
    const name = isObject(one) && Object.hasOwn(one, field) ? one[field] : null;
    return typeof name === 'string' ? [field === 'name' ? name.trim() : name] : [];
  });
}
