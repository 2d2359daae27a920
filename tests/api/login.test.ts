import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import type { Server } from 'node:http';
import { type Browser, chromium } from 'playwright-core';
import { createTokenVerifier } from '../../api/access/tokens.ts';
import { freePort } from '../../stack/ports.ts';
import { createProvider, makeIssuerKeys } from '../../stack/issuer/provider.ts';
import { createIssuerServer } from '../../stack/issuer/server.ts';
import { DRAFT, type ReadingDesk, startReadingDesk } from '../support/api-desk.ts';

const CHROMIUM = '/usr/bin/chromium';
const there = existsSync(CHROMIUM);
if (!there) process.stderr.write(`\nNOT TESTED: the pages behind the login, because ${CHROMIUM} is not installed\n\n`);
const inBrowser = there ? test : test.skip;

const AUDIENCE = 'urn:vigie:api';
let api: ReadingDesk;
let issuer: Server;
let base: string;
let page: string;

beforeAll(async () => {
  api = await startReadingDesk();
  const [port, issuerPort] = [await freePort(), await freePort()];
  base = `http://127.0.0.1:${port}`;
  const url = `http://127.0.0.1:${issuerPort}`;
  const consoleClient = { id: 'vigie-console', secret: 'the secret of the console' };
  const keys = await makeIssuerKeys();
  issuer = createIssuerServer(createProvider({ url, audience: AUDIENCE, publicUrl: base, consoleClient, keys }));
  await new Promise<void>((resolve) => issuer.listen(issuerPort, '127.0.0.1', resolve));
  const oidc = { issuer: url, audience: AUDIENCE, clientId: consoleClient.id, clientSecret: consoleClient.secret };
  const app = await api.rebuild({
    tokens: createTokenVerifier(oidc),
    settings: { ...api.deps.settings, publicUrl: base, oidc },
  });
  await app.listen({ host: '127.0.0.1', port });
  const { body } = await api.as('corruss-redacteur').post<{ id: string }>('/v1/instructions', DRAFT);
  page = `/instructions/${body.id}`;
}, 60_000);
afterAll(async () => {
  issuer.close();
  issuer.closeAllConnections();
  await api.close();
});

/** A browser without anything but cookies, kept for each of the two servers. */
function cookieBrowser() {
  const cookies = new Map<string, string>();
  const visit = async (url: string, form?: Record<string, string>): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const sent = form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) };
    const response = await fetch(url, { ...sent, headers: { cookie }, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const [name = '', ...value] = pair.split('=');
      if (value.join('=') === '' || /expires=Thu, 01 Jan 1970/i.test(line)) cookies.delete(name);
      else cookies.set(name, value.join('='));
    }
    return response;
  };
  /** Follows redirects as a browser does. */
  const go = async (url: string, form?: Record<string, string>): Promise<{ url: string; response: Response }> => {
    let [at, response] = [url, await visit(url, form)];
    for (let hops = 0; hops < 10 && [302, 303].includes(response.status); hops += 1) {
      at = new URL(response.headers.get('location') ?? '', at).href;
      response = await visit(at);
    }
    return { url: at, response };
  };
  return { cookies, go, visit };
}

test('a person logs in by code and PKCE, reads the page asked for, and logs out', async () => {
  const browser = cookieBrowser();
  const asked = await browser.go(`${base}${page}`);
  expect(asked.url).toContain('/interaction/');
  const wrong = await browser.go(asked.url, { account: 'corruss-valideur', password: 'devinée' });
  expect(wrong.response.status).toBe(401);
  const read = await browser.go(asked.url, { account: 'corruss-valideur', password: 'demo' });
  expect([read.url, read.response.status]).toEqual([`${base}${page}`, 200]);
  const text = await read.response.text();
  expect(text).toContain(DRAFT.subject);
  expect(text).toContain('Valideur du CORRUSS');

  const session = browser.cookies.get('vigie_session') ?? '';
  const stored = await api.database.sql.selectFrom('session').select('id_hash').execute();
  expect(stored.map((row) => row.id_hash)).not.toContain(session);
  expect((await browser.visit(`${base}/v1/me`)).status).toBe(401);

  await browser.go(`${base}/logout`, {});
  expect(await api.database.sql.selectFrom('session').select('id_hash').execute()).toEqual([]);
  expect((await browser.go(`${base}${page}`)).url).toContain('/interaction/');
});

test('the session cookie is out of reach of scripts and other sites', async () => {
  const browser = cookieBrowser();
  const { url } = await browser.go(`${base}/login?next=//ailleurs.example`);
  let response = await browser.visit(url, { account: 'superviseur', password: 'demo' });
  const set: string[] = [];
  let at = url;
  while ([302, 303].includes(response.status)) {
    at = new URL(response.headers.get('location') ?? '', at).href;
    response = await browser.visit(at);
    set.push(...response.headers.getSetCookie());
  }
  expect(at).toBe(`${base}/`);
  expect(set.find((line) => line.startsWith('vigie_session='))).toMatch(/HttpOnly; SameSite=Lax/);
});

test('a callback that nobody began, or with another state, opens nothing', async () => {
  const stranger = cookieBrowser();
  expect((await stranger.visit(`${base}/callback?code=x&state=y`)).status).toBe(400);
  await stranger.visit(`${base}/login`);
  expect((await stranger.visit(`${base}/callback?code=x&state=forged`)).status).toBe(400);
  expect(stranger.cookies.has('vigie_session')).toBe(false);
});

inBrowser('the pages behind the login are accessible, on a telephone too', async () => {
  const flags = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
  ];
  const browser: Browser = await chromium.launch({ executablePath: CHROMIUM, args: flags });
  try {
    const context = await browser.newContext({ locale: 'fr-FR', viewport: { width: 360, height: 740 } });
    const tab = await context.newPage();
    tab.setDefaultTimeout(30_000);
    await tab.goto(`${base}${page}`);
    await tab.getByLabel('Compte').fill('corruss-chef');
    await tab.getByLabel('Mot de passe').fill('demo');
    await tab.getByRole('button', { name: 'Se connecter' }).click();
    await tab.getByRole('heading', { name: DRAFT.subject }).waitFor();
    for (const path of [page, '/logout', '/instructions/absent']) {
      await tab.goto(`${base}${path}`);
      const { violations } = await new AxeBuilder({ page: tab }).analyze();
      expect(violations.map(({ id, nodes }) => `${path} ${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual(
        [],
      );
      expect(await tab.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0);
    }
  } finally {
    await browser.close();
  }
});
