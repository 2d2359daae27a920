import { Type } from 'typebox';
import { TASK_KINDS } from '../../domain/changes.ts';
import { DELIVERY_OUTCOMES } from '../../domain/events.ts';
import { INSTRUCTION_STATUSES, NATURES } from '../../domain/instruction.ts';
import { Id, Nullable, Strict, Time } from './common.ts';
import { RelatedMessage, relationOf } from './draft.ts';
import { recipient } from './recipient.ts';

const { name: _, ...recipientThen } = recipient;

/** The answer of `GET /v1/audit/at`. */
export const AuditAt = Strict(
  {
    subject: Type.String(),
    time: Time('The moment asked for.'),
    entries: Type.Integer({ description: 'Entries of the chain up to then.' }),
    position: Type.Integer({ description: 'The last of them that the state counts.' }),
    hmac: Type.String({ description: 'Its seal.' }),
    lastAt: Time('When what it tells happened.'),
    lastRecordedAt: Time('When it was recorded.'),
    intact: Type.Boolean({ description: 'Every seal up to then holds.' }),
    status: Type.Enum([...INSTRUCTION_STATUSES, 'deleted'] as const),
    number: Nullable(Type.String()),
    nature: Nullable(Type.Enum(NATURES)),
    exercise: Nullable(Type.Boolean()),
    releasedAt: Nullable(Time()),
    closedAt: Nullable(Time()),
    turn: Type.Integer({ description: 'Last turn recorded; 0 for a draft.' }),
    refersTo: Nullable(RelatedMessage),
    supersededBy: Nullable(
      Strict({ id: Id(), number: Type.String(), relation: relationOf, at: Time('When this instruction heard of it.') }),
    ),
    recipients: Type.Array(Strict(recipientThen)),
    deliveries: Type.Array(
      Strict({
        organisation: Type.String(),
        purpose: Type.String(),
        target: Type.String(),
        channel: Type.String(),
        step: Type.Integer(),
        round: Type.Integer(),
        status: Type.Enum(['planned', ...DELIVERY_OUTCOMES] as const, {
          description: '`planned` also while it was on its way.',
        }),
        plannedAt: Time(),
        at: Nullable(Time('When its outcome was known.')),
      }),
    ),
    tasks: Type.Array(
      Strict({ kind: Type.Enum(TASK_KINDS), organisation: Type.String(), step: Type.Integer(), openedAt: Time() }),
    ),
  },
  { title: 'AuditAt' },
);
