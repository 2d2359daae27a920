import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from '../config/env.ts';
import { type Command } from './processes.ts';

/**
 * The mailbox of the embedded desk (maildev): takes every mail, sends none on, shows them on a page.
 * @param directory where the mails are kept; without one it would forget them at every restart
 * @param compileCache folder where Node keeps what it has compiled
 */
export function mailboxCommand(ports: { smtp: number; web: number }, directory: string, compileCache: string): Command {
  const program = join(dirname(fileURLToPath(import.meta.resolve('maildev'))), 'bin', 'maildev.js');
  return {
    file: process.execPath,
    args: [
      ...[program, '--smtp', String(ports.smtp), '--web', String(ports.web)],
      // Without these it listens on every network.
      ...['--ip', '127.0.0.1', '--web-ip', '127.0.0.1', '--mail-directory', directory, '--max-emails', '20000'],
    ],
    env: childEnvironment({ NODE_COMPILE_CACHE: compileCache }),
    cwd: directory,
  };
}
