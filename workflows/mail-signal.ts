import type { Message } from '../domain/events.ts';
import type { Instant } from '../domain/instant.ts';
import type { MailNotice } from '../domain/mail-notice.ts';
import { parseReply, rubbishOf } from '../domain/reply.ts';
import { MAIL_SIGNAL } from './contract.ts';
import { openArgument } from './reply-signal.ts';

/** A signal `mail` as a message of the loop: believed only when our own keys sealed it, else rubbish. Never throws. */
export function readMailSignal(raw: unknown, at: Instant): Message {
  const argument = openArgument(raw);
  if (argument.sealed && isNotice(argument.value)) return { kind: 'mail', at, notice: argument.value };
  const base64 = argument.sealed ? rubbishOf(argument.value) : argument.base64;
  return {
    kind: 'rubbish',
    at,
    door: MAIL_SIGNAL,
    errors: ['Un courriel ne passe que par la réception de Vigie.'],
    base64,
  };
}

function isNotice(value: unknown): value is MailNotice {
  if (!isRecord(value) || !isRecord(value['said'])) return false;
  const { said } = value;
  const named = ['mail', 'messageId', 'organisation', 'from', 'subject'].every((key) => typeof value[key] === 'string');
  if (!named || typeof said['kind'] !== 'string') return false;
  if (said['kind'] !== 'reply' && said['kind'] !== 'receipt') return true;
  return parseReply(said['reply']).reply?.organisation === value['organisation'];
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
