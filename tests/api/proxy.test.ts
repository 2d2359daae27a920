import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pino from 'pino';
import { requestSerializers } from '../../api/plugins/logging.ts';
import { type ReadingDesk, startReadingDesk } from '../support/api-desk.ts';

let desk: ReadingDesk;
beforeAll(async () => {
  desk = await startReadingDesk();
}, 60_000);
afterAll(() => desk.close());

const LIMITS = { perLinkAddress: 2, eventLoopDelayMs: 0 };
const PROXY = '10.1.2.3';

/** Asks for a link, as `client` behind the proxy at `from` says: 429 or not. */
async function asks(changes: Parameters<ReadingDesk['rebuild']>[0], asked: readonly (readonly [string, string])[]) {
  const app = await desk.rebuild({ limits: LIMITS, ...changes });
  const refused: boolean[] = [];
  for (const [from, client] of asked) {
    const headers = { 'x-forwarded-for': client };
    const { statusCode } = await app.inject({ url: `/r/${'x'.repeat(43)}`, remoteAddress: from, headers });
    refused.push(statusCode === 429);
  }
  return refused;
}

const THREE = ['203.0.113.1', '203.0.113.2', '203.0.113.3'] as const;

test('without a trusted proxy nobody’s word on his address is taken', async () => {
  expect(
    await asks(
      {},
      THREE.map((client) => [PROXY, client] as const),
    ),
  ).toEqual([false, false, true]);
});

test('behind a trusted proxy each client has a limit of his own', async () => {
  const same = '203.0.113.1';
  const asked = [...THREE.map((client) => [PROXY, client] as const), [PROXY, same], [PROXY, same]] as const;
  expect(await asks({ trustProxy: ['10.1.0.0/16'] }, asked)).toEqual([false, false, false, false, true]);
});

test('the word of another than the trusted proxy is not taken, nor what a client puts before the proxy’s', async () => {
  const changes = { trustProxy: ['10.1.0.0/16'] };
  expect(
    await asks(
      changes,
      THREE.map((client) => ['198.51.100.9', client] as const),
    ),
  ).toEqual([false, false, true]);
  const forged = THREE.map((client) => [PROXY, `${client}, 198.51.100.9`] as const);
  expect(await asks(changes, forged)).toEqual([false, false, true]);
});

test('the log names the client', async () => {
  const lines: string[] = [];
  const logger = pino({ serializers: requestSerializers }, { write: (line: string) => void lines.push(line) });
  await asks({ trustProxy: ['10.1.0.0/16'], logger }, [[PROXY, '203.0.113.1']]);
  expect(lines.join('')).toContain('"address":"203.0.113.1"');
  expect(lines.join('')).not.toContain(PROXY);
});
