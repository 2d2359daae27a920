import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTokenVerifier } from '../../api/access/tokens.ts';
import { refuseUndeclared } from '../../api/plugins/access.ts';
import { openDatabase } from '../../db/database.ts';
import { callerOf, DRAFT, type ReadingDesk, startReadingDesk } from '../support/api-desk.ts';
import { type AccountName, startTestIssuer, type TokenOptions } from '../support/desk-accounts.ts';

const UUID = '0198c0de-0000-7000-8000-000000000000';
let api: ReadingDesk;
beforeAll(async () => {
  api = await startReadingDesk();
});
afterAll(() => api.close());

test('a route without a permission, or with an id and no territory, stops the application from being built', () => {
  const route = { method: 'GET', url: '/v1/things/:id', handler: () => undefined };
  expect(() => refuseUndeclared({ ...route, method: 'GET' })).toThrow('GET /v1/things/:id declares no permission');
  const named = { ...route, method: 'GET' as const, config: { permission: 'desk' as const } };
  expect(() => refuseUndeclared(named)).toThrow('GET /v1/things/:id takes an id and declares no territory');
  expect(() => refuseUndeclared({ ...named, config: { ...named.config, territory: 'none' } })).not.toThrow();
});

test('every route of /v1 answers 401 without a token, and says so as a problem', async () => {
  const { paths } = (await api.app.inject('/openapi.json')).json<{ paths: Record<string, Record<string, unknown>> }>();
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ path, method })),
  );
  const guarded = routes.filter(({ path }) => path.startsWith('/v1') || path.startsWith('/codec'));
  expect(guarded.length).toBeGreaterThan(30);
  for (const { path, method } of guarded) {
    const url = path.replaceAll(/\{\w+\}/g, UUID);
    const answer = await api.app.inject({ method: method.toUpperCase() as 'GET', url });
    expect([method, path, answer.statusCode]).toEqual([method, path, 401]);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
  }
});

test('a NUL where a route takes an id is nobody’s id, and breaks none of them', async () => {
  const { paths } = (await api.app.inject('/openapi.json')).json<{ paths: Record<string, Record<string, unknown>> }>();
  const answers = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).flatMap((method) =>
      [path.replaceAll(/\{\w+\}/g, 'a%00b'), path.replace('{id}', UUID).replaceAll(/\{\w+\}/g, 'a%00b')]
        .filter((url) => url.includes('%00'))
        .map(async (url) => {
          const headers = { authorization: `Bearer ${await api.issuer.token('corruss-chef')}` };
          const { statusCode } = await api.app.inject({ method: method.toUpperCase() as 'GET', url, headers });
          return [statusCode, method, url] as const;
        }),
    ),
  );
  expect(answers.length).toBeGreaterThan(100);
  const wrong = (await Promise.all(answers)).filter(([status]) => status < 400 || status >= 500);
  expect(wrong).toEqual([]);
});

test.each<[string, TokenOptions]>([
  ['signed by a stranger', { forged: true }],
  ['of another issuer', { issuer: 'http://ailleurs.example' }],
  ['for another audience', { audience: 'urn:autre' }],
  ['past', { expiresInSeconds: -3600 }],
  ['that is an identity token', { typ: 'JWT' }],
  ['without an organisation', { claims: { org: undefined } }],
])('a token %s is refused', async (_what, options) => {
  const token = await api.issuer.token('corruss-chef', options);
  const answer = await api.app.inject({ url: '/v1/me', headers: { authorization: `Bearer ${token}` } });
  expect([answer.statusCode, answer.json<{ type: string }>().type]).toEqual([401, 'urn:vigie:problem:bad-token']);
});

test('keys once read go on counting while the issuer is away; before that the answer is 503', async () => {
  const issuer = await startTestIssuer();
  const tokens = createTokenVerifier({ issuer: issuer.url, audience: issuer.audience });
  const never = createTokenVerifier({ issuer: issuer.url, audience: issuer.audience });
  const token = await issuer.token('ars-84');
  const another = await issuer.token('ars-84', { expiresInSeconds: 60 });
  await tokens.verify(token);
  await issuer.close();
  expect(await tokens.verify(another)).toMatchObject({ sub: 'ars-84', org: 'ARS-84', roles: ['ars'] });
  const app = await api.rebuild({ tokens: never });
  const answer = await callerOf(app, () => Promise.resolve(token)).get('/v1/me');
  expect([answer.status, answer.headers['retry-after']]).toEqual([503, '5']);
});

test('a token once found good is not good beyond its end', async () => {
  const tokens = createTokenVerifier({ issuer: api.issuer.url, audience: api.issuer.audience });
  const token = await api.issuer.token('ars-84', { expiresInSeconds: 1 });
  expect(await tokens.verify(token)).toEqual(await tokens.verify(token));
  // Five seconds of tolerance for clocks that differ.
  await pause(6_500);
  await expect(tokens.verify(token)).rejects.toMatchObject({ status: 401 });
});

