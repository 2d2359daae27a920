import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { createTokenVerifier } from '../../api/access/tokens.ts';
import { buildApp } from '../../api/app.ts';
import type { ApiDeps } from '../../api/deps.ts';
import { createTestSender } from '../../api/test-mail.ts';
import { openSpreadsheets } from '../../channels/spreadsheets/spreadsheets.ts';
import { type KeyRing, parseKeyRing } from '../../config/keys.ts';
import type { Database } from '../../db/database.ts';
import { connectGateway } from '../../gateway/connection.ts';
import { earlySignalGateway, type EarlySignalGateway } from '../../gateway/early-signal-gateway.ts';
import { type InstructionGateway, instructionGateway } from '../../gateway/instruction-gateway.ts';
import { relayGateway, type RelayGateway } from '../../gateway/relay-gateway.ts';
import { surveyGateway, type SurveyGateway } from '../../gateway/survey-gateway.ts';
import { surveySeriesGateway, type SurveySeriesGateway } from '../../gateway/survey-series-gateway.ts';
import { createPayloadReader } from '../../gateway/payload-codec.ts';
import { freshDatabase } from './database.ts';
import { startMailSink } from './mail-sink.ts';
import { type AccountName, startTestIssuer, type TestIssuer } from './desk-accounts.ts';
import { type DeskOptions, type InstructionDesk, startInstructionDesk } from './instruction-desk.ts';

type Headers = Readonly<Record<string, string>>;

export interface Answer<T = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
  readonly body: T;
  readonly text: string;
}

/** The API as one account sees it. */
export interface Caller {
  get<T = Record<string, unknown>>(path: string, headers?: Headers): Promise<Answer<T>>;
  post<T = Record<string, unknown>>(path: string, body?: unknown, headers?: Headers): Promise<Answer<T>>;
  patch<T = Record<string, unknown>>(path: string, body: unknown, headers?: Headers): Promise<Answer<T>>;
  put<T = Record<string, unknown>>(path: string, body: unknown, headers?: Headers): Promise<Answer<T>>;
  delete<T = Record<string, unknown>>(path: string, headers?: Headers): Promise<Answer<T>>;
}

interface Api {
  readonly app: FastifyInstance;
  readonly issuer: TestIssuer;
  readonly deps: ApiDeps;
  as(account: AccountName): Caller;
  /** Another application over the same parts, some replaced; closed with the desk. */
  rebuild(changes: Partial<ApiDeps>): Promise<FastifyInstance>;
  close(): Promise<void>;
}

/** The web application over a real desk: PostgreSQL, Temporal, workers, SMTP, an issuer with published keys. */
export interface ApiDesk extends Api {
  readonly desk: InstructionDesk;
}

/** The web application over PostgreSQL alone: Temporal does not answer. */
export interface ReadingDesk extends Api {
  readonly database: Database;
  /** For what only the owner of the tables may do. */
  readonly databaseUrl: string;
}

export const DRAFT = {
  nature: 'action',
  subject: 'Recensement des lits de réanimation',
  body: 'Merci de **recenser** les lits disponibles.',
  audience: { organisations: ['ARS-84', 'ARS-11', 'ARS-93', 'ARS-94'] },
  deadline: '4H',
};

export async function startApiDesk(options: DeskOptions = {}): Promise<ApiDesk> {
  const desk = await startInstructionDesk(options);
  const { database, gateway, relays, signals, surveys, surveySeries, keys, sink } = desk;
  const api = await startApi({ database, gateway, relays, signals, surveys, surveySeries, keys, smtpUrl: sink.url });
  return {
    ...api,
    desk,
    as: (account) => callerOf(api.app, () => api.issuer.token(account), MOST_TRIES),
    close: async () => {
      await api.close();
      await desk.close();
    },
  };
}

