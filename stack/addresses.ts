import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readDataDir } from '../config/env.ts';

/** Where the parts of a running desk are; no secret in it. */
export interface DeskAddresses {
  /** Base of the API, the console and the links: `http://127.0.0.1:3000`. */
  readonly api: string;
  readonly issuer: string;
  /** The mailbox's page; null when mails go to a real relay. */
  readonly mailbox: string;
  /** host:port */
  readonly temporal: string;
  readonly temporalUi: string;
  /** host:port; the desk's own relay. */
  readonly smtp: string;
  /** host:port of the port on which replies and bounces are received. */
  readonly inboundSmtp: string;
  /** host:port */
  readonly postgres: string;
  readonly dataDir: string;
  /** Process id. */
  readonly supervisor: number;
}

export const ADDRESSES_FILE = 'addresses.json';

/**
 * The desk that runs on a data dir.
 * @throws Error in French when none does
 */
export async function readAddresses(dataDir: string = readDataDir()): Promise<DeskAddresses> {
  try {
    return JSON.parse(await readFile(join(dataDir, ADDRESSES_FILE), 'utf8')) as DeskAddresses;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Error(
      `Aucun bureau ne tourne sur ${dataDir} : lancez d’abord « npm start » (ou indiquez VIGIE_DATA_DIR).`,
      { cause: error },
    );
  }
}
