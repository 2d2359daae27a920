import { type Account, accountFromClaims } from './account.ts';

export const SESSION_COOKIE = 'vigie_session';
/** As long as a token of the embedded issuer lives: one duty shift. */
export const SESSION_MS = 8 * 3_600_000;

export const sessionAccount = (claims: unknown): Account | null =>
  typeof claims === 'object' && claims !== null ? accountFromClaims(claims as Record<string, unknown>) : null;
