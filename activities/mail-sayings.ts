import type { MailNature } from '../channels/inbound/automatic.ts';
import type { ReceivedMail } from '../channels/inbound/received-mail.ts';
import type { StoredMail } from '../db/stores/process/inbound-mail.ts';
import { toRfc3339 } from '../domain/instant.ts';
import type { MailIntent } from '../domain/mail-intent.ts';
import { NOT_SHOWN, type Leg, type MailSaid } from '../domain/mail-notice.ts';
import type { MailState } from '../domain/mail-reading.ts';
import type { ReplyInput } from '../domain/reply-kinds.ts';
import type { Correlated, Match } from './mail-correlation.ts';

type Understood = Exclude<MailIntent, { kind: 'unclear' }>;

/** What a person says, as a reply. */
export function replyOf(intent: Understood, organisation: string): Pick<ReplyInput, 'organisation' | 'kind'> {
  const { kind, percent, until, comment } = intent;
  return {
    organisation,
    kind,
    ...(percent === undefined ? {} : { percent }),
    ...(until === undefined ? {} : { until: toRfc3339(until) }),
    ...(comment === undefined ? {} : { comment }),
  };
}

interface Matter {
  readonly stored: StoredMail;
  readonly mail: ReceivedMail;
  readonly found: Correlated;
}

interface SaidByMachine {
  readonly said: MailSaid;
  readonly state: MailState;
  /** The address that a bounce names. */
  readonly bounced?: string;
}

type Nature<K extends MailNature['kind']> = Extract<MailNature, { kind: K }>;

/** What a machine says. It is never an answer; only a receipt of a known contact tells that the mail was shown. */
export function saidByMachine(nature: Exclude<MailNature, { kind: 'human' }>, matter: Matter): SaidByMachine {
  switch (nature.kind) {
    case 'outOfOffice':
      return absenceOf(nature, matter);
    case 'bounce':
      return bounceOf(nature, matter);
    case 'receipt':
      return receiptOf(nature.displayed, matter);
    case 'deliveryNotice':
      return automatic(`remise : ${nature.action}`);
    case 'autoReply':
    case 'bulk':
      return automatic(nature.sign);
  }
}

const automatic = (sign: string): SaidByMachine => ({ said: { kind: 'automatic', sign }, state: 'automatic' });

/** Somebody else of a shared box is away: the others may well read, so the ladder stays. */
function absenceOf({ until }: Nature<'outOfOffice'>, { found: { match }, mail }: Matter): SaidByMachine {
  const about = match?.delivery?.address === mail.from?.address ? legOf(match) : null;
  return { said: { kind: 'outOfOffice', until: until ?? null, about }, state: 'outOfOffice' };
}

function bounceOf(nature: Nature<'bounce'>, { found }: Matter): SaidByMachine {
  const { permanent, status = '', diagnostic = '', recipient } = nature;
  const words = [status, diagnostic].filter((one) => one !== '').join(' ') || 'sans explication';
  const said: MailSaid = { kind: 'bounce', permanent, diagnostic: words, about: legOf(found.match) };
  return { said, state: 'bounce', ...(recipient === undefined ? {} : { bounced: recipient }) };
}

function receiptOf(displayed: boolean, { stored, mail, found }: Matter): SaidByMachine {
  if (!displayed) return automatic(NOT_SHOWN);
  if (!found.known || found.match === null) return automatic('accusé de lecture');
  const reply: ReplyInput = {
    organisation: found.match.organisation,
    kind: 'read',
    from: mail.from?.address ?? '',
    channel: 'mail',
    verified: found.match.road === 'token',
    messageId: stored.messageId,
  };
  return { said: { kind: 'receipt', reply }, state: 'receipt' };
}

function legOf(match: Match | null): Leg | null {
  if (match?.delivery === undefined || match.delivery === null) return null;
  const { purpose, step, round } = match.delivery;
  return { purpose, step, round };
}
