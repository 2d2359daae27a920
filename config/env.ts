import { loadClientConnectConfig } from '@temporalio/envconfig';
import { readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { type KeyRing, parseKeyRing } from './keys.ts';
import { type TrustedProxies, Variables } from './variables.ts';

type Source = Readonly<Record<string, string | undefined>>;
type TemporalTls = NonNullable<ReturnType<typeof loadClientConnectConfig>['connectionOptions']['tls']>;

export type Mode = 'embedded' | 'production';

/** Where Temporal is and how to get in; read by `@temporalio/envconfig`, so Temporal Cloud's own variables work. */
export interface TemporalAccess {
  readonly address: string;
  readonly namespace: string;
  readonly apiKey?: string;
  readonly tls?: TemporalTls;
}

/** Everything that a role (API, worker, intake, a tool) takes from its surroundings: parsed once, frozen. */
export interface Env {
  readonly mode: Mode;
  readonly logLevel: string;
  readonly http: { readonly host: string; readonly port: number };
  /** Behind them the address of a client is the one that they tell. */
  readonly trustProxy: TrustedProxies;
  /** Base of the links in mails, without a slash at its end. */
  readonly publicUrl: string;
  /** Absolute. */
  readonly dataDir: string;
  /** Absolute; reference data and schemas that are not part of the project. It may not exist. */
  readonly referenceDir: string;
  readonly databaseUrl: string;
  readonly temporal: TemporalAccess;
  readonly smtpUrl: string;
  /** HTTP gateways; null: recorded in the mailbox. */
  readonly smsUrl: string | null;
  readonly faxUrl: string | null;
  readonly mailFrom: string;
  readonly mailReplyDomain: string;
  /** Whom the daily root of the audit is mailed to, outside of Vigie; null: the desk. */
  readonly auditRootMail: string | null;
  readonly inbound: {
    readonly host: string;
    readonly port: number;
    readonly imapUrl: string | null;
    /** Name of our own relay in `Authentication-Results`; null: no verdict is believed. */
    readonly authservId: string | null;
  };
  readonly oidc: {
    readonly issuer: string;
    readonly audience: string;
    readonly clientId: string;
    readonly clientSecret: string;
  };
  readonly keys: KeyRing;
  /** Web pages of the embedded mailbox and of the Temporal UI; null where somebody else runs them. */
  readonly companions: { readonly mailboxUrl: string | null; readonly temporalUiUrl: string | null };
}

/** What the supervisor needs beside the variables that it hands on. A null address means: run that part here. */
export interface StackEnv {
  readonly mode: Mode;
  readonly logLevel: string;
  readonly dataDir: string;
  readonly http: { readonly host: string; readonly port: number };
  readonly inboundPort: number;
  readonly databaseUrl: string | null;
  readonly temporalAddress: string | null;
  readonly smtpUrl: string | null;
  readonly oidcIssuer: string | null;
  readonly ports: {
    readonly temporal: number;
    readonly temporalUi: number;
    readonly mailbox: number;
    readonly smtp: number;
    readonly postgres: number;
    readonly oidc: number;
  };
  readonly temporalCli: TemporalCliEnv;
  /** The whole environment as it came, to be handed to children. */
  readonly inherited: Source;
}

/** Where the Temporal CLI may be. */
export interface TemporalCliEnv {
  readonly explicitPath: string | null;
  readonly searchPath: string;
  /** `$XDG_CACHE_HOME`, else `$HOME/.cache`; null when neither is an absolute path. */
  readonly cacheRoot: string | null;
}

/** Written by the supervisor in the data dir while the desk runs: roles and tools started by hand find the desk by it. */
export const RUNNING_ENVIRONMENT = 'environment.json';

export const DEFAULT_AUDIENCE = 'urn:vigie:api';
export const CONSOLE_CLIENT = 'vigie-console';
const PRODUCTION_SECRETS = ['DATABASE_URL', 'TEMPORAL_ADDRESS', 'SMTP_URL', 'OIDC_ISSUER', 'OIDC_CLIENT_SECRET'];

/**
 * The environment of a role.
 * @param source variables to read; without it, those of the process, completed (embedded mode) by the desk that runs on
 *   the data dir
 * @throws Error listing every wrong or missing variable
 */
export function readEnv(source?: Source): Env {
  const given = source ?? withRunningDesk(process.env);
  const read = new Variables(given);
  const base = readBase(read);
  if (base.mode === 'production') requireProduction(read);
  const env: Env = {
    ...base,
    trustProxy: read.trustedProxies('VIGIE_TRUST_PROXY'),
    publicUrl: read.url('VIGIE_PUBLIC_URL', ['http', 'https'], urlOf(base.http)) ?? '',
    referenceDir: resolve(read.text('VIGIE_REFERENCE_DIR', '../shared')),
    databaseUrl: read.url('DATABASE_URL', ['postgres', 'postgresql'], embeddedDatabase(read)) ?? '',
    temporal: readTemporal(read, given),
    smtpUrl: read.url('SMTP_URL', ['smtp', 'smtps'], `smtp://127.0.0.1:${read.port('VIGIE_SMTP_PORT', 1025)}`) ?? '',
    smsUrl: read.url('SMS_URL', ['http', 'https'], null),
    faxUrl: read.url('FAX_URL', ['http', 'https'], null),
    mailFrom: read.mailbox('MAIL_FROM', 'corruss@vigie.example'),
    mailReplyDomain: read.text('MAIL_REPLY_DOMAIN', 'reply.vigie.example').toLowerCase(),
    auditRootMail: read.address('AUDIT_ROOT_MAIL'),
    inbound: {
      host: read.text('INBOUND_SMTP_HOST', '127.0.0.1'),
      port: read.port('INBOUND_SMTP_PORT', 2525),
      imapUrl: read.url('IMAP_URL', ['imap', 'imaps'], null),
      authservId: read.optional('MAIL_AUTHSERV_ID'),
    },
    oidc: {
      issuer:
        read.url('OIDC_ISSUER', ['http', 'https'], `http://127.0.0.1:${read.port('VIGIE_OIDC_PORT', 3001)}`) ?? '',
      audience: read.text('OIDC_AUDIENCE', DEFAULT_AUDIENCE),
      clientId: read.text('OIDC_CLIENT_ID', CONSOLE_CLIENT),
      clientSecret: read.text('OIDC_CLIENT_SECRET', ''),
    },
    keys: readKeys(read),
    companions: {
      mailboxUrl: companionUrl(base.mode, read.port('VIGIE_MAILBOX_PORT', 8025)),
      temporalUiUrl: companionUrl(base.mode, read.port('VIGIE_TEMPORAL_UI_PORT', 8233)),
    },
  };
  read.check();
  return deepFreeze(env);
}

const companionUrl = (mode: Mode, port: number): string | null =>
  mode === 'embedded' && port > 0 ? `http://127.0.0.1:${port}` : null;

/** The environment of the desk that runs on `dataDir`, whatever the variables of this process say. */
export const readEnvOf = (dataDir: string): Env => readEnv(withRunningDesk({ VIGIE_DATA_DIR: dataDir }));

/**
 * The environment of the supervisor.
 * @throws Error listing every wrong variable; in production, every part that would be embedded and every missing secret
 */
export function readStackEnv(source: Source = process.env): StackEnv {
  const read = new Variables(source);
  const base = readBase(read);
  if (base.mode === 'production') {
    requireProduction(read);
    readKeys(read);
  }
  const env: StackEnv = {
    ...base,
    inboundPort: read.port('INBOUND_SMTP_PORT', 2525),
    databaseUrl: read.url('DATABASE_URL', ['postgres', 'postgresql'], null),
    temporalAddress: read.optional('TEMPORAL_ADDRESS'),
    smtpUrl: read.url('SMTP_URL', ['smtp', 'smtps'], null),
    oidcIssuer: read.url('OIDC_ISSUER', ['http', 'https'], null),
    ports: {
      temporal: read.port('VIGIE_TEMPORAL_PORT', 7233),
      temporalUi: read.port('VIGIE_TEMPORAL_UI_PORT', 8233),
      mailbox: read.port('VIGIE_MAILBOX_PORT', 8025),
      smtp: read.port('VIGIE_SMTP_PORT', 1025),
      postgres: read.port('VIGIE_POSTGRES_PORT', 5433),
      oidc: read.port('VIGIE_OIDC_PORT', 3001),
    },
    temporalCli: readTemporalCliEnv(source),
    inherited: { ...source },
  };
  read.check();
  return deepFreeze(env);
}

/** Where the Temporal CLI may be on this machine. */
export function readTemporalCliEnv(source: Source = process.env): TemporalCliEnv {
  const read = new Variables(source);
  const home = read.optional('HOME');
  const cache = read.optional('XDG_CACHE_HOME') ?? (home === null ? null : join(home, '.cache'));
  return {
    explicitPath: read.optional('TEMPORAL_CLI_PATH'),
    searchPath: read.text('PATH', ''),
    cacheRoot: cache !== null && isAbsolute(cache) ? cache : null,
  };
}

/** The data dir alone, for tools that look for a desk; absolute. */
export const readDataDir = (source: Source = process.env): string =>
  resolve(new Variables(source).text('VIGIE_DATA_DIR', '.vigie'));

/** Tests: where reference data and schemas that are no part of the project may be; absolute. */
export const readReferenceDir = (source: Source = process.env): string =>
  resolve(new Variables(source).text('VIGIE_REFERENCE_DIR', '../shared'));

/** A child inherits what the process has (PATH, HOME, locale) and these on top. */
export const childEnvironment = (extra: Source): Source => ({ ...process.env, ...extra });

/** Tests: the file that says where the servers of this run are; their workers inherit it. */
export const readTestServersFile = (): string | null => new Variables(process.env).optional(TEST_SERVERS);

/** Tests: hands the file's path to every worker that starts from here on. */
export const setTestServersFile = (path: string): void => {
  process.env[TEST_SERVERS] = path;
};

const TEST_SERVERS = 'VIGIE_TEST_SERVERS';

function readBase(read: Variables) {
  return {
    mode: read.oneOf<Mode>('VIGIE_MODE', ['embedded', 'production'], 'embedded'),
    logLevel: read.oneOf('VIGIE_LOG_LEVEL', ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'info'),
    http: { host: read.text('VIGIE_HTTP_HOST', '127.0.0.1'), port: read.port('VIGIE_HTTP_PORT', 3000) },
    dataDir: resolve(read.text('VIGIE_DATA_DIR', '.vigie')),
  };
}

/** Production has no embedded part, hence no demo account, and no secret made by itself. */
function requireProduction(read: Variables): void {
  for (const name of PRODUCTION_SECRETS) read.required(name, 'production has no embedded part to fall back on');
  read.required('VIGIE_PUBLIC_URL', 'the links in mails start with it');
}

function readKeys(read: Variables): KeyRing {
  const text = read.required('VIGIE_SECRET_KEYS', 'npm start makes it in the data dir, production must bring it');
  const ring = text === '' ? undefined : read.reading('VIGIE_SECRET_KEYS', () => parseKeyRing(text));
  return ring ?? [{ id: '', secret: Buffer.alloc(0) }];
}

function readTemporal(read: Variables, source: Source): TemporalAccess {
  const fallback = `127.0.0.1:${read.port('VIGIE_TEMPORAL_PORT', 7233)}`;
  const overrideEnvVars = Object.fromEntries(
    Object.entries(source).flatMap(([k, v]) => (v === undefined ? [] : [[k, v]])),
  );
  // A file in the user's home must not redirect the desk: read only when it is named.
  const disableFile = read.optional('TEMPORAL_CONFIG_FILE') === null;
  const config = read.reading('TEMPORAL_ADDRESS', () => loadClientConnectConfig({ overrideEnvVars, disableFile }));
  const { address, apiKey, tls } = config?.connectionOptions ?? {};
  return {
    address: address === undefined || address === '' ? fallback : address,
    namespace: config?.namespace ?? 'default',
    ...(typeof apiKey === 'string' ? { apiKey } : {}),
    ...(tls === undefined || tls === null ? {} : { tls }),
  };
}

const embeddedDatabase = (read: Variables): string =>
  `postgres://vigie@127.0.0.1:${read.port('VIGIE_POSTGRES_PORT', 5433)}/vigie`;

function urlOf(http: { host: string; port: number }): string {
  const host = ['0.0.0.0', '::', ''].includes(http.host) ? '127.0.0.1' : http.host;
  return `http://${host.includes(':') ? `[${host}]` : host}:${http.port}`;
}

function withRunningDesk(own: Source): Source {
  if ((own['VIGIE_MODE']?.trim() ?? '') === 'production') return own;
  const file = join(readDataDir(own), RUNNING_ENVIRONMENT);
  try {
    return { ...(JSON.parse(readFileSync(file, 'utf8')) as Source), ...own };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return own;
    throw new Error(`${file} cannot be read`, { cause: error });
  }
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) {
    if (typeof inner === 'object' && inner !== null && !Buffer.isBuffer(inner)) deepFreeze(inner as object);
  }
  return Object.freeze(value);
}