export async function startReadingDesk(): Promise<ReadingDesk> {
  const [fresh, sink] = await Promise.all([freshDatabase(), startMailSink()]);
  const { database } = fresh;
  const keys = parseKeyRing('the key ring of the tests seals nothing of worth');
  // Port 9 is «discard»: nobody listens there.
  const away = await connectGateway({ address: '127.0.0.1:9', namespace: 'default', keys });
  const api = await startApi({
    database,
    gateway: instructionGateway(away),
    relays: relayGateway(away),
    surveys: surveyGateway(away),
    surveySeries: surveySeriesGateway(away),
    signals: earlySignalGateway(away),
    keys,
    smtpUrl: sink.url,
  });
  return {
    ...api,
    database,
    databaseUrl: fresh.url,
    close: async () => {
      await api.close();
      await Promise.all([away.close(), sink.close()]);
      await fresh.drop();
    },
  };
}

interface Parts {
  readonly database: Database;
  readonly gateway: InstructionGateway;
  readonly relays: RelayGateway;
  readonly surveys: SurveyGateway;
  readonly surveySeries: SurveySeriesGateway;
  readonly signals: EarlySignalGateway;
  readonly keys: KeyRing;
  readonly smtpUrl: string;
}

async function startApi({ smtpUrl, ...parts }: Parts): Promise<Api> {
  const issuer = await startTestIssuer();
  const spreadsheets = openSpreadsheets({ timeMs: 60_000 });
  const deps: ApiDeps = {
    ...parts,
    spreadsheets,
    decodePayloads: createPayloadReader(parts.keys),
    readiness: () => Promise.resolve({ database: true, migrations: true, temporal: true, queuesWithoutPoller: [] }),
    tokens: createTokenVerifier({ issuer: issuer.url, audience: issuer.audience }),
    sendTest: createTestSender(smtpUrl, 'corruss@vigie.example'),
    settings: {
      publicUrl: 'http://vigie.example',
      mailFrom: 'corruss@vigie.example',
      mailReplyDomain: 'reply.vigie.example',
      oidc: { issuer: issuer.url, audience: issuer.audience, clientId: 'vigie-console', clientSecret: '' },
      mailboxUrl: 'http://127.0.0.1:8025',
      temporalUiUrl: 'http://127.0.0.1:8233',
    },
    now: Date.now,
    // A busy test machine is no overload, and a test no leaked link.
    limits: { eventLoopDelayMs: 0, filesPerLink: 100 },
  };
  const app = await buildApp(deps);
  const others: FastifyInstance[] = [];
  return {
    app,
    issuer,
    deps,
    as: (account) => callerOf(app, () => issuer.token(account)),
    rebuild: async (changes) => {
      const other = await buildApp({ ...deps, ...changes });
      others.push(other);
      return other;
    },
    close: async () => {
      await Promise.all([app, ...others].map((one) => one.close()));
      await Promise.all([issuer.close(), spreadsheets.close()]);
    },
  };
}

/** A busy machine may miss the 3 s that the engine has: like any client, the test then asks again by the same key. */
const MOST_TRIES = 5;

/** Requests through the whole application, without a socket; asked again while the answer is 503. */
export function callerOf(app: FastifyInstance, token: () => Promise<string>, tries = 1): Caller {
  const call = async <T>(
    method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE',
    url: string,
    body: unknown,
    headers: Headers = {},
  ): Promise<Answer<T>> => {
    const payload = body === undefined ? {} : { payload: JSON.stringify(body) };
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const key = tries > 1 && method === 'POST' ? { 'idempotency-key': randomUUID() } : {};
    const sent = { authorization: `Bearer ${await token()}`, ...type, ...key, ...headers };
    const ask = () => app.inject({ method, url, headers: sent, ...payload });
    let response = await ask();
    for (let more = tries - 1; more > 0 && response.statusCode === 503; more -= 1) response = await ask();
    const json = (response.headers['content-type'] ?? '').includes('json');
    return {
      status: response.statusCode,
      headers: response.headers,
      text: response.body,
      body: (json ? response.json() : {}) as T,
    };
  };
  return {
    get: (path, headers) => call('GET', path, undefined, headers),
    post: (path, body, headers) => call('POST', path, body, headers),
    patch: (path, body, headers) => call('PATCH', path, body, headers),
    put: (path, body, headers) => call('PUT', path, body, headers),
    delete: (path, headers) => call('DELETE', path, undefined, headers),
  };
}
