import { Type } from 'typebox';
import { CRISIS_DESCRIPTION_LIMIT, CRISIS_NAME_LIMIT } from '../../domain/crisis.ts';
import { VISIBLE } from '../../domain/text.ts';
import { Id, Nullable, PageQuery, Strict, Time } from './common.ts';

const name = Type.String({ minLength: 1, maxLength: CRISIS_NAME_LIMIT, description: 'One line.' });
const description = Type.String({ maxLength: CRISIS_DESCRIPTION_LIMIT, description: 'Markdown.' });

export const CrisisBody = Strict(
  {
    name,
    description: Type.Optional(description),
    exercise: Type.Optional(
      Type.Boolean({ description: 'For ever: nothing changes it, and all its messages are exercises.' }),
    ),
  },
  { title: 'NewCrisis' },
);
export const CrisisPatch = Strict(
  { name: Type.Optional(name), description: Type.Optional(description) },
  { title: 'CrisisChanges', minProperties: 1 },
);
export const CrisisClosing = Strict({ reason: Type.String({ minLength: 1, maxLength: 4_000, pattern: VISIBLE }) });

export const CrisisFilters = Type.Object(
  { ...PageQuery, status: Type.Optional(Type.Enum(['open', 'closed'])) },
  { additionalProperties: false },
);

export const Crisis = Strict(
  {
    id: Id(),
    name: Type.String(),
    description: Type.String(),
    exercise: Type.Boolean(),
    status: Type.Enum(['open', 'closed']),
    version: Type.Integer({ description: 'Its ETag.' }),
    openedBy: Type.String(),
    openedAt: Time(),
    closedBy: Nullable(Type.String()),
    closedAt: Nullable(Time()),
    messages: Type.Integer({ minimum: 0, description: 'Released messages, in your territory.' }),
    open: Type.Integer({ minimum: 0 }),
    late: Type.Integer({ minimum: 0, description: 'Recipients past their deadline.' }),
  },
  { title: 'Crisis' },
);

export const CrisisTimelineItem = Strict({
  at: Time(),
  kind: Type.String(),
  instruction: Nullable(Id('Null: of the crisis itself.')),
  number: Nullable(Type.String()),
  organisation: Nullable(Type.String()),
  actor: Strict({ sub: Type.String(), organisation: Type.String() }),
  text: Type.String({ description: 'In French.' }),
});
