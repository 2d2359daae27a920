import { recogniseAutomatic, type MailNature } from '../channels/inbound/automatic.ts';
import type { QuarantineReason, ReceivedMail } from '../channels/inbound/received-mail.ts';
import { readReplyText } from '../channels/inbound/reply-text.ts';
import type { Sql } from '../db/database.ts';
import { natureOf, timeZoneOf } from '../db/stores/process/inbound-matches.ts';
import type { StoredMail, Understanding } from '../db/stores/process/inbound-mail.ts';
import { readMailIntent, type MailIntent } from '../domain/mail-intent.ts';
import type { MailNotice, MailSaid } from '../domain/mail-notice.ts';
import type { MailReading, MailState } from '../domain/mail-reading.ts';
import { CORRUSS } from '../domain/organisation.ts';
import { PARIS } from '../domain/wording.ts';
import { cluesOf, correlate, type Clues, type Correlated } from './mail-correlation.ts';
import { sortFiles } from './mail-evidence.ts';
import { isForged } from './mail-trust.ts';
import { replyOf, saidByMachine } from './mail-sayings.ts';

const TEXT_SHOWN = 20_000;

/** Nobody's mail, of which nothing is understood yet. */
export const NOTHING: Understanding = {
  state: 'noMatch',
  sender: null,
  instruction: null,
  organisation: null,
  delivery: null,
  reading: null,
  signal: null,
  files: [],
  owner: CORRUSS,
  bounce: null,
};

/** A mail beyond the limits of reading keeps what the intake tied it to: a person looks at the raw mail. */
export const quarantined = (reason: QuarantineReason, tie: Partial<Understanding>): Understanding => ({
  ...NOTHING,
  ...tie,
  state: 'quarantined',
  reading: { ...EMPTY, nature: reason },
});

export const duplicate = (): Understanding => ({ ...NOTHING, state: 'duplicate' });

const EMPTY: MailReading = {
  nature: 'human',
  road: null,
  words: '',
  text: '',
  files: [],
  authentication: null,
  intent: null,
  until: null,
  diagnostic: null,
};

/** Reads one parsed mail: whose answer, whether a person wrote it, and what it says. */
export async function understand(
  database: Sql,
  domain: string,
  stored: StoredMail,
  mail: ReceivedMail,
): Promise<Understanding> {
  const clues = await cluesOf(database, domain, stored, mail);
  const clock = { now: stored.receivedAt, zone: await zoneOf(database, clues) };
  const nature = recogniseAutomatic(mail, { clock, envelopeSender: stored.envelopeFrom });
  const found = await correlate(database, clues, mail.from?.address ?? null);
  const common = commonOf(mail, found);
  if (nature.kind !== 'human') return byMachine(common, { stored, mail, nature, found });
  const words = readReplyText(mail.text).text;
  const { kept, listed } = await sortFiles(mail.attachments);
  const answered = found.match === null ? undefined : await natureOf(database, found.match.instruction);
  const intent = readMailIntent(words, clock, answered);
  const reading = { ...common.reading, words, files: listed, intent: intentShown(intent) };
  const whole = { ...common, reading, files: kept };
  const refused = refusalOf(mail, found);
  if (refused !== null) return { ...whole, state: refused };
  return byPerson(whole, { stored, mail, intent, found, evidence: kept.map(({ id }) => id) });
}

const zoneOf = async (database: Sql, { tokens, references }: Clues): Promise<string> => {
  const organisation = (tokens[0] ?? references[0])?.organisation;
  return (organisation === undefined ? undefined : await timeZoneOf(database, organisation)) ?? PARIS;
};

/** What is shown of a person's mail that no instruction waits for. */
export const readingOf = (mail: ReceivedMail, organisation: string): Common => ({
  ...commonOf(mail, { match: null, known: false, fromAlertBox: false }),
  organisation,
});

type Common = Understanding & { readonly reading: MailReading };

function commonOf(mail: ReceivedMail, { match }: Correlated): Common {
  const reading = {
    ...EMPTY,
    road: match?.road ?? null,
    text: mail.text.slice(0, TEXT_SHOWN).toWellFormed(),
    authentication: mail.authentication,
  };
  return {
    ...NOTHING,
    sender: mail.from?.address ?? null,
    instruction: match?.instruction ?? null,
    organisation: match?.organisation ?? null,
    delivery: match?.delivery?.id ?? null,
    reading,
  };
}

/** Why a mail of a person changes nobody's follow-up; null when it may. */
function refusalOf(mail: ReceivedMail, { match, known }: Correlated): MailState | null {
  if (mail.from === null) return 'noSender';
  if (isForged(mail)) return 'notAuthenticated';
  if (match === null) return 'noMatch';
  return known ? null : 'unknownSender';
}

interface Person {
  readonly stored: StoredMail;
  readonly mail: ReceivedMail;
  readonly intent: MailIntent;
  readonly found: Correlated;
  readonly evidence: readonly string[];
}

function byPerson(common: Common, { stored, mail, intent, found, evidence }: Person): Understanding {
  const { match } = found;
  if (match === null) return common;
  const verified = match.road === 'token' || mail.authentication.dmarc?.result === 'pass';
  const said: MailSaid =
    intent.kind === 'unclear'
      ? { kind: 'unclear', reason: intent.reason }
      : {
          kind: 'reply',
          why: intent.why,
          reply: {
            ...replyOf(intent, match.organisation),
            ...(evidence.length === 0 ? {} : { evidence }),
            from: mail.from?.address ?? '',
            channel: 'mail',
            verified,
            messageId: stored.messageId,
            ...(found.fromAlertBox ? { fromAlertBox: true as const } : {}),
          },
        };
  const state = said.kind === 'reply' ? 'answered' : 'unclear';
  const notice = noticeOf(stored, mail, { organisation: match.organisation, said });
  return { ...common, state, owner: match.organisation, signal: { instruction: match.instruction, notice } };
}

interface Machine {
  readonly stored: StoredMail;
  readonly mail: ReceivedMail;
  readonly nature: Exclude<MailNature, { kind: 'human' }>;
  readonly found: Correlated;
}

function byMachine(common: Common, { stored, mail, nature, found }: Machine): Understanding {
  const { match } = found;
  const { said, state, bounced } = saidByMachine(nature, { stored, mail, found });
  const reading = {
    ...common.reading,
    nature: nature.kind,
    until: said.kind === 'outOfOffice' ? said.until : null,
    diagnostic: said.kind === 'bounce' ? said.diagnostic : null,
  };
  const tied = { ...common, reading, state };
  if (match === null) return tied;
  const written = said.kind === 'bounce' ? (bounced ?? match.delivery?.address) : mail.from?.address;
  const notice = noticeOf(stored, mail, { organisation: match.organisation, said, from: written ?? 'inconnu' });
  const bounce =
    said.kind === 'bounce' && said.permanent && match.delivery !== null
      ? { address: match.delivery.address, diagnostic: said.diagnostic }
      : null;
  return { ...tied, bounce, signal: { instruction: match.instruction, notice } };
}

function noticeOf(
  { id, messageId, subject }: StoredMail,
  mail: ReceivedMail,
  { organisation, said, from }: { readonly organisation: string; readonly said: MailSaid; readonly from?: string },
): MailNotice {
  return { mail: id, messageId, organisation, from: from ?? mail.from?.address ?? 'inconnu', subject, said };
}

function intentShown(intent: MailIntent): MailReading['intent'] {
  const { kind, why } = intent;
  if (intent.kind === 'unclear') return { kind, why, reason: intent.reason, candidates: intent.candidates };
  return { kind, why, reason: null, candidates: [] };
}
