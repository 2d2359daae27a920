import { setTimeout as pause } from 'node:timers/promises';
import { ImapFlow, type MailboxObject } from 'imapflow';
import type { Logger } from 'pino';
import type { ArrivedMail, TakeMail } from './take.ts';

export interface PollerSettings {
  /** `imap://user:password@host:port/INBOX`, or `imaps://…`. */
  readonly url: string;
  readonly take: TakeMail;
  readonly log: Logger;
}

/** Beyond it a mail is cut: one byte too many puts it in quarantine. */
const MOST_BYTES = 25 * 1024 * 1024 + 1;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** A server that forgets to tell of a mail is asked after this long all the same. */
const LOOK_AGAIN_MS = 60_000;
const IDLE_MS = 5 * 60_000;
const SOCKET_TIMEOUT_MS = 6 * 60_000;
/** Marks what has been taken where the mailbox allows keywords, else the standard flag does. */
const KEYWORD = '$VigieTaken';
const FLAG = '\\Flagged';

/**
 * Takes mails out of a mailbox as they come (IDLE). A mail is marked once it is committed: what is not marked is taken, so
 * that nothing depends on UIDs of an earlier session. They hold for one selection of the mailbox only: where UIDVALIDITY
 * has changed in between, nothing is missed, and what comes twice counts once by its Message-ID.
 */
export function startImapPoller(settings: PollerSettings): { stop(): Promise<void> } {
  const poller = new Poller(settings);
  const ended = poller.run();
  return {
    async stop() {
      poller.stop();
      await ended;
    },
  };
}

class Poller {
  readonly #settings: PollerSettings;
  readonly #stopping = new AbortController();
  #client: ImapFlow | undefined;

  constructor(settings: PollerSettings) {
    this.#settings = settings;
  }

  stop(): void {
    this.#stopping.abort();
    this.#client?.close();
  }

  async run(): Promise<void> {
    let ms = FIRST_PAUSE_MS;
    while (!this.#stopped) {
      try {
        await this.#session(() => (ms = FIRST_PAUSE_MS));
      } catch (error) {
        this.#settings.log.warn({ err: error, waitMs: ms }, 'mailbox away, tried again');
      }
      await pause(ms, undefined, { signal: this.#stopping.signal }).catch(ignoreAbort);
      ms = Math.min(ms * 2, LONGEST_PAUSE_MS);
    }
  }

  get #stopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** One connection, until it breaks or the poller stops. */
  async #session(onTaken: () => void): Promise<void> {
    const { url, log } = this.#settings;
    const { options, mailbox } = readUrl(url);
    const client = new ImapFlow(options);
    this.#client = client;
    const bell = new Bell();
    client.on('exists', () => bell.ring());
    client.on('close', () => bell.ring());
    client.on('error', (error: Error) => log.warn({ err: error }, 'mailbox connection broken off'));
    try {
      await client.connect();
      const selected = await client.mailboxOpen(mailbox);
      const mark = markOf(selected);
      log.info({ mailbox, uidValidity: String(selected.uidValidity), mark }, 'mailbox polled');
      while (!this.#stopped && client.usable) {
        await this.#takeAll(client, mark);
        onTaken();
        await bell.wait(LOOK_AGAIN_MS);
      }
    } finally {
      client.close();
    }
  }

  async #takeAll(client: ImapFlow, mark: string): Promise<void> {
    const query = mark === FLAG ? { flagged: false } : { unKeyword: mark };
    const uids = (await client.search(query, { uid: true })) || [];
    for (const uid of uids) {
      if (this.#stopped) return;
      const found = await client.fetchOne(String(uid), { source: { maxLength: MOST_BYTES } }, { uid: true });
      // Another one has taken it away in between.
      if (found === false || found.source === undefined) continue;
      await this.#settings.take(arrived(found.source));
      await client.messageFlagsAdd(String(uid), [mark], { uid: true });
    }
  }
}

const ignoreAbort = (error: unknown): void => {
  if (!(Error.isError(error) && error.name === 'AbortError')) throw error;
};

/** Rings are remembered until somebody waits. */
class Bell {
  #rung = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  async wait(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    if (!this.#rung) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        timer = setTimeout(resolve, ms);
      });
    }
    clearTimeout(timer);
    this.#wake = undefined;
    this.#rung = false;
  }
}

const markOf = ({ permanentFlags }: MailboxObject): string =>
  permanentFlags?.has('\\*') === true || permanentFlags?.has(KEYWORD) === true ? KEYWORD : FLAG;

const HEAD_BYTES = 64 * 1024;

/** The envelope as the relay that delivered it wrote it down; the addressees stand in the headers, read with the mail. */
function arrived(raw: Buffer): ArrivedMail {
  const head =
    raw
      .subarray(0, HEAD_BYTES)
      .toString('latin1')
      .split(/\r?\n\r?\n/, 1)[0] ?? '';
  const written = /^return-path:[ \t]*<?([^<>\r\n]{0,320})>?/im.exec(head)?.[1]?.trim();
  // Unknown is not the null sender, by which machines are told.
  return { raw, envelopeFrom: written ?? 'unknown', envelopeTo: [] };
}

function readUrl(text: string) {
  const url = new URL(text);
  const secure = url.protocol === 'imaps:';
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  const path = decodeURIComponent(url.pathname.replace(/^\/+/, ''));
  return {
    mailbox: path === '' ? 'INBOX' : path,
    options: {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port) || (secure ? 993 : 143),
      secure,
      // A password never goes in clear beyond the machine.
      ...(secure || local ? {} : { doSTARTTLS: true }),
      auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
      logger: false as const,
      maxIdleTime: IDLE_MS,
      autoIdleDelay: 200,
      socketTimeout: SOCKET_TIMEOUT_MS,
    },
  };
}
