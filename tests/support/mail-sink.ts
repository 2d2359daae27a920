import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import PostalMime, { type Address, type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';

/** A mail that the sink acknowledged with 250. */
export interface ReceivedMail {
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  readonly raw: Buffer;
  readonly parsed: Email;
  readonly messageId: string;
  readonly subject: string;
  /** Address of the first To. */
  readonly to: string;
  readonly from: string;
  readonly replyTo: string | undefined;
  readonly text: string;
  readonly html: string;
  /** First value of a header, by its name in any case. */
  header(name: string): string | undefined;
  /** Every link of the text part. */
  readonly links: readonly string[];
}

/** What to do instead of accepting. `times`: how often (default: for ever). `match`: recipients (default: all). */
export type Trouble = {
  readonly match?: RegExp;
  readonly times?: number;
} & (
  | { readonly at: 'rcpt' | 'data' | 'mail'; readonly code: number; readonly message?: string }
  | { readonly at: 'dropBeforeData' | 'dropAfterData' | 'loseAcknowledgement' }
  | { readonly at: 'delay'; readonly milliseconds: number }
);

export interface MailSink {
  readonly url: string;
  readonly port: number;
  readonly mails: ReceivedMail[];
  /** Every attempt that reached RCPT, accepted or not. */
  readonly attempts: string[];
  /** Adds a trouble; returns how to take it away. */
  trouble(trouble: Trouble): () => void;
  /** Short for a refusal at RCPT of some recipients. */
  refuse(match: RegExp, code: number, times?: number): () => void;
  /** Polls until `count` mails satisfy; rejects after 30 s, telling the subjects that came. */
  waitFor(predicate?: (mail: ReceivedMail) => boolean, count?: number): Promise<ReceivedMail[]>;
  clear(): void;
  /** Stops listening and drops every connection; `start` listens on the same port again. */
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

interface Plan {
  trouble: Trouble;
  left: number;
}

/**
 * A real SMTP server on 127.0.0.1 which keeps what it acknowledged.
 * @param options `port` 0 (default) takes a free one
 */
export async function startMailSink(options: { readonly port?: number } = {}): Promise<MailSink> {
  const mails: ReceivedMail[] = [];
  const attempts: string[] = [];
  const plans: Plan[] = [];
  let running: { server: SMTPServer; net: Server } | undefined;
  let port = options.port ?? 0;

  const take = (at: Trouble['at'], recipients: readonly string[]): Trouble | undefined => {
    const plan = plans.find(
      ({ trouble, left }) =>
        trouble.at === at && left > 0 && recipients.some((address) => (trouble.match ?? /./).test(address)),
    );
    if (plan) plan.left -= 1;
    return plan?.trouble;
  };

  const start = async (): Promise<void> => {
    const server = newServer({ mails, attempts, take });
    server.on('error', () => undefined); // a client that breaks off is a case under test
    const net = server.listen(port, '127.0.0.1');
    await once(net, 'listening');
    port = (net.address() as AddressInfo).port;
    running = { server, net };
  };
  const stop = async (): Promise<void> => {
    if (!running) return;
    const { server } = running;
    running = undefined;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      destroyAll(server);
    });
  };
  await start();

  const trouble = (added: Trouble): (() => void) => {
    const plan = { trouble: added, left: added.times ?? Infinity };
    plans.push(plan);
    return () => void plans.splice(plans.indexOf(plan), 1);
  };
  return {
    url: `smtp://127.0.0.1:${port}`,
    port,
    mails,
    attempts,
    trouble,
    refuse: (match, code, times = Infinity) => trouble({ at: 'rcpt', match, code, times }),
    waitFor: (predicate = () => true, count = 1) => waitFor(mails, predicate, count),
    clear: () => {
      mails.length = 0;
      attempts.length = 0;
    },
    stop,
    start,
    close: stop,
  };
}

interface SinkState {
  readonly mails: ReceivedMail[];
  readonly attempts: string[];
  take(at: Trouble['at'], recipients: readonly string[]): Trouble | undefined;
}

function newServer(state: SinkState): SMTPServer {
  const server: SMTPServer = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    closeTimeout: 200,
    onMailFrom: (_address, _session, callback) => callback(refusal(state.take('mail', ['any'])) ?? null),
    onRcptTo: ({ address }, session, callback) => {
      state.attempts.push(address);
      if (state.take('dropBeforeData', [address])) {
        drop(server, session);
        return;
      }
      const slow = state.take('delay', [address]);
      const answer = (): void => callback(refusal(state.take('rcpt', [address])) ?? null);
      if (slow?.at === 'delay') setTimeout(answer, slow.milliseconds);
      else answer();
    },
    onData: (stream, session, callback) => {
      receive(server, state, stream, session).then(
        (error) => callback(error),
        (error: unknown) => callback(error instanceof Error ? error : new Error(String(error))),
      );
    },
  });
  return server;
}

async function receive(
  server: SMTPServer,
  state: SinkState,
  stream: SMTPServerDataStream,
  session: SMTPServerSession,
): Promise<Error | null> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  const to = session.envelope.rcptTo.map(({ address }) => address);
  if (state.take('dropAfterData', to)) {
    drop(server, session);
    return null;
  }
  const refused = refusal(state.take('data', to));
  if (refused) return refused;
  const from = session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address;
  state.mails.push(await read(Buffer.concat(chunks), { from, to }));
  if (state.take('loseAcknowledgement', to)) drop(server, session);
  return null;
}

function refusal(trouble: Trouble | undefined): Error | undefined {
  if (trouble === undefined || !('code' in trouble)) return undefined;
  return Object.assign(new Error(trouble.message ?? 'refused by the sink'), { responseCode: trouble.code });
}

interface Connection {
  readonly session: { readonly id: string };
  readonly _socket: { destroy(): void };
}

function drop(server: SMTPServer, session: SMTPServerSession): void {
  for (const connection of server.connections as Set<Connection>) {
    if (connection.session.id === session.id) connection._socket.destroy();
  }
}

function destroyAll(server: SMTPServer): void {
  for (const connection of server.connections as Set<Connection>) connection._socket.destroy();
}

async function read(raw: Buffer, envelope: ReceivedMail['envelope']): Promise<ReceivedMail> {
  const parsed = await PostalMime.parse(raw);
  const text = parsed.text ?? '';
  return {
    envelope,
    raw,
    parsed,
    messageId: parsed.messageId ?? '',
    subject: parsed.subject ?? '',
    to: firstAddress(parsed.to) ?? '',
    from: firstAddress(parsed.from ? [parsed.from] : []) ?? '',
    replyTo: firstAddress(parsed.replyTo),
    text,
    html: parsed.html ?? '',
    header: (name) => parsed.headers.find(({ key }) => key === name.toLowerCase())?.value,
    links: text.match(/https?:\/\/[^\s<>)"]+/g) ?? [],
  };
}

const firstAddress = (addresses: readonly Address[] | undefined): string | undefined => addresses?.[0]?.address;

async function waitFor(
  mails: readonly ReceivedMail[],
  predicate: (mail: ReceivedMail) => boolean,
  count: number,
): Promise<ReceivedMail[]> {
  const until = Date.now() + 30_000;
  for (;;) {
    const found = mails.filter(predicate);
    if (found.length >= count) return found;
    if (Date.now() > until) {
      const seen = mails.map((mail) => `${mail.to}: ${mail.subject}`).join('\n');
      throw new Error(`after 30 s ${found.length} of ${count} mails awaited had come. All that came:\n${seen}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
