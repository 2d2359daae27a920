import type { OutgoingMail } from './compose.ts';
import { encodeMail } from './mime.ts';
import { sortFailure, type SendOutcome, type SmtpError } from './outcome.ts';
import { SmtpLine, type Attempt, type Envelope, type SmtpSettings } from './smtp-line.ts';

export interface MailChannel {
  /** How many mails go at once at most. */
  readonly lines: number;
  /** Never throws for trouble of the relay: the outcome says it. */
  send(mail: OutgoingMail): Promise<SendOutcome>;
  /** Closes the idle lines at once, the others after their mail. */
  close(): void;
}

export interface MailOptions {
  /** Connections to the relay at most; default 5. */
  readonly lines?: number;
  /** Silence after which a connection is given up, ms; default 45 s. */
  readonly socketTimeoutMs?: number;
}

const DEFAULT_LINES = 5;
// RFC 5321 § 4.5.3.2 allows minutes; a crisis desk would rather have doubt after 45 s than silence for 10 minutes.
const SOCKET_TIMEOUT_MS = 45_000;
const CONNECTION_TIMEOUT_MS = 10_000;
const IDLE_MS = 10_000;

/**
 * A pool of connections to the outgoing relay. nodemailer's own pool sends again by itself when a connection closes, and does
 * not tell whether the content had begun: this one does neither.
 * @param url `smtp://user:pass@host:port` or `smtps://…`
 * @throws Error when the URL cannot be read
 */
export function connectMail(url: string, options: MailOptions = {}): MailChannel {
  const settings = readUrl(url, options.socketTimeoutMs ?? SOCKET_TIMEOUT_MS);
  const pool = new LinePool(settings, options.lines ?? DEFAULT_LINES);
  return {
    lines: options.lines ?? DEFAULT_LINES,
    send: async (mail) => pool.send({ from: mail.envelopeFrom, to: mail.to.address }, await encodeMail(mail)),
    close: () => pool.close(),
  };
}

class LinePool {
  readonly #settings: SmtpSettings;
  readonly #idle: SmtpLine[] = [];
  readonly #waiting: (() => void)[] = [];
  #free: number;
  #closed = false;
  #sweeper: NodeJS.Timeout | undefined;

  constructor(settings: SmtpSettings, lines: number) {
    this.#settings = settings;
    this.#free = lines;
  }

  async send(envelope: Envelope, raw: Buffer): Promise<SendOutcome> {
    await this.#enter();
    try {
      const attempt = await this.#attempt(this.#takeIdle(), envelope, raw);
      // A line that the relay had closed while it was idle: nothing left it, so a new one is tried at once.
      const stale = attempt.outcome === 'later' && attempt.relayAway && attempt.reused && !attempt.contentBegun;
      return stale ? await this.#attempt(undefined, envelope, raw) : attempt;
    } finally {
      this.#leave();
    }
  }

  async #attempt(line: SmtpLine | undefined, envelope: Envelope, raw: Buffer): Promise<Attempt & { reused: boolean }> {
    const reused = line !== undefined;
    try {
      const open = line ?? (await SmtpLine.open(this.#settings));
      const attempt = await open.send(envelope, raw);
      if (open.usable) this.#keep(open);
      return { ...attempt, reused };
    } catch (error) {
      const failure = Error.isError(error) ? (error as SmtpError) : new Error(String(error));
      return { ...sortFailure(failure, false), contentBegun: false, reused };
    }
  }

  async #enter(): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free += 1;
  }

  #takeIdle(): SmtpLine | undefined {
    let line = this.#idle.pop();
    while (line && !line.usable) line = this.#idle.pop();
    return line;
  }

  #keep(line: SmtpLine): void {
    if (this.#closed) {
      line.quit();
      return;
    }
    this.#idle.push(line);
    clearTimeout(this.#sweeper);
    this.#sweeper = setTimeout(() => this.#dropIdle(), IDLE_MS);
    this.#sweeper.unref();
  }

  #dropIdle(): void {
    for (const line of this.#idle.splice(0)) line.quit();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#sweeper);
    this.#dropIdle();
  }
}

/** Credentials never go in clear beyond the machine, unless the URL says `?tls=optional`. */
function readUrl(text: string, socketTimeout: number): SmtpSettings {
  const url = URL.parse(text);
  if (!url || !/^smtps?:$/.test(url.protocol)) throw new Error('SMTP_URL is not an smtp:// or smtps:// URL');
  const secure = url.protocol === 'smtps:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const local = ['localhost', '127.0.0.1', '::1'].includes(host);
  const tls = url.searchParams.get('tls');
  const requireTLS = !secure && (tls === 'required' || (url.username !== '' && !local && tls !== 'optional'));
  return {
    connection: {
      host,
      port: Number(url.port) || (secure ? 465 : 587),
      secure,
      requireTLS,
      ignoreTLS: local && !requireTLS,
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      greetingTimeout: CONNECTION_TIMEOUT_MS,
      socketTimeout,
      socketCloseTimeout: 1_000,
    },
    credentials:
      url.username === '' ? null : { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
  };
}
