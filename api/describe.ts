import { parseKeyRing } from '../config/keys.ts';
import { buildApp } from './app.ts';
import type { ApiDeps } from './deps.ts';

/** The part of the application's surroundings that its description never touches. */
const untouched = (part: string): never =>
  new Proxy(
    {},
    {
      get: () => {
        throw new Error(`the description of the API needs no ${part}`);
      },
    },
  ) as never;

/** The OpenAPI document of the routes as they are, without any server: addresses are those of the defaults. */
export async function describeApi(): Promise<object> {
  const none = (): Promise<never> => Promise.reject(new Error('nothing runs here'));
  const deps: ApiDeps = {
    database: untouched('database'),
    gateway: untouched('gateway'),
    relays: untouched('relays'),
    surveys: untouched('surveys'),
    surveySeries: untouched('surveySeries'),
    signals: untouched('signals'),
    spreadsheets: untouched('spreadsheets'),
    decodePayloads: none,
    readiness: none,
    tokens: { verify: none },
    sendTest: none,
    settings: {
      publicUrl: 'http://127.0.0.1:3000',
      mailFrom: 'corruss@vigie.example',
      mailReplyDomain: 'reply.vigie.example',
      oidc: { issuer: 'http://127.0.0.1:3001', audience: 'urn:vigie:api', clientId: 'vigie-console', clientSecret: '' },
      mailboxUrl: null,
      temporalUiUrl: null,
    },
    keys: parseKeyRing('a ring that only describes and seals nothing'),
    now: Date.now,
  };
  const app = await buildApp(deps);
  try {
    return app.swagger();
  } finally {
    await app.close();
  }
}
