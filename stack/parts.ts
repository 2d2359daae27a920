import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { childEnvironment, CONSOLE_CLIENT, DEFAULT_AUDIENCE, type StackEnv } from '../config/env.ts';
import { type DeskAddresses } from './addresses.ts';
import { type Part } from './child.ts';
import { mailboxCommand } from './mailbox.ts';
import { answers, until } from './ports.ts';
import { type PortPlan } from './ports-plan.ts';
import { POSTGRES_STOP_SIGNAL, postgresUrl, prepareCluster } from './postgres.ts';
import { type Secrets } from './secrets.ts';
import { findTemporalCli, TEMPORAL_CLI_VERSION } from './temporal-cli.ts';
import { readyTemporal, temporalServerCommand } from './temporal-server.ts';
import { WORKER_FLAGS, WORKER_VARIABLES } from './worker-memory.ts';

export interface Plan {
  readonly env: StackEnv;
  readonly ports: PortPlan;
  readonly secrets: Secrets;
  readonly addresses: DeskAddresses;
  /** The complete environment of every role. */
  readonly variables: Readonly<Record<string, string>>;
  readonly log: (message: string) => void;
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** On a slow machine with a cold disk; normally within a second or two. */
const READY_LIMIT_MS = 90_000;

/** Every part of this desk, those that run elsewhere left out; made at once, as some fetch or unpack things first. */
export function partMakers(plan: Plan): Readonly<Record<string, () => Promise<Part>>> {
  const { env } = plan;
  return {
    ...(env.databaseUrl === null ? { postgres: () => postgres(plan) } : {}),
    ...(env.temporalAddress === null ? { temporal: () => temporal(plan) } : {}),
    ...(env.smtpUrl === null ? { mailbox: () => mailbox(plan) } : {}),
    ...(env.oidcIssuer === null ? { issuer: () => Promise.resolve(issuer(plan)) } : {}),
    migrate: () =>
      Promise.resolve({ ...role(plan, 'migrate', 'db/migrate.ts', atOnce), after: ['postgres'], once: true }),
    worker: () =>
      Promise.resolve({
        ...role(plan, 'worker', 'worker/main.ts', atOnce, { flags: WORKER_FLAGS, variables: WORKER_VARIABLES }),
        ...NEEDS,
      }),
    api: () =>
      Promise.resolve({ ...role(plan, 'api', 'api/main.ts', listens(hostOf(env), plan.ports.http)), ...NEEDS }),
    intake: () =>
      Promise.resolve({
        ...role(plan, 'intake', 'intake/main.ts', listens('127.0.0.1', plan.ports.inbound)),
        ...NEEDS,
      }),
  };
}

const NEEDS = { after: ['migrate', 'temporal'], uses: ['mailbox', 'issuer'] };
const atOnce = (): Promise<void> => Promise.resolve();

async function postgres({ env, ports, secrets, log }: Plan): Promise<Part> {
  const directory = join(env.dataDir, 'postgres');
  const cluster = await prepareCluster({ directory, password: secrets.postgresPassword, log });
  return {
    name: 'postgres',
    after: [],
    command: cluster.command(ports.postgres),
    ready: (signal, pid) => cluster.ready({ limitMs: READY_LIMIT_MS, signal, pid }),
    stopSignal: POSTGRES_STOP_SIGNAL,
  };
}

async function temporal({ env, ports, log }: Plan): Promise<Part> {
  const { path: cli, from } = await findTemporalCli({ env: env.temporalCli, log });
  log(`Temporal CLI: ${cli} (${from})`);
  const directory = join(env.dataDir, 'temporal');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  // Its store knows no migration: another version of the CLI starts another file.
  const file = join(directory, `temporal-${TEMPORAL_CLI_VERSION}.sqlite`);
  const { temporal: port, temporalUi: uiPort } = ports;
  return {
    name: 'temporal',
    after: [],
    command: temporalServerCommand({ cli, port, uiPort, file, synchronous: 2 }),
    ready: (signal) => readyTemporal(`127.0.0.1:${port}`, { limitMs: READY_LIMIT_MS, signal }),
    stopSignal: 'SIGTERM',
  };
}

async function mailbox({ env, ports }: Plan): Promise<Part> {
  const directory = join(env.dataDir, 'mailbox');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  return {
    name: 'mailbox',
    after: [],
    command: mailboxCommand({ smtp: ports.smtp, web: ports.mailbox }, directory, compileCacheOf(env)),
    ready: async (signal) => {
      await listens('127.0.0.1', ports.smtp)(signal);
      await listens('127.0.0.1', ports.mailbox)(signal);
    },
    stopSignal: 'SIGTERM',
  };
}

function issuer(plan: Plan): Part {
  const discovery = `${plan.addresses.issuer}/.well-known/openid-configuration`;
  const ready = async (signal: AbortSignal): Promise<void> => {
    await until('the issuer', async () => (await fetch(discovery)).ok, { limitMs: READY_LIMIT_MS, signal });
  };
  return role(plan, 'issuer', 'stack/issuer.ts', ready);
}

/** What the process of a program is given beside the environment of every role. */
interface Process {
  readonly flags?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
}

/** One of our own programs, as a child. */
function role(plan: Plan, name: string, entry: string, ready: Part['ready'], { flags, variables }: Process = {}): Part {
  const env = childEnvironment({ ...plan.variables, ...variables, NODE_COMPILE_CACHE: compileCacheOf(plan.env) });
  return {
    name,
    after: [],
    command: { file: process.execPath, args: [...(flags ?? []), join(ROOT, entry)], env, cwd: ROOT },
    ready,
    stopSignal: 'SIGTERM',
  };
}

/** Programs compiled once start with a third less work. */
const compileCacheOf = ({ dataDir }: StackEnv): string => join(dataDir, 'cache');

const listens =
  (host: string, port: number) =>
  async (signal: AbortSignal): Promise<void> => {
    await until(`port ${port}`, () => answers(port, host), { limitMs: READY_LIMIT_MS, signal });
  };

/** Where this machine reaches what listens on `VIGIE_HTTP_HOST`. */
const hostOf = ({ http }: StackEnv): string => (['0.0.0.0', '::'].includes(http.host) ? '127.0.0.1' : http.host);

/** The addresses of the desk and the environment of its roles. */
export function describeDesk(
  env: StackEnv,
  ports: PortPlan,
  secrets: Secrets,
): { addresses: DeskAddresses; variables: Record<string, string> } {
  const local = (port: number): string => `http://127.0.0.1:${port}`;
  const given = (name: string, otherwise: string): string => env.inherited[name]?.trim() || otherwise;
  const variables = {
    VIGIE_MODE: env.mode,
    VIGIE_DATA_DIR: env.dataDir,
    VIGIE_LOG_LEVEL: env.logLevel,
    VIGIE_HTTP_HOST: env.http.host,
    VIGIE_HTTP_PORT: String(ports.http),
    VIGIE_PUBLIC_URL: given('VIGIE_PUBLIC_URL', `http://${hostOf(env)}:${ports.http}`),
    DATABASE_URL: env.databaseUrl ?? postgresUrl(ports.postgres, secrets.postgresPassword),
    TEMPORAL_ADDRESS: env.temporalAddress ?? `127.0.0.1:${ports.temporal}`,
    SMTP_URL: env.smtpUrl ?? `smtp://127.0.0.1:${ports.smtp}`,
    INBOUND_SMTP_PORT: String(ports.inbound),
    OIDC_ISSUER: env.oidcIssuer ?? local(ports.oidc),
    OIDC_AUDIENCE: given('OIDC_AUDIENCE', DEFAULT_AUDIENCE),
    OIDC_CLIENT_ID: given('OIDC_CLIENT_ID', CONSOLE_CLIENT),
    OIDC_CLIENT_SECRET: given('OIDC_CLIENT_SECRET', secrets.oidcClientSecret),
    VIGIE_SECRET_KEYS: given('VIGIE_SECRET_KEYS', secrets.secretKeys),
    VIGIE_TEMPORAL_UI_PORT: String(ports.temporalUi),
    VIGIE_MAILBOX_PORT: String(ports.mailbox),
  };
  const hostAndPort = (url: string): string => new URL(url).host;
  return {
    variables,
    addresses: {
      api: `http://${hostOf(env)}:${ports.http}`,
      issuer: variables.OIDC_ISSUER,
      mailbox: env.smtpUrl === null ? local(ports.mailbox) : '',
      temporal: variables.TEMPORAL_ADDRESS,
      temporalUi: env.temporalAddress === null ? local(ports.temporalUi) : '',
      smtp: hostAndPort(variables.SMTP_URL),
      inboundSmtp: `127.0.0.1:${ports.inbound}`,
      postgres: hostAndPort(variables.DATABASE_URL),
      dataDir: env.dataDir,
      supervisor: process.pid,
    },
  };
}
