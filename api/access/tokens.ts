import { hash } from 'node:crypto';
import { createLocalJWKSet, errors, type JSONWebKeySet, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { LRUCache } from 'lru-cache';
import { type Account, accountFromClaims } from './account.ts';
import { Problem, unavailable } from '../problem.ts';

/** Checks access tokens of one issuer. */
export interface TokenVerifier {
  /** @throws Problem 401 for a token that does not hold, 503 while the issuer's keys were never read */
  verify(token: string): Promise<Account>;
}

export interface IssuerSettings {
  readonly issuer: string;
  readonly audience: string;
}

const FETCH_TIMEOUT_MS = 3_000;
/** An unknown key id makes the keys be read again, at most this often: a flood of forged tokens is no flood at the issuer. */
const REFRESH_EVERY_MS = 10_000;
/** Keys withdrawn by the issuer stop to count after this long. */
const MAX_AGE_MS = 3_600_000;
/** Tokens remembered, and for how long: a key withdrawn by its issuer counts for this much longer. */
const REMEMBERED = 2_000;
const REMEMBERED_MS = 60_000;

/**
 * A verifier that keeps the issuer's keys (JWKS): they are read at the first token, again for an unknown key id or after
 * an hour, and the ones at hand go on counting while the issuer is away. A token found good is remembered for a minute at most and
 * never beyond its own end: its signature took more of a short request than all the rest of the check.
 */
export function createTokenVerifier(settings: IssuerSettings): TokenVerifier {
  const keys = new IssuerKeys(settings.issuer);
  const found = new LRUCache<string, Account>({ max: REMEMBERED, ttl: REMEMBERED_MS, ttlResolution: 0 });
  return {
    verify: async (token) => {
      const key = hash('sha256', token, 'base64');
      const known = found.get(key);
      if (known !== undefined) return known;
      const { account, endsAt } = await checked(token, keys, settings);
      const ttl = Math.min(REMEMBERED_MS, endsAt - Date.now());
      if (ttl > 0) found.set(key, account, { ttl });
      return account;
    },
  };
}

async function checked(
  token: string,
  keys: IssuerKeys,
  { issuer, audience }: IssuerSettings,
): Promise<{ account: Account; endsAt: number }> {
  try {
    const { payload } = await jwtVerify(token, keys.find, {
      issuer,
      audience,
      algorithms: ['ES256'],
      typ: 'at+jwt',
      clockTolerance: 5,
    });
    const account = accountFromClaims(payload);
    if (account !== null) return { account, endsAt: (payload.exp ?? 0) * 1_000 };
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
  }
  throw new Problem(
    401,
    'bad-token',
    'Ce jeton d’accès n’est pas valable (signature, émetteur, destinataire ou date).',
  );
}

class IssuerKeys {
  private keys: ReturnType<typeof createLocalJWKSet> | null = null;
  private readAt = 0;
  private triedAt = 0;
  private reading: Promise<void> | null = null;
  private readonly issuer: string;

  constructor(issuer: string) {
    this.issuer = issuer;
  }

  readonly find: JWTVerifyGetKey = async (header, token) => {
    const now = Date.now();
    if (this.keys === null || now - this.readAt > MAX_AGE_MS) await this.refresh(now);
    try {
      return await this.known()(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await this.refresh(now);
      return this.known()(header, token);
    }
  };

  private known(): ReturnType<typeof createLocalJWKSet> {
    if (this.keys !== null) return this.keys;
    throw unavailable('Le service d’identité ne répond pas : recommencez dans un instant.');
  }

  /** Reads the keys; a failure leaves the ones at hand. */
  private async refresh(now: number): Promise<void> {
    if (this.reading === null && (this.keys === null || now - this.triedAt > REFRESH_EVERY_MS)) {
      this.triedAt = now;
      this.reading = this.read()
        .then((keys) => {
          this.keys = createLocalJWKSet(keys);
          this.readAt = Date.now();
        })
        .catch((error: unknown) => {
          if (!isAway(error)) throw error;
        })
        .finally(() => {
          this.reading = null;
        });
    }
    await this.reading;
  }

  private async read(): Promise<JSONWebKeySet> {
    const configuration = await getJson<{ jwks_uri: string }>(`${this.issuer}/.well-known/openid-configuration`);
    return getJson<JSONWebKeySet>(configuration.jwks_uri);
  }
}

class IssuerAway extends Error {}

/** `fetch` says a refused connection by a TypeError, and its own deadline by a TimeoutError. */
const isAway = (error: unknown): boolean =>
  error instanceof IssuerAway || (Error.isError(error) && ['TypeError', 'TimeoutError'].includes(error.name));

async function getJson<T>(url: string): Promise<T> {
  const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
  if (!response.ok) throw new IssuerAway(`${url} answered ${response.status}`);
  return (await response.json()) as T;
}
