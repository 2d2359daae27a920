import { Type } from 'typebox';
import { COMMENT_LIMIT } from '../../domain/reply.ts';
import { DECLARED_LIMIT, MEANS_LIMIT } from '../../domain/declared.ts';
import { RECIPIENT_STATES } from '../../domain/follow-up-state.ts';
import { REPLY_KINDS } from '../../domain/reply-kinds.ts';
import { SUPPORT_URGENCIES } from '../../domain/support.ts';
import { VISIBLE } from '../../domain/text.ts';
import { Id, Nullable, OrganisationId, Strict, Time } from './common.ts';

const MAX_COMMENT = COMMENT_LIMIT;

const NextStep = Strict({ target: Type.String(), channel: Type.String(), at: Time() });
const LastReply = Strict({
  kind: Type.String(),
  at: Time(),
  percent: Nullable(Type.Integer()),
  comment: Nullable(Type.String()),
  from: Type.String(),
  channel: Type.String(),
});

/** Figures of a declaration as they are shown. */
export const declaredFigures = {
  relayed: Type.Integer(),
  reached: Nullable(Type.Integer({ description: 'Null where it was not said, as the next two.' })),
  acknowledged: Nullable(Type.Integer()),
  notReached: Nullable(Type.Integer()),
};
const declared = { ...declaredFigures, means: Nullable(Type.String()) };
export const LastDeclared = Strict(
  { ...declared, at: Time() },
  { description: 'Of a `diffusion`: what the ARS last declared to have relayed outside Vigie («déclaré hors Vigie»).' },
);

export const recipient = {
  organisation: Type.String(),
  name: Type.String(),
  state: Type.Enum(RECIPIENT_STATES),
  closed: Type.Boolean(),
  percent: Nullable(Type.Integer()),
  late: Type.Boolean(),
  deadline: Nullable(Time()),
  returns: Type.Integer(),
  ladderStep: Type.Integer(),
  nextStep: Nullable(NextStep),
  lastReply: Nullable(LastReply),
  declared: Nullable(LastDeclared),
};

export const Recipient = Strict(recipient, { title: 'Recipient' });
export const RecipientDetail = Strict(
  {
    ...recipient,
    steps: Type.Array(
      Strict({
        number: Type.Integer(),
        target: Type.String(),
        channel: Type.String(),
        status: Type.String({ description: '`waiting`, `planned`, `sent`, `failed`, `passed`' }),
        dueAt: Nullable(Time()),
        at: Nullable(Time('When it was done.')),
      }),
    ),
    replies: Type.Array(
      Strict({
        at: Time(),
        kind: Type.String(),
        percent: Nullable(Type.Integer()),
        comment: Nullable(Type.String()),
        until: Nullable(Time()),
        evidence: Type.Array(Type.String()),
        declared: Nullable(Strict(declared)),
        from: Type.String(),
        channel: Type.String(),
        verified: Type.Boolean(),
        onBehalfBy: Nullable(Type.String()),
      }),
    ),
    deliveries: Type.Array(
      Strict({
        id: Id(),
        purpose: Type.String(),
        target: Type.String(),
        channel: Type.String(),
        step: Type.Integer(),
        addressee: Type.String(),
        address: Type.String(),
        status: Type.String(),
        attempts: Type.Integer(),
        inDoubt: Type.Boolean(),
        plannedAt: Time(),
        sentAt: Nullable(Time()),
        error: Nullable(Type.String()),
      }),
    ),
  },
  { title: 'RecipientDetail' },
);

const Figure = Type.Integer({ minimum: 0, maximum: DECLARED_LIMIT });
const DeclaredBody = Strict(
  {
    relayed: Figure,
    reached: Type.Optional(Figure),
    acknowledged: Type.Optional(Figure),
    notReached: Type.Optional(Figure),
    means: Type.Optional(
      Type.String({ minLength: 1, maxLength: MEANS_LIMIT, pattern: VISIBLE, description: 'By what: one line.' }),
    ),
  },
  {
    description:
      'With `done` or `progress` of a `diffusion`: what was relayed by other means than Vigie. `reached` and `notReached` ' +
      'are together at most `relayed`, `acknowledged` at most `reached`. A later one takes the place of the former.',
  },
);

export const ReplyBody = Strict(
  {
    kind: Type.Enum(REPLY_KINDS),
    percent: Type.Optional(Type.Integer({ minimum: 1, maximum: 99, description: 'With `progress`.' })),
    comment: Type.Optional(
      Type.String({
        maxLength: MAX_COMMENT,
        description: 'Required with `refused`, `deferred`, and `done` where evidence is.',
      }),
    ),
    until: Type.Optional(Time('With `deferred`.')),
    evidence: Type.Optional(Type.Array(Id(), { maxItems: 20 })),
    declared: Type.Optional(DeclaredBody),
  },
  { title: 'Reply' },
);

const Reason = Type.String({ minLength: 1, maxLength: MAX_COMMENT, pattern: VISIBLE });
export const ReturnBody = Strict({ reason: Reason, deadline: Type.Optional(Time()) });
export const CloseBody = Strict({ reason: Reason });
export const EmptyBody = Strict({});
export const DeadlineBody = Strict({
  deadline: Time(),
  organisations: Type.Optional(
    Type.Array(OrganisationId, { minItems: 1, maxItems: 500, uniqueItems: true, description: 'All, when left out.' }),
  ),
});
export const SupportBody = Strict({
  urgency: Type.Optional(Type.Enum(SUPPORT_URGENCIES, { description: '`normal` where it is left out.' })),
  reason: Type.String({ minLength: 1, maxLength: 4_000, pattern: VISIBLE, description: 'What is needed.' }),
  phone: Type.Optional(
    Type.String({ pattern: '^\\+[1-9][0-9]{6,14}$', description: 'To ring back, E.164: `+33491555001`.' }),
  ),
});
export const CallBody = Strict({
  outcome: Type.String({ minLength: 1, maxLength: 1000, pattern: VISIBLE, description: 'What came of the call.' }),
  answeredBy: Type.String({ maxLength: 200, description: 'Who answered; empty when nobody did.' }),
});
