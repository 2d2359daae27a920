import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createRemoteJWKSet, decodeJwt, type JWTPayload, jwtVerify } from 'jose';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as oidc from 'openid-client';
import { type DeskAddresses } from '../../stack/addresses.ts';
import { ACCOUNTS } from '../../stack/issuer/accounts.ts';
import { accessToken } from '../../stack/token.ts';
import { cleanUp, type Desk, freshDataDir, runDesk } from './desk.ts';
import { until } from '../support/wait.ts';
import { childrenOf } from './desk.ts';

let dataDir = '';
let desk: Desk;
let addresses: DeskAddresses;

beforeAll(async () => {
  dataDir = await freshDataDir();
  desk = runDesk(dataDir, ['issuer']);
  addresses = await desk.ready();
}, 120_000);
afterAll(() => cleanUp(dataDir, [desk]), 60_000);

/** As the API checks it. */
async function verified(token: string): Promise<JWTPayload> {
  const keys = createRemoteJWKSet(new URL(`${addresses.issuer}/jwks`));
  const options = { issuer: addresses.issuer, audience: 'urn:vigie:api', typ: 'at+jwt', algorithms: ['ES256'] };
  return (await jwtVerify(token, keys, options)).payload;
}

test('every account gets a token of 8 h with its organisation and roles', async () => {
  expect(ACCOUNTS).toHaveLength(25);
  const payloads = await Promise.all(
    ACCOUNTS.map(async ({ sub }) => verified(await accessToken(sub, addresses.issuer))),
  );
  expect(payloads.map(({ sub, name, org, roles }) => ({ sub, name, org, roles }))).toEqual(ACCOUNTS);
  for (const { iat, exp } of payloads) expect(exp! - iat!).toBe(8 * 3600);
});

test('any FINESS number is a site, anything else is nobody', async () => {
  const site = await verified(await accessToken('site-2A0000014', addresses.issuer));
  expect(site).toMatchObject({ sub: 'site-2A0000014', org: 'SITE-2A0000014', roles: ['site'] });
  for (const nobody of ['site-12345', 'site-12345678X', 'root', 'ars-99']) {
    await expect(accessToken(nobody, addresses.issuer)).rejects.toThrow('inconnu');
  }
});

test('a token outlives a killed issuer', async () => {
  const token = await accessToken('ars-84', addresses.issuer);
  const before = (await childrenOf(dataDir)).get('issuer')!;
  process.kill(before.pid, 'SIGKILL');
  await until('the issuer', async () => {
    const now = (await childrenOf(dataDir)).get('issuer');
    return now !== undefined && now.pid !== before.pid && (await fetch(`${addresses.issuer}/jwks`)).ok;
  });
  expect(await verified(token)).toMatchObject({ sub: 'ars-84' });
});

test('a person logs in by name and password, and only the desk gets the code', async () => {
  const { oidcClientSecret } = JSON.parse(await readFile(join(dataDir, 'secrets.json'), 'utf8')) as Record<
    string,
    string
  >;
  const config = await oidc.discovery(new URL(addresses.issuer), 'vigie-console', oidcClientSecret, undefined, {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so only to stand out; the demo issuer is local
    execute: [oidc.allowInsecureRequests],
  });
  const verifier = oidc.randomPKCECodeVerifier();
  const parameters = {
    redirect_uri: `${addresses.api}/login/callback`,
    scope: 'openid profile',
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state: 'abc',
  };
  const browser = new Browser();
  const form = await browser.follow(oidc.buildAuthorizationUrl(config, parameters));
  expect(form.text).toContain('<html lang="fr">');
  const wrong = await browser.post(form.url, { account: 'corruss-chef"><b>', password: 'demo' });
  expect(wrong.status).toBe(401);
  expect(wrong.text).toContain('Compte ou mot de passe inconnu');
  expect(wrong.text).not.toContain('<b>');
  const done = await browser.post(form.url, { account: 'corruss-chef', password: 'demo' });
  const tokens = await oidc.authorizationCodeGrant(config, done.url, {
    pkceCodeVerifier: verifier,
    expectedState: 'abc',
  });
  expect(tokens.claims()).toMatchObject({ sub: 'corruss-chef', org: 'CORRUSS', roles: ['author', 'releaser', 'head'] });
  expect(await verified(tokens.access_token)).toMatchObject({ sub: 'corruss-chef', org: 'CORRUSS' });

  const elsewhere = { ...parameters, redirect_uri: 'https://elsewhere.example/login/callback' };
  const refused = await browser.follow(oidc.buildAuthorizationUrl(config, elsewhere));
  expect(refused.status).toBe(400);
  expect(refused.text).toContain('Connexion impossible');
  expect(decodeJwt(tokens.access_token)['scope']).toBe('openid profile');
});

interface Page {
  readonly url: URL;
  readonly status: number;
  readonly text: string;
}

/** Keeps cookies and follows redirects, up to the one that leaves the issuer. */
class Browser {
  private readonly cookies = new Map<string, string>();

  follow(url: URL): Promise<Page> {
    return this.send(url, {});
  }

  post(url: URL, fields: Record<string, string>): Promise<Page> {
    return this.send(url, { method: 'POST', body: new URLSearchParams(fields) });
  }

  private async send(url: URL, init: RequestInit): Promise<Page> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { ...init, headers: { cookie }, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      this.cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location === null) return { url, status: response.status, text: await response.text() };
    const next = new URL(location, url);
    if (next.origin !== new URL(addresses.issuer).origin) return { url: next, status: response.status, text: '' };
    return this.send(next, {});
  }
}
