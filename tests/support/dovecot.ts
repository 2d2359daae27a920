import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../stack/ports.ts';
import { until } from './wait.ts';

const NOBODY = 65_534;

/** Why the tests against a real IMAP server cannot run here; null when they can. */
export function whyNoDovecot(): string | null {
  if (spawnSync('dovecot', ['--version']).status !== 0)
    return 'Dovecot is not installed (apt-get install dovecot-imapd)';
  return process.getuid?.() === 0 ? null : 'Dovecot needs root to run with users of its own';
}

export interface Dovecot {
  /** Of the user's INBOX. */
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

/** A Dovecot of its own: one port on 127.0.0.1, any user, password `secret`, mails in a temporary folder. */
export async function startDovecot(): Promise<Dovecot> {
  const folder = await mkdtemp(join(tmpdir(), 'vigie-dovecot-'));
  await chmod(folder, 0o755);
  const mails = join(folder, 'mails');
  await mkdir(mails);
  await chown(mails, NOBODY, NOBODY);
  const port = await freePort();
  const config = join(folder, 'dovecot.conf');
  await writeFile(config, configOf(folder, port));
  let running: ReturnType<typeof spawn> | undefined;
  const start = async (): Promise<void> => {
    running = spawn('dovecot', ['-F', '-c', config], { stdio: 'ignore' });
    await until('Dovecot listens', () => listens(port)).catch(async (error: unknown) => {
      throw new Error(await readFile(join(folder, 'log'), 'utf8'), { cause: error });
    });
  };
  const stop = async (): Promise<void> => {
    const child = running;
    running = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  };
  await start();
  return {
    url: `imap://vigie:secret@127.0.0.1:${port}/INBOX`,
    port,
    start,
    stop,
    async close() {
      await stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

const listens = (port: number): Promise<true | null> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(null));
  });

const configOf = (folder: string, port: number): string => `
base_dir = ${folder}/run
log_path = ${folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:${folder}/mails/%u
first_valid_uid = ${NOBODY}
first_valid_gid = ${NOBODY}
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=${NOBODY} gid=${NOBODY} home=${folder}/mails/%u
}
service imap-login {
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
`;
