import { Type } from 'typebox';
import { CAMPAIGN_STATUSES } from '../../domain/survey/campaign.ts';
import { RESPONDENT_STATES } from '../../db/read-models/survey-respondents.ts';
import { CONTACT_STATES } from '../../domain/survey/contact.ts';
import { MOST_REUSED } from '../../domain/survey/reuse.ts';
import { AcceptedLoad } from './survey-load.ts';
import { Reusable, Reuse, Reused } from './survey-reuse.ts';
import { Thresholds } from './survey-thresholds.ts';
import { Duration, Id, Nullable, OrganisationId, PageQuery, Strict, Time } from './common.ts';

export const Moment = (description: string) => Type.String({ maxLength: 40, minLength: 1, description });
const MOMENT = 'RFC 3339, a wall of Paris (`2026-12-01T18:00`) or an ISO 8601 duration';

const Names = (description: string) =>
  Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { minItems: 1, maxItems: 200, description });
export const Audience = Strict(
  {
    ars: Type.Optional(
      Type.Union([Type.Literal('all'), Type.Array(OrganisationId, { minItems: 1, maxItems: 50 })], {
        description: 'All ARS, or some of them.',
      }),
    ),
    sites: Type.Optional(
      Strict(
        {
          territories: Type.Optional(Names('`ARS-84`, `ZONE-SUD_EST`, `D69`; absent: everywhere.')),
          categories: Type.Optional(Names('As the register words them; absent: all.')),
        },
        { description: 'The open geographic sites (`ET`) of the register when it opens.' },
      ),
    ),
    respondents: Type.Optional(
      Type.Array(
        Strict({
          name: Type.String({ maxLength: 200 }),
          email: Type.String({ maxLength: 254, description: 'One bare mail address.' }),
        }),
        { minItems: 1, maxItems: 5000, description: 'An own list, without account.' },
      ),
    ),
  },
  {
    minProperties: 1,
    maxProperties: 1,
    description: 'One of the three. An ARS asks sites of its region, or its own list.',
  },
);

export const RemindBefore = Type.Array(Duration, {
  maxItems: 10,
  description: 'Before the closing. The shortest of several is the last call.',
});

export const SurveyBody = Strict({
  formId: Id('A published questionnaire.'),
  title: Type.String({ minLength: 1, maxLength: 200 }),
  audience: Audience,
  opensAt: Type.Optional(Moment('RFC 3339 or a wall of Paris; absent: when it is opened.')),
  closesAt: Moment(`${MOMENT} after the opening. Whole days (\`P2D\`) keep the hour on the walls of Paris.`),
  remindBefore: Type.Optional(RemindBefore),
  validateUntil: Type.Optional(Moment(`${MOMENT} after the closing.`)),
  acceptUntil: Type.Optional(Moment(`${MOMENT} after the closing.`)),
  crisisId: Type.Optional(Id()),
  exercise: Type.Optional(Type.Boolean()),
  thresholds: Type.Optional(Thresholds),
  reuse: Type.Optional(Reuse),
});

export const countFields = {
  expected: Type.Integer({ description: 'Asked, those left out whom it does not concern.' }),
  notConcerned: Type.Integer(),
  received: Type.Integer(),
  complete: Type.Integer({
    description: 'Received, no question left open but remarks and several choices that are not required.',
  }),
  validated: Type.Integer({ description: 'By the agency, as they stand.' }),
  onTime: Type.Integer({ description: 'First submitted before the first closing.' }),
  late: Type.Integer({ description: 'Who owes an answer.' }),
};

export const Survey = Strict({
  id: Id(),
  title: Type.String(),
  formId: Id(),
  formVersion: Nullable(Type.Integer()),
  author: OrganisationId,
  exercise: Type.Boolean(),
  crisisId: Nullable(Id()),
  status: Type.Enum(CAMPAIGN_STATUSES),
  createdAt: Time(),
  calendar: Nullable(
    Strict({
      opensAt: Time(),
      closesAt: Time(),
      reminders: Type.Array(Time()),
      validateUntil: Nullable(Time()),
      acceptUntil: Nullable(Time()),
    }),
  ),
  closedAt: Nullable(Time()),
  closings: Type.Integer(),
  reuse: Nullable(Reuse),
  counts: Strict(countFields, { description: 'Of what the reader may read.' }),
});

/** One survey by itself. */
export const SurveyDetail = Type.Object(
  {
    ...Survey.properties,
    thresholds: Thresholds,
    load: Nullable(AcceptedLoad),
    drift: Nullable(
      Type.String({
        description: 'Where the figures that have moved since the campaign before are told; null: a draft.',
      }),
    ),
    reach: Strict(
      {
        respondents: Type.Integer(),
        withoutAddress: Type.Integer({ description: 'No mail reaches them: their contact is missing.' }),
        toCorrect: Type.Integer({ description: 'A mail to them came back or was refused.' }),
      },
      { description: 'Whom it asks, of what the reader may read; of a draft whom it would ask if it opened now.' },
    ),
  },
  { additionalProperties: false },
);

