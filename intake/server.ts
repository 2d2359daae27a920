import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { TakeMail } from './take.ts';

export interface IntakeSettings {
  readonly take: TakeMail;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly mailReplyDomain: string;
  readonly log: Logger;
}

export interface Intake {
  readonly port: number;
  /** Takes no new connection; mails under way are received to their end, for 10 s at most. */
  close(): Promise<void>;
}

const SIZE_LIMIT = 25 * 1024 * 1024;
const MAX_CLIENTS = 50;
const SOCKET_TIMEOUT_MS = 60_000;
const CLOSE_TIMEOUT_MS = 10_000;

/** A refusal with its SMTP code. */
class SmtpRefusal extends Error {
  readonly responseCode: number;
  constructor(responseCode: number, message: string) {
    super(message);
    this.responseCode = responseCode;
  }
}

/**
 * Receives replies and bounces for any address of the reply domain. «250» is said once the raw mail is committed; while
 * PostgreSQL is away the sender is asked to come back (451), so nothing is lost.
 */
export async function startIntake(settings: IntakeSettings): Promise<Intake> {
  const { log } = settings;
  const server = new SMTPServer({
    banner: 'Vigie',
    size: SIZE_LIMIT,
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    maxClients: MAX_CLIENTS,
    socketTimeout: SOCKET_TIMEOUT_MS,
    closeTimeout: CLOSE_TIMEOUT_MS,
    onRcptTo: ({ address }, _session, callback) => callback(refuseRecipient(address, settings.mailReplyDomain)),
    onData: (stream, session, callback) => {
      receive(settings.take, stream, session).then(
        () => callback(null, 'message kept'),
        (error: unknown) => callback(answerTo(error, log)),
      );
    },
  });
  server.on('error', (error) => log.warn({ err: error }, 'SMTP session broken off'));
  const listening = server.listen(settings.port, settings.host);
  await once(listening, 'listening');
  return {
    port: (listening.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function refuseRecipient(address: string, domain: string): Error | null {
  const at = address.lastIndexOf('@');
  if (address.slice(at + 1).toLowerCase() === domain.toLowerCase()) return null;
  return new SmtpRefusal(550, 'no such mailbox here');
}

async function receive(take: TakeMail, stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Read to the end, as SMTP asks, but not kept.
    if (size <= SIZE_LIMIT) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (size > SIZE_LIMIT) throw new SmtpRefusal(552, 'message larger than 25 MB');
  const { mailFrom, rcptTo } = session.envelope;
  await take({
    raw: Buffer.concat(chunks),
    envelopeFrom: mailFrom === false ? '' : mailFrom.address,
    envelopeTo: rcptTo.map(({ address }) => address),
  });
}

function answerTo(error: unknown, log: Logger): Error {
  if (error instanceof SmtpRefusal) return error;
  log.error({ err: error }, 'mail not kept');
  return new SmtpRefusal(451, 'not kept, please try again later');
}
