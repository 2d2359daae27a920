import { messageIds } from './mail-fields.ts';
import type { ReceivedMail } from './received-mail.ts';
import { fieldGroups } from './report-fields.ts';

export interface Bounce {
  readonly kind: 'bounce';
  /** True: the address is wrong or refuses for good. False: it may pass later (box full, relay away, still trying). */
  readonly permanent: boolean;
  /** Lower case. */
  readonly recipient?: string;
  /** RFC 3463, e.g. `5.1.1`. */
  readonly status?: string;
  /** What the other server said, at most 500 characters. */
  readonly diagnostic?: string;
  /** Of the mail that came back. */
  readonly originalMessageId?: string;
}

export interface DeliveryNotice {
  readonly kind: 'deliveryNotice';
  readonly action: 'delivered' | 'relayed' | 'expanded';
  readonly recipient?: string;
  readonly originalMessageId?: string;
}

const STATUS = /(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])/;
const ADDRESS = /[^\s@<>(),;:"[\]]{1,64}@[a-z0-9][a-z0-9.-]{1,250}/i;
/** Full, busy, later: permanent codes for states that pass (RFC 3463: X.2.2 mailbox full, X.4.x network, X.3.2 not accepting). */
const PASSING_STATUS = /^(?:4\.|5\.2\.2$|5\.4\.[0-47]$|5\.3\.[12]$)/;
const PASSING_WORDS =
  /over ?quota|quota|mailbox (?:is )?full|bo[iî]te (?:aux lettres )?(?:est )?pleine|insufficient storage|temporar|temporaire|delayed|retard|greylist|try again|timed? ?out|still trying|not yet been delivered|will be retried|could not send message for/i;
const MAX_DIAGNOSTIC = 500;
const MAX_READ = 8_000;

const SUBJECT =
  /^(?:\[?(?:auto|external|externe)\]?:? )?(?:undelivered mail returned|undeliverable|undelivered|mail delivery (?:failed|failure|subsystem|system)|mail delivery failed|delivery status notification|failure notice|delivery (?:has )?fail|returned mail|non remis|non-remis|non delivre|message non (?:distribue|delivre|remis)|echec de (?:la )?(?:remise|distribution|livraison)|(?:notification|avis) (?:d'|de )(?:echec|non[- ](?:remise|distribution))|remise (?:retardee|differee)|retarde|delivery (?:is )?delayed|delayed mail|warning: (?:could not send|message)|mail (?:could not be delivered|non distribue)|impossible de remettre|courrier non distribue|nondeliverable|message status - undeliverable)/;
const DAEMON =
  /^(?:mailer-daemon|postmaster|mail-?daemon|microsoftexchange[0-9a-f]{6,40}|no-?reply-?bounce|double-bounce|mdaemon)$/;

/** A bounce by its report part, else by its wild form; null when it is none. */
export function readBounce(
  mail: ReceivedMail,
  words: { subject: string; nullSender: boolean },
): Bounce | DeliveryNotice | null {
  if (mail.report?.type === 'delivery-status') return fromReport(mail, mail.report.text);
  const daemon = mail.from !== null && DAEMON.test(mail.from.address.split('@', 1)[0] ?? '');
  const subject = SUBJECT.test(words.subject);
  const failed = mail.headers['x-failed-recipients'] !== undefined;
  if (
    failed ||
    (subject && (daemon || words.nullSender || mail.from === null)) ||
    (daemon && speaksOfFailure(mail.text))
  ) {
    return fromWords(mail);
  }
  return null;
}

const speaksOfFailure = (text: string): boolean =>
  /(?:not (?:be )?deliver|wasn't delivered|undeliver|returned to sender|permanent(?:ly)? (?:error|fail)|user unknown|n'a pas (?:pu )?(?:ete |être |été )?(?:remis|délivr|distribu|transmis)|delivery (?:to|has|failed)|I'm afraid I wasn't able)/i.test(
    text.slice(0, MAX_READ),
  );

type Fields = ReadonlyMap<string, string>;

const actionOf = (fields: Fields): string => (fields.get('action') ?? '').split(/[\s;(]/, 1)[0]?.toLowerCase() ?? '';

/** RFC 3464: the first failed recipient, else the first delayed, else the first one. */
function fromReport(mail: ReceivedMail, report: string): Bounce | DeliveryNotice {
  const recipients = fieldGroups(report).filter((one) => one.has('final-recipient') || one.has('action'));
  const worst = ['failed', 'delayed'].map((action) => recipients.find((one) => actionOf(one) === action));
  const fields = worst.find((one) => one !== undefined) ?? recipients[0] ?? new Map<string, string>();
  const action = actionOf(fields);
  const common = { ...recipientOf(fields), ...original(mail) };
  if (action === 'delivered' || action === 'relayed' || action === 'expanded') {
    return { kind: 'deliveryNotice', action, ...common };
  }
  const diagnostic = tidy((fields.get('diagnostic-code') ?? '').replace(/^[a-z0-9-]{1,20};\s{0,5}/i, ''));
  const status = STATUS.exec(fields.get('status') ?? '')?.[1] ?? STATUS.exec(diagnostic)?.[1];
  const permanent = action !== 'delayed' && isPermanent(status, diagnostic);
  return { kind: 'bounce', permanent, ...common, ...told(status, diagnostic) };
}

function recipientOf(fields: Fields): { readonly recipient?: string } {
  const found = ADDRESS.exec(fields.get('final-recipient') ?? fields.get('original-recipient') ?? '')?.[0];
  return found === undefined ? {} : { recipient: found.toLowerCase() };
}

function fromWords(mail: ReceivedMail): Bounce {
  const text = mail.text.slice(0, MAX_READ);
  const diagnostic = tidy(diagnosticLine(text));
  const status = STATUS.exec(diagnostic)?.[1] ?? STATUS.exec(text)?.[1];
  const recipient = wildRecipient(mail, text);
  const passing = PASSING_WORDS.test(mail.subject) || PASSING_WORDS.test(text.slice(0, 600));
  return {
    kind: 'bounce',
    permanent: !(passing && !status?.startsWith('5.1')) && isPermanent(status, diagnostic),
    ...(recipient === undefined ? {} : { recipient }),
    ...told(status, diagnostic),
    ...original(mail),
  };
}

/** Exim and Gmail name it in a header, qmail and Postfix in angle brackets, Exchange in the first lines. */
function wildRecipient(mail: ReceivedMail, text: string): string | undefined {
  const ours = new Set([...mail.to, ...(mail.from === null ? [] : [mail.from])].map(({ address }) => address));
  const named = [
    mail.headers['x-failed-recipients']?.[0] ?? '',
    ...(text.match(/<[^<>\s]{3,320}>/g) ?? []),
    ...text.split('\n'),
  ];
  for (const words of named) {
    const found = ADDRESS.exec(words.slice(0, 400))?.[0]?.toLowerCase();
    if (found !== undefined && !ours.has(found) && !/^message-id/i.test(words)) return found;
  }
  return undefined;
}

function diagnosticLine(text: string): string {
  const lines = text.split('\n').map((line) => line.slice(0, 1_000).trim());
  return lines.find((line) => /\b[45]\d\d[ -]/.test(line) || STATUS.test(line)) ?? '';
}

function isPermanent(status: string | undefined, diagnostic: string): boolean {
  if (status !== undefined && /^[45]/.test(status)) return !PASSING_STATUS.test(status);
  const code = /\b([45])\d\d[ -]/.exec(diagnostic)?.[1];
  return code !== undefined ? code === '5' : !PASSING_WORDS.test(diagnostic);
}

const tidy = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, MAX_DIAGNOSTIC).toWellFormed();

const told = (status: string | undefined, diagnostic: string): Pick<Bounce, 'status' | 'diagnostic'> => ({
  ...(status === undefined ? {} : { status }),
  ...(diagnostic === '' ? {} : { diagnostic }),
});

/** From the returned message, else from its header copied into the text, else from `In-Reply-To` (Exchange). */
function original(mail: ReceivedMail): { readonly originalMessageId?: string } {
  const copied = /^[>\s]{0,4}message-id:\s{0,4}(<[^<>\s]{1,250}>)/im.exec(mail.text.slice(0, 4 * MAX_READ))?.[1];
  const id = mail.returned?.messageId ?? messageIds(copied)[0] ?? mail.inReplyTo ?? mail.references.at(-1);
  return id === undefined ? {} : { originalMessageId: id };
}
