import { Type } from 'typebox';
import { CAMPAIGN_STATUSES } from '../../domain/survey/campaign.ts';
import { RESULT_STATES } from '../../domain/survey/results.ts';
import { Id, Nullable, OrganisationId, Strict, Time } from './common.ts';
import { countFields } from './surveys.ts';

const as = Type.Optional(
  Type.Enum(RESULT_STATES, {
    default: 'corrected',
    description: '`closing`: as known at the first closing, for ever; `corrected`: as submitted now.',
  }),
);
const question = Type.Optional(
  Type.String({
    maxLength: 200,
    description:
      'A column of the results (`occupes`, `lits.installes`, `tension.n2`), or `_taux`, the response rate. Default: the first headline figure.',
  }),
);
export const DrawingQuery = Type.Object({ as, question }, { additionalProperties: false });

const Rate = Nullable(Type.Number({ description: 'Percent, one decimal; null of nobody.' }));
const row = {
  counts: Strict(countFields),
  rates: Strict(
    { received: Rate, complete: Rate, onTime: Rate, validated: Rate },
    { description: 'Of those expected; validated of those received.' },
  ),
  figures: Type.Record(Type.String(), Type.Union([Type.Number(), Type.String(), Type.Null()]), {
    description: 'The headline figures by column; null: nobody has answered, which is no zero.',
  }),
};
const Reading = Strict({
  total: Strict(row, { description: 'Of all that the reader sees.' }),
  territories: Type.Array(Strict({ territory: OrganisationId, name: Type.String(), ...row })),
});

export const PublicationView = Strict({
  survey: Strict({
    id: Id(),
    title: Type.String(),
    author: OrganisationId,
    authorName: Type.String(),
    exercise: Type.Boolean(),
    status: Type.Enum(CAMPAIGN_STATUSES),
  }),
  publishedAt: Nullable(Time('Null: provisional.')),
  whole: Type.Boolean({ description: 'False: the figures of the territory of the reader alone.' }),
  notices: Type.Array(Type.String(), {
    description: 'French: what is not final, not validated, not accepted or missing.',
  }),
  headlines: Type.Array(Strict({ column: Type.String(), label: Type.String(), unit: Nullable(Type.String()) }), {
    description: 'Those that the form marks; of none marked the first five.',
  }),
  readings: Strict({
    closing: Nullable(Reading),
    corrected: Nullable(Reading),
  }),
  dictionary: Type.Array(
    Strict({
      column: Type.String(),
      code: Nullable(Type.String({ description: 'Of its question.' })),
      label: Type.String(),
      type: Type.String(),
      rule: Type.String({ description: 'How it is aggregated, in French words.' }),
      unit: Type.String(),
      limits: Type.String(),
    }),
    { description: 'Every column of the results.' },
  ),
  sources: Strict({
    form: Strict({ id: Id(), title: Type.String(), version: Type.Integer(), owner: OrganisationId }),
    opensAt: Nullable(Time()),
    closesAt: Nullable(Time()),
    closedAt: Nullable(Time()),
    closings: Type.Integer(),
    validated: Type.Integer(),
    notValidated: Type.Integer({ description: 'Received, of those that an agency validates, and not validated.' }),
    acceptances: Type.Array(
      Strict({
        territory: OrganisationId,
        name: Type.String(),
        at: Nullable(Time('Null: not accepted.')),
        by: Nullable(Type.String()),
        comment: Nullable(Type.String()),
        changedSince: Type.Integer({ description: 'Submissions that came after it.' }),
      }),
    ),
  }),
  links: Strict({
    page: Type.String(),
    csv: Type.String(),
    xlsx: Type.String(),
    json: Type.String(),
    map: Type.String(),
    trend: Type.String(),
  }),
});
