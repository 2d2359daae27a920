import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

interface Account {
  readonly name: string;
  readonly org: string;
  readonly roles: readonly string[];
}

/** The accounts that the tests of the API speak as. */
export const ACCOUNTS = {
  'corruss-redacteur': { name: 'Rédacteur du CORRUSS', org: 'CORRUSS', roles: ['author'] },
  'corruss-valideur': { name: 'Valideur du CORRUSS', org: 'CORRUSS', roles: ['releaser'] },
  'corruss-chef': { name: 'Chef du CORRUSS', org: 'CORRUSS', roles: ['author', 'releaser', 'head'] },
  superviseur: { name: 'Superviseur', org: 'CORRUSS', roles: ['supervisor'] },
  admin: { name: 'Administrateur', org: 'CORRUSS', roles: ['admin'] },
  'ars-11': { name: 'ARS Île-de-France', org: 'ARS-11', roles: ['ars'] },
  'ars-84': { name: 'ARS Auvergne-Rhône-Alpes', org: 'ARS-84', roles: ['ars'] },
  'ars-93': { name: 'ARS Provence-Alpes-Côte d’Azur', org: 'ARS-93', roles: ['ars'] },
  'ars-94': { name: 'ARS Corse', org: 'ARS-94', roles: ['ars'] },
  'stock-national': { name: 'Stock national', org: 'SPF', roles: ['stock'] },
} as const satisfies Record<string, Account>;
export type AccountName = keyof typeof ACCOUNTS;

export interface TokenOptions {
  readonly audience?: string;
  readonly issuer?: string;
  readonly typ?: string;
  /** From now; negative: already past. */
  readonly expiresInSeconds?: number;
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Signed by a key that the issuer does not publish. */
  readonly forged?: boolean;
}

/** An issuer with real keys, published over HTTP as any OpenID provider does. */
export interface TestIssuer {
  readonly url: string;
  readonly audience: string;
  token(account: AccountName, options?: TokenOptions): Promise<string>;
  /** From now on nothing answers on its port. */
  close(): Promise<void>;
}

const AUDIENCE = 'urn:vigie:api';

export async function startTestIssuer(): Promise<TestIssuer> {
  const [keys, strangers] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')]);
  const jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'test', alg: 'ES256', use: 'sig' }] };
  let url = '';
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    const configuration = { issuer: url, jwks_uri: `${url}/jwks` };
    response.end(JSON.stringify(request.url === '/jwks' ? jwks : configuration));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    audience: AUDIENCE,
    token: (account, options = {}) => {
      const now = Math.floor(Date.now() / 1000);
      return new SignJWT({ ...ACCOUNTS[account], ...options.claims })
        .setProtectedHeader({ alg: 'ES256', kid: 'test', typ: options.typ ?? 'at+jwt' })
        .setSubject(account)
        .setIssuer(options.issuer ?? url)
        .setAudience(options.audience ?? AUDIENCE)
        .setIssuedAt(now - 60)
        .setExpirationTime(now + (options.expiresInSeconds ?? 3600))
        .sign(options.forged === true ? strangers.privateKey : keys.privateKey);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
