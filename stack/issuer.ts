// The embedded OIDC issuer: a child of the supervisor.
import '../config/node-version.ts';
import { join } from 'node:path';
import pino from 'pino';
import { readEnv } from '../config/env.ts';
import { createProvider, makeIssuerKeys } from './issuer/provider.ts';
import { createIssuerServer } from './issuer/server.ts';
import { loadOrMake } from './secrets.ts';

const env = readEnv();
const log = pino({ name: 'issuer', level: env.logLevel });
if (env.mode === 'production')
  throw new Error('VIGIE_MODE=production refuses the embedded issuer and its demo accounts');

const provider = createProvider({
  url: env.oidc.issuer,
  audience: env.oidc.audience,
  publicUrl: env.publicUrl,
  consoleClient: { id: env.oidc.clientId, secret: env.oidc.clientSecret },
  keys: await loadOrMake(join(env.dataDir, 'issuer.json'), makeIssuerKeys),
});
provider.on('server_error', (_ctx, error) => log.error(error, 'a request failed'));

const { hostname, port } = new URL(env.oidc.issuer);
const server = createIssuerServer(provider).listen(Number(port), hostname, () => {
  log.info({ issuer: env.oidc.issuer }, 'listening');
});

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    log.info('stopping');
    server.close(() => process.exit(0));
    server.closeAllConnections();
  });
}
