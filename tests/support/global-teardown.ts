import { once } from 'node:events';
import { type ServersOfRun } from './global-setup.ts';

/** Jest calls it also when tests have failed. */
export default async function globalTeardown(): Promise<void> {
  const child = (globalThis as ServersOfRun).vigieServers;
  if (child === undefined || child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.stdin?.end();
  await ended;
}
