import { describeAttachments } from '../db/read-models/attachments.ts';
import type { MailSheet } from '../db/read-models/mails.ts';
import { isRecipientIn } from '../db/read-models/recipients.ts';
import { markClassified } from '../db/stores/desk/inbound-reading.ts';
import type { Actor } from '../domain/events.ts';
import type { FieldError } from '../domain/field-error.ts';
import type { MailState } from '../domain/mail-reading.ts';
import type { ReplyInput } from '../domain/reply-kinds.ts';
import { isBlank } from '../domain/text.ts';
import { carryOut, checkedReply, commandOrRefusal } from './commanding.ts';
import type { ApiDeps } from './deps.ts';
import { invalid, Problem } from './problem.ts';

export interface Classification {
  readonly kind: string;
  readonly percent?: number;
  readonly comment?: string;
  readonly until?: string;
  readonly instruction?: string;
  readonly organisation?: string;
}

/** Their words have been counted, or are those of another mail. */
const SETTLED: readonly MailState[] = ['answered', 'receipt', 'duplicate'];
const COMMENT_OF_MAIL = 2_000;

/**
 * One act of an officer: what he read in a mail becomes a reply on behalf of its organisation, or nothing, and the ladder
 * waits for it no longer.
 * @throws Problem 409 (settled before), 422, and what a reply throws
 */
export async function classify(deps: ApiDeps, mail: MailSheet, said: Classification, by: Actor): Promise<void> {
  if (mail.classifiedAs !== null) throw settled(`Ce courriel a été classé par ${mail.readBy ?? 'un officier'}.`);
  if (SETTLED.includes(mail.state)) throw settled('Vigie a compris ce courriel : il n’y a rien à classer.');
  if (said.kind === 'none') await setAside(deps, mail, by);
  else await replyOnBehalf(deps, mail, said, by);
  const marked = await markClassified(deps.database, mail.id, { sub: by.sub, now: deps.now(), kind: said.kind });
  if (!marked) throw settled('Un autre officier a classé ce courriel au même instant.');
}

const settled = (detail: string): Problem => new Problem(409, 'already-classified', detail);

/** Only an unclear mail holds a ladder. An instruction that ended has none any more. */
async function setAside(deps: ApiDeps, mail: MailSheet, by: Actor): Promise<void> {
  if (mail.state !== 'unclear' || mail.instruction === null || mail.organisation === null) return;
  const command = { kind: 'classifyMail', organisation: mail.organisation, mail: mail.id, reply: null, by } as const;
  await commandOrRefusal(deps, mail.instruction.id, command, null);
}

async function replyOnBehalf(deps: ApiDeps, mail: MailSheet, said: Classification, by: Actor): Promise<void> {
  const { instruction, organisation } = await recipientMeant(deps, mail, said);
  const reply = await replyRead(deps, { mail, said, organisation, by });
  await carryOut(deps, instruction, { kind: 'classifyMail', organisation, mail: mail.id, reply, by });
}

/** The one that the officer names, else the one that was found. */
async function recipientMeant(
  { database }: ApiDeps,
  mail: MailSheet,
  said: Classification,
): Promise<{ readonly instruction: string; readonly organisation: string }> {
  const instruction = said.instruction ?? mail.instruction?.id;
  const organisation = said.organisation ?? mail.organisation ?? undefined;
  const missing: FieldError[] = [
    ...(instruction === undefined ? [required('/instruction', 'Dites à quelle instruction ce courriel répond.')] : []),
    ...(organisation === undefined ? [required('/organisation', 'Dites au nom de quelle agence.')] : []),
  ];
  if (instruction === undefined || organisation === undefined) throw invalid(missing);
  if (await isRecipientIn(database.sql, instruction, organisation)) return { instruction, organisation };
  const message = 'Cette agence n’est pas destinataire de cette instruction.';
  throw invalid([{ pointer: '/organisation', code: 'unknown', message }]);
}

const required = (pointer: string, message: string): FieldError => ({ pointer, code: 'required', message });

interface Read {
  readonly mail: MailSheet;
  readonly said: Classification;
  readonly organisation: string;
  readonly by: Actor;
}

async function replyRead(deps: ApiDeps, { mail, said, organisation, by }: Read): Promise<ReplyInput> {
  const { kind, percent, until } = said;
  const words = (mail.reading?.words ?? '').slice(0, COMMENT_OF_MAIL).toWellFormed();
  const comment = said.comment ?? (isBlank(words) ? undefined : words);
  const files = await describeAttachments(deps.database.sql, [...mail.evidence]);
  const evidence = files
    .filter((file) => [organisation, 'CORRUSS'].includes(file.owner_organisation))
    .map(({ id }) => id);
  return checkedReply(deps, {
    organisation,
    kind,
    ...(percent === undefined ? {} : { percent }),
    ...(comment === undefined ? {} : { comment }),
    ...(until === undefined ? {} : { until }),
    ...(evidence.length === 0 ? {} : { evidence }),
    from: mail.sender ?? 'expéditeur inconnu',
    channel: 'mail',
    verified: true,
    messageId: mail.messageId,
    onBehalfBy: by.sub,
  });
}
