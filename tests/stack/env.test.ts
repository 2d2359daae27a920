import { expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnv, readEnvOf, readStackEnv, readTemporalCliEnv } from '../../config/env.ts';

const KEYS = { VIGIE_SECRET_KEYS: 'k'.repeat(32) };

function faultOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
}

test('without variables the desk is where the contract says', () => {
  const env = readEnv(KEYS);
  expect(env).toMatchObject({
    mode: 'embedded',
    http: { host: '127.0.0.1', port: 3000 },
    publicUrl: 'http://127.0.0.1:3000',
    temporal: { address: '127.0.0.1:7233', namespace: 'default' },
    smtpUrl: 'smtp://127.0.0.1:1025',
    mailFrom: 'corruss@vigie.example',
    mailReplyDomain: 'reply.vigie.example',
    inbound: { port: 2525, imapUrl: null },
    oidc: { issuer: 'http://127.0.0.1:3001' },
    smsUrl: null,
  });
  expect(Object.isFrozen(env.http)).toBe(true);
  const { ports } = readStackEnv({});
  expect(ports).toEqual({ temporal: 7233, temporalUi: 8233, mailbox: 8025, smtp: 1025, postgres: 5433, oidc: 3001 });
});

test('an address that listens everywhere is no address for links', () => {
  expect(readEnv({ ...KEYS, VIGIE_HTTP_HOST: '0.0.0.0', VIGIE_HTTP_PORT: '80' }).publicUrl).toBe('http://127.0.0.1:80');
  expect(readEnv({ ...KEYS, VIGIE_PUBLIC_URL: 'https://vigie.example/' }).publicUrl).toBe('https://vigie.example');
});

test('the address of the desk may stand after its name: what goes into envelopes and alerts is the bare one', () => {
  const of = (value: string) => readEnv({ ...KEYS, MAIL_FROM: value }).mailFrom;
  expect(of('CORRUSS, centre de crises <corruss@sante.example>')).toBe('corruss@sante.example');
  expect(of('corruss@sante.example')).toBe('corruss@sante.example');
  for (const wrong of ['CORRUSS', 'a@x.example, b@y.example', 'CORRUSS <>', 'A <a@x.example> <b@x.example>']) {
    expect(faultOf(() => of(wrong))).toContain('MAIL_FROM is no mail address');
  }
});

test('every wrong variable is named at once, and no secret shows', () => {
  const fault = faultOf(() =>
    readEnv({
      VIGIE_HTTP_PORT: '70000',
      VIGIE_MODE: 'prod',
      DATABASE_URL: 'mysql://desk:hunter2@db/x',
      SMTP_URL: 'relay',
      VIGIE_SECRET_KEYS: 'short-secret',
    }),
  );
  for (const name of ['VIGIE_HTTP_PORT', 'VIGIE_MODE', 'DATABASE_URL', 'SMTP_URL', 'VIGIE_SECRET_KEYS']) {
    expect(fault).toContain(`  ${name}`);
  }
  expect(fault).not.toMatch(/hunter2|short-secret/);
});

test('production names every part and secret that it lacks, and starts with all of them', () => {
  const complete = {
    ...KEYS,
    VIGIE_MODE: 'production',
    VIGIE_PUBLIC_URL: 'https://vigie.example',
    DATABASE_URL: 'postgres://vigie:secret@db/vigie',
    TEMPORAL_ADDRESS: 'temporal:7233',
    SMTP_URL: 'smtps://relay:465',
    OIDC_ISSUER: 'https://login.example/realms/sante',
    OIDC_CLIENT_SECRET: 'secret',
  };
  expect(readEnv(complete).temporal.address).toBe('temporal:7233');
  for (const name of Object.keys(complete).filter((one) => one !== 'VIGIE_MODE')) {
    expect(faultOf(() => readEnv({ ...complete, [name]: undefined }))).toContain(`${name} missing`);
    expect(faultOf(() => readStackEnv({ ...complete, [name]: '' }))).toContain(`${name} missing`);
  }
});

test('trusted proxies are addresses and networks, never everybody, never a number of hops', () => {
  const trusted = (value: string) => readEnv({ ...KEYS, VIGIE_TRUST_PROXY: value }).trustProxy;
  expect([readEnv(KEYS).trustProxy, trusted(' ')]).toEqual([[], []]);
  expect(trusted('10.0.0.5, 10.1.0.0/16,fd00::/8,loopback')).toEqual([
    '10.0.0.5',
    '10.1.0.0/16',
    'fd00::/8',
    'loopback',
  ]);
  for (const wrong of [
    'true',
    '0.0.0.0/0',
    '::/0',
    '10.0.0.0/33',
    '10.0.0',
    'proxy.example',
    '2',
    '10.0.0.1,',
    '-1',
    '1.5',
  ])
    expect(faultOf(() => trusted(wrong))).toContain('VIGIE_TRUST_PROXY');
});

test('Temporal Cloud’s own variables are understood', () => {
  const { temporal } = readEnv({
    ...KEYS,
    TEMPORAL_ADDRESS: 'eu.tmprl.cloud:7233',
    TEMPORAL_NAMESPACE: 'vigie.a1b2c',
    TEMPORAL_API_KEY: 'key',
  });
  expect(temporal).toEqual({ address: 'eu.tmprl.cloud:7233', namespace: 'vigie.a1b2c', apiKey: 'key', tls: true });
});

test('a tool started by hand finds the desk that runs on the data dir', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'vigie-env-'));
  try {
    expect(faultOf(() => readEnvOf(dataDir))).toContain('VIGIE_SECRET_KEYS missing');
    await writeFile(join(dataDir, 'environment.json'), JSON.stringify({ ...KEYS, VIGIE_HTTP_PORT: '12345' }));
    expect(readEnvOf(dataDir)).toMatchObject({ dataDir, http: { port: 12345 } });
  } finally {
    await rm(dataDir, { recursive: true });
  }
});

test('an empty home is no cache folder', () => {
  expect(readTemporalCliEnv({ HOME: '' }).cacheRoot).toBeNull();
  expect(readTemporalCliEnv({ HOME: '/home/a' }).cacheRoot).toBe('/home/a/.cache');
  expect(readTemporalCliEnv({ HOME: '/home/a', XDG_CACHE_HOME: '/cache' }).cacheRoot).toBe('/cache');
});
