import { Type } from 'typebox';
import { MAIL_STATES } from '../../domain/mail-reading.ts';
import { REPLY_KINDS } from '../../domain/reply-kinds.ts';
import { COMMENT_LIMIT } from '../../domain/reply.ts';
import { Id, Nullable, OrganisationId, Strict, Time } from './common.ts';
import { RecipientDetail } from './recipient.ts';

const Verdict = Strict({ result: Type.String(), domain: Nullable(Type.String()) });
const Authentication = Strict(
  {
    authservId: Nullable(Type.String()),
    spf: Nullable(Verdict),
    dkim: Type.Array(Verdict),
    dmarc: Nullable(Verdict),
  },
  {
    description: 'What our own relay found out about the sender (`MAIL_AUTHSERV_ID`); headers of others do not count.',
  },
);
const File = Strict({
  name: Type.String(),
  mediaType: Type.String(),
  size: Type.Integer(),
  id: Nullable(Type.String({ description: 'Of the attachment; null: it stays in the raw mail.' })),
  reason: Nullable(Type.String({ description: '`tooLarge`, `mediaType`, `tooMany`, `notAnEvidence`' })),
});
const Candidate = Strict({
  kind: Type.Enum(REPLY_KINDS),
  confidence: Type.Number(),
  percent: Type.Optional(Type.Integer()),
  until: Type.Optional(Type.Number({ description: 'Milliseconds since 1970.' })),
});
const Intent = Strict({
  kind: Type.String(),
  why: Type.String({ description: 'The words that decided.' }),
  reason: Nullable(Type.String({ description: 'Why it is unclear.' })),
  candidates: Type.Array(Candidate),
});
const Reading = Strict({
  nature: Type.String({ description: '`human`, the kind of machine, or why it is in quarantine.' }),
  road: Nullable(Type.String({ description: 'How its instruction was found: `token`, `references`, `number`.' })),
  words: Type.String({ description: 'The writer’s own words, without quoted text.' }),
  text: Type.String(),
  files: Type.Array(File),
  authentication: Nullable(Authentication),
  intent: Nullable(Intent),
  until: Nullable(Type.Number()),
  diagnostic: Nullable(Type.String()),
});

export const Mail = Strict(
  {
    id: Id(),
    receivedAt: Time(),
    state: Type.Enum(MAIL_STATES),
    from: Type.String(),
    sender: Nullable(Type.String()),
    subject: Type.String(),
    text: Type.String(),
    messageId: Type.String(),
    reading: Nullable(Reading),
    organisation: Nullable(Type.String()),
    instruction: Nullable(
      Strict({
        id: Id(),
        number: Nullable(Type.String()),
        subject: Type.String(),
        body: Type.String(),
        nature: Type.String(),
        status: Type.String(),
      }),
    ),
    recipient: Nullable(RecipientDetail),
    classifiedAs: Nullable(Type.String()),
    readAt: Nullable(Time()),
    readBy: Nullable(Type.String()),
  },
  { title: 'Mail' },
);

export const NO_ANSWER = 'none';
export const ClassifyBody = Strict(
  {
    kind: Type.Enum([...REPLY_KINDS, NO_ANSWER], { description: '`none`: the mail answers nothing.' }),
    percent: Type.Optional(Type.Integer({ minimum: 1, maximum: 99 })),
    comment: Type.Optional(Type.String({ maxLength: COMMENT_LIMIT, description: 'Default: the words of the mail.' })),
    until: Type.Optional(Time('With `deferred`.')),
    instruction: Type.Optional(Id('Where Vigie found none, or a wrong one.')),
    organisation: Type.Optional(OrganisationId),
  },
  { title: 'Classification' },
);
