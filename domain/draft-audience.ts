import { resolveAudience, type Audience } from './audience.ts';
import { isObject, pointerTo, type InputReader } from './input.ts';
import type { Territory } from './organisation.ts';
import { wellFormed } from './text.ts';

/** More recipients than this are a broadcast, not an instruction (docs/ARCHITECTURE.md, «Workflows»). */
export const RECIPIENTS_LIMIT = 500;

const NOBODY: Audience = { organisations: [] };
const SHAPE = '« national: true », « organisations: […] » ou « zones: […] » : un seul des trois.';

/** The audience of a draft: one of three shapes, known names, each once, and at least one recipient in the end. */
export function readAudience(input: InputReader, organisations: readonly Territory[], zonesOnly: boolean): Audience {
  if (!input.has('audience')) {
    input.fail('/audience', 'required', 'Champ obligatoire.');
    return NOBODY;
  }
  const before = input.errors.length;
  const audience = readShape(input, organisations);
  if (input.errors.length > before) return audience;
  const count = resolveAudience(audience, organisations, zonesOnly).length;
  if (count === 0) input.fail('/audience', 'empty', 'Aucun destinataire.');
  if (count > RECIPIENTS_LIMIT) input.fail('/audience', 'tooMany', `${RECIPIENTS_LIMIT} destinataires au plus.`);
  return audience;
}

function readShape(input: InputReader, organisations: readonly Territory[]): Audience {
  const raw = input.raw('audience');
  if (!isObject(raw)) {
    input.fail('/audience', 'type', `Attendu : ${SHAPE}`);
    return NOBODY;
  }
  const said = Object.keys(raw).filter((key) => raw[key] !== undefined && raw[key] !== null);
  for (const key of said.filter((one) => !['national', 'organisations', 'zones'].includes(one))) {
    input.fail(pointerTo('audience', wellFormed(key) ? key : '?'), 'unknown', 'Champ inconnu.');
  }
  const shapes = said.filter((key) => ['national', 'organisations', 'zones'].includes(key));
  if (shapes.length !== 1) {
    input.fail('/audience', shapes.length === 0 ? 'empty' : 'ambiguous', `Attendu : ${SHAPE}`);
    return NOBODY;
  }
  if (shapes[0] === 'national') return readNational(input, raw['national']);
  if (shapes[0] === 'zones') {
    const zones = new Set(organisations.flatMap((one) => (one.kind === 'ars' ? (one.zone ?? []) : [])));
    return { zones: readNames(input, 'zones', raw['zones'], zones, 'Zone inconnue.') };
  }
  const ars = new Set(organisations.filter((one) => one.kind === 'ars').map((one) => one.id));
  return { organisations: readNames(input, 'organisations', raw['organisations'], ars, 'ARS inconnue.') };
}

function readNational(input: InputReader, value: unknown): Audience {
  if (value !== true) input.fail('/audience/national', 'type', 'Seul « true » a un sens.');
  return { national: true };
}

function readNames(
  input: InputReader,
  field: 'organisations' | 'zones',
  found: unknown,
  known: ReadonlySet<string>,
  unknownWords: string,
): readonly string[] {
  if (!Array.isArray(found) || found.length === 0 || found.length > RECIPIENTS_LIMIT) {
    const empty = Array.isArray(found) && found.length === 0;
    const message = empty ? 'Aucun destinataire.' : `Liste de 1 à ${RECIPIENTS_LIMIT} noms attendue.`;
    input.fail(pointerTo('audience', field), empty ? 'empty' : 'type', message);
    return [];
  }
  const names = new Set<string>();
  found.forEach((name: unknown, index) => {
    const pointer = pointerTo('audience', field, index);
    if (typeof name !== 'string' || !known.has(name)) input.fail(pointer, 'unknown', unknownWords);
    else if (names.has(name)) input.fail(pointer, 'duplicate', 'Destinataire nommé deux fois.');
    else names.add(name);
  });
  return [...names];
}
