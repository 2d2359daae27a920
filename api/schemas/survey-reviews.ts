import { Type } from 'typebox';
import { VERDICTS } from '../../domain/survey/review.ts';
import { Nullable, OrganisationId, Strict, Time } from './common.ts';
import { Reused } from './survey-reuse.ts';
import { countFields, Moment } from './surveys.ts';

const Reason = Type.String({ minLength: 1, maxLength: 4000 });

export const ValidateBody = Strict(
  {
    answers: Type.Optional(
      Type.Array(Type.String({ maxLength: 40, description: 'An organisation, or the id of a respondent on a list.' }), {
        minItems: 1,
        maxItems: 5000,
        uniqueItems: true,
      }),
    ),
    sound: Type.Optional(
      Type.Literal(true, { description: 'All that are complete and were submitted without a notice.' }),
    ),
  },
  {
    description: 'Those named, all or none of them; or all that are beyond doubt. One of the two.',
    minProperties: 1,
    maxProperties: 1,
  },
);

export const Validated = Strict({
  validated: Type.Integer(),
  already: Type.Integer({ description: 'Validated before, as they stand.' }),
  left: Strict(
    {
      awaited: Type.Integer(),
      incomplete: Type.Integer(),
      withNotices: Type.Integer(),
      notConcerned: Type.Integer(),
    },
    { description: 'Of the same territory, not validated, and why.' },
  ),
});

export const ReturnBody = Strict({ reason: Reason });
export const Returned = Strict({
  until: Nullable(Time('Of a closed survey this answer alone is taken until then.')),
  mailed: Type.Boolean({ description: 'False: no address of the respondent is known.' }),
});

export const UnlockBody = Strict({
  until: Moment('RFC 3339 or a wall of Paris (`2026-12-01T18:00`); before the end of the survey.'),
  reason: Reason,
});
export const Unlocked = Strict({ until: Time(), mailed: Type.Boolean() });

export const AcceptBody = Strict({
  territories: Type.Optional(
    Type.Array(OrganisationId, { minItems: 1, maxItems: 50, uniqueItems: true, description: 'Absent: all of them.' }),
  ),
  comment: Type.Optional(Type.String({ maxLength: 4000 })),
});

const taken = {
  territory: OrganisationId,
  ...countFields,
  notValidated: Type.Integer({ description: 'Received, of those that an agency validates, and not validated.' }),
};
export const AcceptanceTaken = Strict({
  accepted: Type.Array(Strict(taken), { description: 'Now; not those accepted before and unchanged since.' }),
  published: Type.Boolean({ description: 'All territories are accepted.' }),
});
export const Acceptances = Strict({
  items: Type.Array(
    Strict({
      ...taken,
      at: Time(),
      by: Type.String(),
      comment: Nullable(Type.String()),
      changedSince: Type.Integer({ description: 'Submissions that came after it, by a lock exception.' }),
    }),
  ),
});

export const Versions = Strict({
  items: Type.Array(
    Strict({
      number: Type.Integer(),
      at: Time(),
      by: Type.String(),
      door: Type.String({ description: '`api`, `link`…' }),
      afterClosings: Type.Integer({ description: 'Closings committed before it; 0: known at the closing.' }),
      complete: Type.Boolean(),
      notices: Nullable(Type.Integer({ description: 'Told when it was submitted, refusing nothing.' })),
      values: Type.Record(Type.String(), Type.Unknown()),
      comments: Type.Record(Type.String(), Type.String()),
      notConcerned: Nullable(Type.String()),
      reused: Reused,
      changed: Type.Array(Strict({ code: Type.String(), from: Type.Unknown(), to: Type.Unknown() }), {
        description: 'Against the version before, of a table cell by cell (`table.row.column`); null: no answer.',
      }),
      reviews: Type.Array(
        Strict({ verdict: Type.Enum(VERDICTS), reason: Nullable(Type.String()), at: Time(), by: Type.String() }),
      ),
    }),
    { description: 'Oldest first.' },
  ),
});
