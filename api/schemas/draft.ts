import { Type } from 'typebox';
import {
  ACCEPTANCES,
  CHANNELS,
  EVIDENCES,
  INSTRUCTION_STATUSES,
  LADDER_TARGETS,
  NATURES,
} from '../../domain/instruction.ts';
import { RELATIONS } from '../../domain/relation.ts';
import { PARTNER_CATEGORIES } from '../../domain/partner.ts';
import { RelayTotals } from './relays.ts';
import { Duration, Id, Nullable, OrganisationId, Strict, Time } from './common.ts';

const Audience = Type.Union(
  [
    Strict({ national: Type.Literal(true) }),
    Strict({ organisations: Type.Array(OrganisationId, { minItems: 1, maxItems: 500 }) }),
    Strict({
      zones: Type.Array(Type.String({ maxLength: 40 }), { minItems: 1, maxItems: 50, description: '`ZONE-OUEST`' }),
    }),
  ],
  { description: 'All ARS, some of them, or those of defence zones.' },
);

const LadderStep = Strict({
  after: Duration,
  target: Type.Enum(LADDER_TARGETS),
  channel: Type.Enum(CHANNELS),
});

const fields = {
  nature: Type.Enum(NATURES, { description: '`diffusion`: the ARS passes it on to its own partners (`relayTo`).' }),
  subject: Type.String({ minLength: 1, maxLength: 200, description: 'One line.' }),
  body: Type.String({
    minLength: 1,
    maxLength: 100_000,
    description: 'Markdown; HTML and links other than https are refused.',
  }),
  audience: Audience,
  zonesOnly: Type.Optional(Type.Boolean({ description: 'Only the zone leads (ARS de zone) among the audience.' })),
  deadline: Type.Optional(
    Nullable(
      Type.String({
        maxLength: 40,
        description:
          '`DEL0`, `30M`, `1H`, `2H`, `4H`, `8H`, `12H`, `24H` or RFC 3339; required for `action`; 24H for a `diffusion` where left out.',
      }),
    ),
  ),
  acknowledgeWithin: Type.Optional(Nullable(Duration)),
  acceptance: Type.Optional(Type.Enum(ACCEPTANCES)),
  evidence: Type.Optional(Type.Enum(EVIDENCES)),
  takenInChargeExpires: Type.Optional(Nullable(Duration)),
  deferralLimit: Type.Optional(Nullable(Duration)),
  ladder: Type.Optional(Nullable(Type.Array(LadderStep, { maxItems: 20 }))),
  exercise: Type.Optional(Type.Boolean()),
  attachments: Type.Optional(Type.Array(Id(), { maxItems: 20 })),
  crisisId: Type.Optional(
    Nullable(
      Type.String({ maxLength: 60, description: 'Crisis of the message; of an exercise, the message is one too.' }),
    ),
  ),
  relayTo: Type.Optional(
    Nullable(
      Type.Array(Type.Enum(PARTNER_CATEGORIES), {
        maxItems: 50,
        description: 'Partner categories: required for `diffusion`, refused elsewhere.',
      }),
    ),
  ),
};

export const DraftBody = Strict(fields, { title: 'Draft' });

const {
  nature: _nature,
  audience: _audience,
  zonesOnly: _zonesOnly,
  exercise: _exercise,
  crisisId: _crisisId,
  ...amendable
} = fields;
export const AmendBody = Type.Partial(Strict(amendable), {
  title: 'Amendment',
  additionalProperties: false,
  minProperties: 1,
});
export const OvertakeBody = Strict(
  {
    reason: Type.String({ minLength: 1, maxLength: 100_000, description: 'Markdown: the words of the message.' }),
    subject: Type.Optional(fields.subject),
  },
  { title: 'Cancellation' },
);
export const DraftPatch = Type.Partial(DraftBody, {
  title: 'DraftChanges',
  additionalProperties: false,
  minProperties: 1,
});
export const DraftCreated = Strict({ id: Id(), status: Type.Literal('draft'), version: Type.Integer() });

export const ReleaseBody = Strict({
  emergencyReason: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 1000,
      description: 'Lets the head of desk release his own draft; kept in the audit.',
    }),
  ),
});
export const Released = Strict({ number: Type.String(), workflowId: Type.String() });

const Count = Type.Integer({ minimum: 0 });
const Late = Strict({ organisation: Type.String(), state: Type.String(), deadline: Nullable(Time()) });

const card = {
  id: Id(),
  status: Type.Enum(INSTRUCTION_STATUSES),
  number: Nullable(Type.String({ description: '`MINSANTE N°2026_001`, once released.' })),
  nature: Type.Enum(NATURES),
  exercise: Type.Boolean(),
  subject: Type.String(),
  crisisId: Nullable(Id()),
  version: Type.Integer({ description: 'Of the draft: its ETag.' }),
  createdAt: Time(),
  updatedAt: Time(),
  releasedAt: Nullable(Time()),
  closedAt: Nullable(Time()),
  recipients: Count,
  open: Type.Integer({ minimum: 0, description: 'Recipients that are not closed.' }),
  counts: Type.Record(Type.String(), Count, { description: 'Recipients of each state, in your territory.' }),
  late: Type.Array(Late),
  deadlines: Type.Array(Strict({ deadline: Time(), recipients: Count, open: Count })),
  deliveries: Type.Record(Type.String(), Count, {
    description: 'Sendings of each status: `waiting` means that the relay was away and they leave by themselves.',
  }),
};

export const relationOf = Type.Enum(RELATIONS, { description: 'What the later of the two does to the first.' });

/** A message as another one names it. */
export const RelatedMessage = Strict({
  id: Id(),
  number: Type.String(),
  relation: relationOf,
  releasedAt: Time(),
});

export const InstructionCard = Strict(card, { title: 'Instruction' });
export const InstructionDetail = Strict(
  {
    ...card,
    body: Type.String(),
    draft: Type.Unknown({ description: 'As written, normalised.' }),
    createdBy: Type.String(),
    releasedBy: Nullable(Type.String()),
    emergencyReason: Nullable(Type.String()),
    relays: Nullable(RelayTotals),
    refersTo: Nullable(RelatedMessage),
    supersededBy: Nullable(RelatedMessage),
  },
  { title: 'InstructionDetail' },
);

export const Preview = Strict({
  subject: Type.String(),
  html: Type.String(),
  text: Type.String(),
  recipient: Type.String({ description: 'Whose mail this is.' }),
  recipients: Type.Array(
    Strict({ organisation: Type.String(), name: Type.String(), address: Nullable(Type.String()) }),
  ),
  errors: Type.Array(Strict({ pointer: Type.String(), code: Type.String(), message: Type.String() }), {
    description: 'What would stop the release now (a deadline that has passed meanwhile).',
  }),
});
