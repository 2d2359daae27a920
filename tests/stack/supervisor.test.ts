import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readEnvOf } from '../../config/env.ts';
import { isAlive } from '../../stack/processes.ts';
import { freePort } from '../support/free-port.ts';
import { until } from '../support/wait.ts';
import { childrenOf, cleanUp, type Desk, freshDataDir, runDesk } from './desk.ts';

const PARTS = ['postgres', 'mailbox'];
let dataDir = '';
const desks: Desk[] = [];

beforeEach(async () => {
  dataDir = await freshDataDir();
});

afterEach(() => cleanUp(dataDir, desks.splice(0)), 60_000);

function desk(only: readonly string[] = PARTS, variables: Readonly<Record<string, string>> = {}): Desk {
  const started = runDesk(dataDir, only, variables);
  desks.push(started);
  return started;
}

test('a killed part comes back, a second desk is refused, and SIGINT leaves nothing running', async () => {
  const first = desk();
  const addresses = await first.ready();
  expect(readEnvOf(dataDir).databaseUrl).toContain(addresses.postgres);
  expect((await stat(join(dataDir, 'secrets.json'))).mode & 0o777).toBe(0o600);

  const second = desk();
  await once(second.process, 'close');
  expect(second.process.exitCode).toBe(1);
  expect(second.output()).toContain(`Un bureau tourne déjà sur ${dataDir} (processus ${first.process.pid})`);

  const before = await childrenOf(dataDir);
  expect([...before.keys()].toSorted()).toEqual(PARTS.toSorted());
  process.kill(before.get('mailbox')!.pid, 'SIGKILL');
  await until('the mailbox', async () => {
    const now = (await childrenOf(dataDir)).get('mailbox');
    return (
      now !== undefined &&
      now.pid !== before.get('mailbox')!.pid &&
      (await fetch(`${addresses.mailbox}/api/healthz`)).ok
    );
  });

  const running = [...(await childrenOf(dataDir)).values()];
  expect(running).toHaveLength(2);
  first.process.kill('SIGINT');
  expect(await first.end('SIGINT')).toBe(0); // the second signal changes nothing
  expect(running.filter(isAlive)).toEqual([]);
  await expect(stat(join(dataDir, 'addresses.json'))).rejects.toThrow('ENOENT');
}, 180_000);

test('after kill -9 of the supervisor the next start stops the orphans and goes on with the same data and ports', async () => {
  const first = desk();
  const addresses = await first.ready();
  const secrets = await readFile(join(dataDir, 'secrets.json'), 'utf8');
  const orphans = [...(await childrenOf(dataDir)).values()];
  await first.end('SIGKILL');
  expect(orphans.filter(isAlive)).toHaveLength(2);

  const second = desk();
  const again = await second.ready();
  expect(orphans.filter(isAlive)).toEqual([]);
  expect({ ...again, supervisor: 0 }).toEqual({ ...addresses, supervisor: 0 });
  expect(await readFile(join(dataDir, 'secrets.json'), 'utf8')).toBe(secrets);
  expect(await second.end('SIGTERM')).toBe(0);
}, 180_000);

test('a taken port is named together with the variable that changes it', async () => {
  const port = await freePort();
  const holder = createServer().listen(port, '127.0.0.1');
  await once(holder, 'listening');
  try {
    const refused = desk(['mailbox'], { VIGIE_MAILBOX_PORT: String(port) });
    await once(refused.process, 'close');
    expect(refused.process.exitCode).toBe(1);
    expect(refused.output()).toContain(
      `Le port ${port} (boîte aux lettres) est déjà pris : changez-le par VIGIE_MAILBOX_PORT.`,
    );
  } finally {
    holder.close();
  }
}, 180_000);

test('production refuses every embedded part and names it', async () => {
  const refused = desk(PARTS, { VIGIE_MODE: 'production' });
  await once(refused.process, 'close');
  expect(refused.process.exitCode).toBe(1);
  for (const name of [
    'DATABASE_URL',
    'TEMPORAL_ADDRESS',
    'SMTP_URL',
    'OIDC_ISSUER',
    'OIDC_CLIENT_SECRET',
    'VIGIE_SECRET_KEYS',
  ]) {
    expect(refused.output()).toContain(`${name} missing`);
  }
}, 180_000);
