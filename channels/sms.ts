import { isPhoneNumber, mailAddress } from './address.ts';
import type { OutgoingMail, OutgoingSms } from './compose.ts';
import type { MailChannel } from './mail.ts';
import { describeError, type SendOutcome } from './outcome.ts';
import { html } from './templates/html.ts';

export interface SmsChannel {
  send(sms: OutgoingSms): Promise<SendOutcome>;
}

const GATEWAY_TIMEOUT_MS = 30_000;
const RECORDED_DOMAIN = 'sms.vigie.example';
const MARK = 'SMS enregistré, NON ENVOYÉ : aucune passerelle SMS n’est configurée (SMS_URL).';

/**
 * An HTTP gateway: `POST` of `{to, text, id}`, with the delivery's id as `Idempotency-Key`.
 * @param url may carry credentials (`https://user:pass@…`), sent as Basic
 */
export function smsGateway(url: string): SmsChannel {
  const target = new URL(url);
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (target.username !== '') {
    const pair = `${decodeURIComponent(target.username)}:${decodeURIComponent(target.password)}`;
    headers['authorization'] = `Basic ${Buffer.from(pair).toString('base64')}`;
    target.username = '';
    target.password = '';
  }
  return {
    send: async ({ to, text, messageId }) => {
      if (!isPhoneNumber(to)) return { outcome: 'refused', error: 'this is not a number in E.164' };
      try {
        const response = await fetch(target, {
          method: 'POST',
          headers: { ...headers, 'idempotency-key': messageId },
          body: JSON.stringify({ to, text, id: messageId }),
          signal: AbortSignal.timeout(GATEWAY_TIMEOUT_MS),
          redirect: 'error',
        });
        await response.body?.cancel();
        return sortStatus(response.status);
      } catch (error) {
        return sortNetworkError(error);
      }
    },
  };
}

function sortStatus(status: number): SendOutcome {
  const error = `the SMS gateway answered ${status}`;
  if (status >= 200 && status < 300) return { outcome: 'sent' };
  if (status === 401 || status === 403 || status === 429) return { outcome: 'later', error, relayAway: true };
  if (status === 408 || status >= 500 || status < 400) return { outcome: 'later', error, relayAway: true };
  return { outcome: 'refused', error };
}

/** Nothing left when no connection was made; else the message may have gone. */
function sortNetworkError(error: unknown): SendOutcome {
  const cause = Error.isError(error) && Error.isError(error.cause) ? error.cause : undefined;
  const code = cause && 'code' in cause ? cause.code : undefined;
  const words = describeError(cause ?? error);
  const notConnected = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT'];
  if (typeof code === 'string' && notConnected.includes(code))
    return { outcome: 'later', error: words, relayAway: true };
  return { outcome: 'doubt', error: words };
}

/** Without a gateway: recorded in the mailbox as a mail, so that it can be seen and is never taken for sent. */
export function smsInMailbox(mail: MailChannel, mailFrom: string): SmsChannel {
  return {
    send: async (sms) => {
      if (!isPhoneNumber(sms.to)) return { outcome: 'refused', error: 'this is not a number in E.164' };
      return mail.send(recorded(sms, mailFrom));
    },
  };
}

function recorded(sms: OutgoingSms, mailFrom: string): OutgoingMail {
  return {
    from: mailAddress(mailFrom, 'CORRUSS'),
    to: mailAddress(`${sms.to.slice(1)}@${RECORDED_DOMAIN}`, `SMS ${sms.to}`),
    envelopeFrom: mailFrom,
    replyTo: null,
    messageId: sms.messageId,
    thread: sms.messageId,
    subject: `[SMS non envoyé, ${sms.to}] ${sms.text.slice(0, 60)}`,
    text: `${MARK}\n\nÀ : ${sms.to}\n\n${sms.text}\n`,
    html: html`<!doctype html>
      <html lang="fr">
        <head>
          <meta charset="utf-8" />
          <title>SMS enregistré</title>
        </head>
        <body style="font-family:Arial,sans-serif;color:#161616;background:#ffffff">
          <p><strong>${MARK}</strong></p>
          <p>À : ${sms.to}</p>
          <p style="white-space:pre-wrap">${sms.text}</p>
        </body>
      </html>`.text,
    urgent: false,
    firstThread: null,
    answers: null,
    attachments: [],
  };
}
