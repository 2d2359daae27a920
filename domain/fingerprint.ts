import { canonicalJson } from './canonical-json.ts';
import type { FollowUp } from './follow-up-state.ts';
import type { InstructionProcess } from './process.ts';
import { sha256 } from './sha256.ts';

/**
 * A follow-up is never changed in place, so its hash is computed once: a turn hashes only what it changed. (A cache of a pure
 * function: replaying without it gives the same.)
 */
const HASHES = new WeakMap<FollowUp, string>();

/**
 * SHA-256 (hex) of a whole process in canonical form. Follow-ups count by their own hashes, in their order.
 */
export function fingerprintOf(process: InstructionProcess): string {
  const { followUps, ...rest } = process;
  return sha256(canonicalJson([rest, followUps.map(hashOf)]));
}

function hashOf(followUp: FollowUp): string {
  const known = HASHES.get(followUp);
  if (known !== undefined) return known;
  const hash = sha256(canonicalJson(followUp));
  HASHES.set(followUp, hash);
  return hash;
}