export const SurveyFilters = Type.Object(
  { ...PageQuery, status: Type.Optional(Type.Enum(CAMPAIGN_STATUSES)) },
  { additionalProperties: false },
);

const Reason = Type.String({ maxLength: 4000 });
export const ExtendBody = Strict({
  closesAt: Moment('RFC 3339 or a wall of Paris; also earlier than before.'),
  reason: Type.Optional(Reason),
});
export const ReopenBody = Strict({ closesAt: Moment('RFC 3339 or a wall of Paris.'), reason: Reason });
export const CloseBody = Strict({ reason: Type.Optional(Reason) });
export const CancelBody = Strict({ reason: Reason });

export const RespondentQuery = Type.Object(
  {
    ...PageQuery,
    late: Type.Optional(Type.Boolean({ description: 'Who owes an answer, or who does not.' })),
    territory: Type.Optional(Type.String({ maxLength: 40, description: '`D69`, `ARS-84` or `ZONE-OUEST`.' })),
    contact: Type.Optional(Type.Enum(CONTACT_STATES, { description: 'Whether mails reach them.' })),
  },
  { additionalProperties: false },
);

export const Respondent = Strict({
  respondent: Id(),
  organisation: Nullable(OrganisationId),
  name: Type.String(),
  address: Nullable(Type.String()),
  territory: OrganisationId,
  department: Nullable(Type.String({ description: '`D69`, of a site.' })),
  state: Type.Enum(RESPONDENT_STATES),
  late: Type.Boolean(),
  onTime: Type.Boolean(),
  complete: Type.Boolean(),
  validated: Type.Boolean(),
  unlockedUntil: Nullable(Time('Of a closed survey its answer alone is taken until then.')),
  versions: Type.Integer(),
  lastSubmittedAt: Nullable(Time()),
  fileRefusedAt: Nullable(Time('Since then a file of its by mail was not taken, and it was told why.')),
  lastMail: Nullable(
    Type.String({ description: 'Where its last mail stands: `sent`; `unconfirmed`, nobody knows; `failed`…' }),
  ),
  contact: Type.Enum(CONTACT_STATES, {
    description: '`missing`: no address; `toCorrect`: a mail to its address came back or was refused.',
  }),
  contactError: Nullable(Type.String({ description: 'What was said of the mail that did not arrive.' })),
});

export const AnswerBody = Strict({
  values: Type.Optional(Type.Record(Type.String({ maxLength: 100 }), Type.Unknown())),
  comments: Type.Optional(Type.Record(Type.String({ maxLength: 100 }), Type.Unknown())),
  notConcerned: Type.Optional(Type.Unknown({ description: 'Why the survey does not concern the respondent.' })),
  reused: Type.Optional(
    Type.Array(Type.String({ maxLength: 100 }), {
      maxItems: MOST_REUSED,
      description:
        'Codes of the values taken over from `reusable`. One that was changed is not marked; one that is no more offered is refused. Absent: as it stands.',
    }),
  ),
  submit: Type.Optional(Type.Boolean({ description: 'Absent or false: a draft, which may leave out what is owed.' })),
});

const Notice = Strict({ pointer: Type.String(), code: Type.String(), message: Type.String() });
const answerFields = {
  values: Type.Record(Type.String(), Type.Unknown()),
  comments: Type.Record(Type.String(), Type.String()),
  notConcerned: Nullable(Type.String()),
  reused: Reused,
  version: Type.Integer({ description: 'Also the ETag.' }),
  submitted: Nullable(Type.Integer({ description: 'Number of the version that counts; null: none yet.' })),
};
export const Answer = Strict({
  ...answerFields,
  reusable: Reusable,
  isDraft: Type.Boolean(),
  submittedAt: Nullable(Time()),
  validated: Type.Boolean(),
  returnReason: Nullable(Type.String({ description: 'Why it was given back, while it owes again.' })),
  unlockedUntil: Nullable(Time('Of a closed survey this answer alone is taken until then.')),
});
export const AnswerWritten = Strict({
  ...answerFields,
  notices: Type.Array(Notice, {
    description: 'Told, refusing nothing: what a draft still owes, rules that only warn.',
  }),
});

export const TemplateQuery = Type.Object(
  {
    prefill: Type.Optional(
      Type.Boolean({
        description: 'Where nothing stands yet: what the form allows to be taken over from the answer before.',
      }),
    ),
  },
  { additionalProperties: false },
);
export const AnswerFileQuery = Type.Object(
  { submit: Type.Optional(Type.Boolean({ description: 'Absent or false: a draft.' })) },
  { additionalProperties: false },
);
