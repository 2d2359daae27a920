import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';
import { deriveKey, type KeyRing, type RingKey } from '../../config/keys.ts';
import { canonicalJson } from '../../domain/canonical-json.ts';
import type { Fact } from '../../domain/changes.ts';
import type { Instant } from '../../domain/instant.ts';
import { toJson } from './json.ts';

/** The end of a subject's chain. Position 0: nothing yet. */
export interface ChainEnd {
  readonly position: number;
  /** `<key id>:<hex>` of the last entry; of the subject itself before the first. */
  readonly hmac: string;
}

/** One entry, with its columns' names in camel case; instants in milliseconds. */
export interface ChainEntry {
  readonly subject: string;
  readonly position: number;
  readonly at: Instant;
  readonly recordedAt: Instant;
  readonly kind: string;
  readonly organisation: string | null;
  readonly actorSub: string;
  readonly actorOrganisation: string;
  readonly data: unknown;
  readonly previous: string;
}

export interface SealedEntry extends ChainEntry {
  readonly hmac: string;
}

/** Imported once for each key, not once for each entry: that costs more than the HMAC itself. */
const IMPORTED = new WeakMap<RingKey, KeyObject>();

/** Where the chain of a subject starts. */
export const chainStart = (keys: KeyRing, subject: string): ChainEnd => ({
  position: 0,
  hmac: sign(keys[0], { start: subject }),
});

/** True when `start` is the beginning of this subject's chain, by any key of the ring. */
export const isChainStart = (keys: KeyRing, subject: string, start: string): boolean =>
  verifies(keys, { start: subject }, start);

/**
 * The entries that carry facts on from the end of a chain, and its new end.
 * @param recordedAt the machine's clock: facts carry the workflow's
 */
export function continueChain(
  keys: KeyRing,
  subject: string,
  facts: readonly Fact[],
  from: { readonly end: ChainEnd; readonly recordedAt: Instant },
): { readonly entries: readonly SealedEntry[]; readonly end: ChainEnd } {
  let { position, hmac } = from.end;
  const entries = facts.map((fact) => {
    position += 1;
    const entry = entryOf(subject, position, fact, { recordedAt: from.recordedAt, previous: hmac });
    hmac = sign(keys[0], entry);
    return { ...entry, hmac };
  });
  return { entries, end: { position, hmac } };
}

/** True when an entry is as it was signed, by any key of the ring. */
export function isIntact(keys: KeyRing, { hmac, ...entry }: SealedEntry): boolean {
  return verifies(keys, entry, hmac);
}

/** The seal of a head: nobody without the key makes one for a chain whose tail is cut. */
export const sealOf = (keys: KeyRing, subject: string, { position, hmac }: ChainEnd): string =>
  sign(keys[0], { head: subject, position, hmac });

export const isSealed = (keys: KeyRing, subject: string, end: ChainEnd, seal: string): boolean =>
  verifies(keys, { head: subject, position: end.position, hmac: end.hmac }, seal);

/** What a root of the audit says, with its columns' names in camel case. */
export interface RootFacts {
  readonly position: number;
  readonly at: Instant;
  readonly chains: number;
  readonly entries: number;
  readonly digest: string;
  readonly previous: string;
}

export const sealOfRoot = (keys: KeyRing, root: RootFacts): string => sign(keys[0], { root });

export const isRootSealed = (keys: KeyRing, root: RootFacts, seal: string): boolean => verifies(keys, { root }, seal);

function entryOf(
  subject: string,
  position: number,
  fact: Fact,
  { recordedAt, previous }: { readonly recordedAt: Instant; readonly previous: string },
): ChainEntry {
  return {
    subject,
    position,
    at: fact.at,
    recordedAt,
    kind: fact.kind,
    organisation: fact.organisation,
    actorSub: fact.actor.sub,
    actorOrganisation: fact.actor.organisation,
    data: JSON.parse(toJson(fact.data)) as unknown, // as it will be read back
    previous,
  };
}

function sign(key: RingKey, value: unknown): string {
  const secret = IMPORTED.get(key) ?? createSecretKey(deriveKey(key, 'audit'));
  IMPORTED.set(key, secret);
  return `${key.id}:${createHmac('sha256', secret).update(canonicalJson(value)).digest('hex')}`;
}

function verifies(keys: KeyRing, value: unknown, signature: string): boolean {
  const key = keys.find(({ id }) => signature.startsWith(`${id}:`));
  if (key === undefined) return false;
  const expected = Buffer.from(sign(key, value));
  const given = Buffer.from(signature);
  return expected.length === given.length && timingSafeEqual(expected, given);
}
