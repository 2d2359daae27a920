import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type StackEnv } from '../config/env.ts';
import { freePort, isFree } from './ports.ts';
import { writePrivate } from './secrets.ts';

/** The ports of this start; those of parts that run elsewhere are not in it. */
export type PortPlan = Readonly<Record<PortName, number>>;
type PortName = 'http' | 'inbound' | 'postgres' | 'temporal' | 'temporalUi' | 'mailbox' | 'smtp' | 'oidc';

interface Wanted {
  readonly name: PortName;
  readonly port: number;
  readonly host: string;
  readonly variable: string;
  readonly what: string;
}

/**
 * Decides every port. `0` takes the port of the last start when it is free (links and tokens stay valid), else any.
 * @throws Error in French naming each taken port and the variable that changes it
 */
export async function planPorts(env: StackEnv): Promise<PortPlan> {
  const file = join(env.dataDir, 'ports.json');
  const last = await readLast(file);
  const plan = { http: 0, inbound: 0, postgres: 0, temporal: 0, temporalUi: 0, mailbox: 0, smtp: 0, oidc: 0 };
  const faults: string[] = [];
  for (const { name, port, host, variable, what } of wantedPorts(env)) {
    if (port === 0) {
      plan[name] = await anyPort(last[name], new Set(Object.values(plan)));
    } else {
      plan[name] = port;
      if (!(await isFree(port, host)))
        faults.push(`Le port ${port} (${what}) est déjà pris : changez-le par ${variable}.`);
    }
  }
  if (faults.length > 0) throw new Error(faults.join('\n'));
  await writePrivate(file, plan);
  return plan;
}

function wantedPorts(env: StackEnv): Wanted[] {
  const at = (name: PortName, port: number, variable: string, what: string, host = '127.0.0.1'): Wanted => ({
    ...{ name, port, variable, what, host },
  });
  const { ports } = env;
  const wanted = [
    at('http', env.http.port, 'VIGIE_HTTP_PORT', 'API et console', env.http.host),
    at('inbound', env.inboundPort, 'INBOUND_SMTP_PORT', 'courriels reçus'),
  ];
  if (env.databaseUrl === null) wanted.push(at('postgres', ports.postgres, 'VIGIE_POSTGRES_PORT', 'PostgreSQL'));
  if (env.temporalAddress === null) {
    wanted.push(at('temporal', ports.temporal, 'VIGIE_TEMPORAL_PORT', 'Temporal'));
    wanted.push(at('temporalUi', ports.temporalUi, 'VIGIE_TEMPORAL_UI_PORT', 'interface de Temporal'));
  }
  if (env.smtpUrl === null) {
    wanted.push(at('mailbox', ports.mailbox, 'VIGIE_MAILBOX_PORT', 'boîte aux lettres'));
    wanted.push(at('smtp', ports.smtp, 'VIGIE_SMTP_PORT', 'SMTP de la boîte aux lettres'));
  }
  if (env.oidcIssuer === null) wanted.push(at('oidc', ports.oidc, 'VIGIE_OIDC_PORT', 'émetteur OIDC'));
  return wanted;
}

async function anyPort(last: number | undefined, taken: ReadonlySet<number>): Promise<number> {
  if (last !== undefined && last > 0 && !taken.has(last) && (await isFree(last))) return last;
  const port = await freePort();
  return taken.has(port) ? anyPort(undefined, taken) : port;
}

async function readLast(file: string): Promise<Partial<PortPlan>> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Partial<PortPlan>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
