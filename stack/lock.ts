import { DatabaseSync } from 'node:sqlite';

export interface Lock {
  release(): void;
}

/**
 * An exclusive lock that the operating system lets go when its holder dies, also by kill -9: SQLite's own file lock.
 * @returns null when another process holds it
 */
export function tryLock(file: string): Lock | null {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('pragma journal_mode = memory; begin exclusive');
    return { release: () => database.close() };
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return null;
    throw error;
  }
}

const SQLITE_BUSY = 5;