test.each<[AccountName, unknown]>([
  ['corruss-chef', 'all'],
  ['superviseur', 'all'],
  ['ars-84', ['ARS-84']],
  ['ars-93', ['ARS-93', 'ARS-94']],
  ['admin', []],
  ['stock-national', []],
])('%s knows its own territory', async (account, territory) => {
  const me = await api.as(account).get<{ territory: unknown }>('/v1/me');
  if (account !== 'ars-93') expect(me.body.territory).toEqual(territory);
  else expect(me.body.territory).toEqual(expect.arrayContaining(territory as string[]));
});

test('roles of the desk count only for the desk itself', async () => {
  const token = await api.issuer.token('corruss-redacteur', { claims: { org: 'ARS-84' } });
  expect((await callerOf(api.app, () => Promise.resolve(token)).post('/v1/instructions', DRAFT)).status).toBe(403);
});

test('with Temporal away reads and drafts work, what needs it gets 503 with Retry-After and leaves a draft', async () => {
  const author = api.as('corruss-redacteur');
  const { body } = await author.post<{ id: string }>('/v1/instructions', DRAFT);
  const release = await api.as('corruss-valideur').post(`/v1/instructions/${body.id}/release`);
  expect(release).toMatchObject({ status: 503, body: { type: 'urn:vigie:problem:unavailable' } });
  expect(Number(release.headers['retry-after'])).toBeGreaterThan(0);
  expect((await author.get(`/v1/instructions/${body.id}`)).body).toMatchObject({ status: 'draft', number: null });
});

test('with PostgreSQL away the answer is 503 with Retry-After, never 500, and says nothing of its inside', async () => {
  const database = await openDatabase('postgres://nobody:secret@127.0.0.1:9/none');
  const app = await api.rebuild({ database });
  const caller = callerOf(app, () => api.issuer.token('corruss-redacteur'));
  for (const answer of [await caller.get('/v1/instructions'), await caller.post('/v1/instructions', DRAFT)]) {
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '5']);
    expect(answer.text).not.toMatch(/127\.0\.0\.1|ECONNREFUSED|secret/);
  }
  await database.close();
});

test('a defect of ours is a 500 without a word of it', async () => {
  const broken = { ...api.deps.gateway, release: () => Promise.reject(new Error('the inside of it')) };
  const app = await api.rebuild({ gateway: broken });
  const { body } = await api.as('corruss-redacteur').post<{ id: string }>('/v1/instructions', DRAFT);
  const answer = await callerOf(app, () => api.issuer.token('corruss-valideur')).post(
    `/v1/instructions/${body.id}/release`,
  );
  expect([answer.status, answer.body['title']]).toEqual([500, 'Erreur interne']);
  expect(answer.text).not.toContain('inside');
});

test('requests beyond the limit get 429 with Retry-After: for each account, and for each address on links', async () => {
  const app = await api.rebuild({ limits: { perSub: 3, perLinkAddress: 2, eventLoopDelayMs: 0 } });
  const [one, other] = [
    callerOf(app, () => api.issuer.token('ars-84')),
    callerOf(app, () => api.issuer.token('ars-11')),
  ];
  const statuses = [];
  for (let request = 0; request < 4; request += 1) statuses.push((await one.get('/v1/me')).status);
  expect(statuses).toEqual([200, 200, 200, 429]);
  expect((await other.get('/v1/me')).status).toBe(200);
  const links = [];
  for (let request = 0; request < 3; request += 1) links.push(await app.inject(`/r/unknown-${request}`));
  expect(links.map((answer) => answer.statusCode)).toEqual([404, 404, 429]);
  expect(Number(links[2]!.headers['retry-after'])).toBeGreaterThan(0);
});

test('readiness is green once everything was there, then degraded while Temporal is away', async () => {
  let temporal = false;
  const all = { database: true, migrations: true, queuesWithoutPoller: [] };
  const app = await api.rebuild({ readiness: () => Promise.resolve({ ...all, temporal }) });
  const ask = async () => {
    const answer = await app.inject('/readyz');
    return [answer.statusCode, answer.json<{ status: string }>().status];
  };
  expect(await ask()).toEqual([503, 'starting']);
  temporal = true;
  expect(await ask()).toEqual([200, 'ready']);
  temporal = false;
  expect(await ask()).toEqual([200, 'degraded']);
  expect((await app.inject('/healthz')).statusCode).toBe(200);
  expect((await app.inject('/metrics')).body).toContain('http_request_duration_seconds');
});

test('an unknown address gets 404 as a problem, with the headers of every answer', async () => {
  const answer = await api.app.inject('/v1/nothing');
  expect([answer.statusCode, answer.json<{ title: string }>().title]).toEqual([404, 'Introuvable']);
  expect(answer.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
  expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
});
