import { Type } from 'typebox';
import { PARTNER_CATEGORIES, PARTNER_STATES } from '../../domain/partner.ts';
import { declaredFigures, LastDeclared } from './recipient.ts';
import { Id, Nullable, PageQuery, Strict, Time } from './common.ts';

const Count = Type.Integer({ minimum: 0 });

const figures = {
  partners: Count,
  relayed: Type.Integer({ minimum: 0, description: 'Their mail has left.' }),
  reached: Type.Integer({ minimum: 0, description: 'Their mail has left and has not come back.' }),
  acknowledged: Count,
  notReached: Type.Integer({
    minimum: 0,
    description: 'Refused or come back undelivered: the address is to be corrected.',
  }),
  waiting: Type.Integer({ minimum: 0, description: 'Not sent yet.' }),
};

/** The figures of a territory: counted by Vigie, and beside them declared. */
export const RelayTotals = Strict(
  {
    organisations: Type.Integer({ minimum: 0, description: 'That have relayed through Vigie.' }),
    ...figures,
    declared: Strict(
      { organisations: Type.Integer({ minimum: 0, description: 'That have declared.' }), ...declaredFigures },
      { description: 'Sums of what was declared outside Vigie; never added to what Vigie counted.' },
    ),
    both: Type.Integer({
      minimum: 0,
      description: 'That have done both: their two figures may tell of the same partners.',
    }),
  },
  { description: 'Of a `diffusion`: relays in your territory.' },
);

export const Relay = Strict(
  {
    organisation: Type.String(),
    name: Type.String(),
    state: Type.String({ description: 'Of its follow-up.' }),
    askedAt: Nullable(Time('Null where it has not relayed through Vigie.')),
    endedAt: Nullable(Time()),
    ...figures,
    declared: Nullable(LastDeclared),
  },
  { title: 'Relay' },
);

export const RelayPartner = Strict(
  {
    partner: Id(),
    category: Type.Enum(PARTNER_CATEGORIES),
    name: Type.String(),
    address: Type.String({ description: 'Where its mail went.' }),
    state: Type.Enum(PARTNER_STATES),
    sentAt: Nullable(Time()),
    acknowledgedAt: Nullable(Time()),
    reason: Nullable(Type.String({ description: 'Why it was not reached.' })),
    round: Type.Integer({ minimum: 1, description: 'More than 1: sent again.' }),
  },
  { title: 'RelayPartner' },
);
export const RelayPartnerQuery = Type.Object(
  { ...PageQuery, state: Type.Optional(Type.Enum(PARTNER_STATES)) },
  { additionalProperties: false },
);

export const RelayBody = Strict({
  note: Type.Optional(Type.String({ maxLength: 2000, description: 'Covering words, shown before the message.' })),
});
export const RelayAccepted = Strict({
  relay: Id(),
  partners: Count,
  again: Type.Boolean({ description: 'It had been asked for before: the same relay.' }),
});

export const RelayPreview = Strict(
  {
    subject: Type.String(),
    html: Type.String(),
    text: Type.String(),
    contact: Nullable(
      Strict(
        { name: Type.String(), address: Type.String(), phone: Nullable(Type.String()) },
        {
          description: 'Whom partners write back to: the contact `partners` of the ARS, else its alert box.',
        },
      ),
    ),
    total: Count,
    categories: Type.Record(Type.String(), Count),
    items: Type.Array(
      Strict({
        partner: Id(),
        category: Type.Enum(PARTNER_CATEGORIES),
        name: Type.String(),
        address: Type.String(),
      }),
    ),
    nextCursor: Nullable(Type.String()),
  },
  { title: 'RelayPreview' },
);
export const ResendParams = Type.Object({
  id: Type.String(),
  org: Type.String(),
  partner: Type.String({ format: 'uuid' }),
});
