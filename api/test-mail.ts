import nodemailer from 'nodemailer';
import { unavailable } from './problem.ts';

/** A draft as its recipients would get it, for the officer who asked. */
export interface TestMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const SOCKET_TIMEOUT_MS = 15_000;

/**
 * Sends over the outgoing relay while the officer waits: an answer of 200 means that the relay took it, a failure is told
 * to him at once. So nothing is queued and nothing can be lost unseen.
 * @throws Problem 503 when the relay is away or refuses
 */
export function createTestSender(smtpUrl: string, from: string): (mail: TestMail) => Promise<void> {
  const relay = new URL(smtpUrl);
  const transport = nodemailer.createTransport({
    host: relay.hostname,
    port: Number(relay.port) || (relay.protocol === 'smtps:' ? 465 : 587),
    secure: relay.protocol === 'smtps:',
    ...(relay.username === ''
      ? {}
      : { auth: { user: decodeURIComponent(relay.username), pass: decodeURIComponent(relay.password) } }),
    socketTimeout: SOCKET_TIMEOUT_MS,
    connectionTimeout: SOCKET_TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return async ({ to, subject, text, html }) => {
    const address = { address: to, name: '' };
    try {
      await transport.sendMail({
        from: { address: from, name: 'CORRUSS' },
        to: address,
        envelope: { from, to: [to] },
        subject,
        text,
        html,
        headers: { 'auto-submitted': 'auto-generated' },
      });
    } catch (cause) {
      const problem = unavailable('Le relais de messagerie n’a pas accepté le message d’essai.');
      problem.cause = cause;
      throw problem;
    }
  };
}
