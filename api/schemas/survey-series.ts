import { Type } from 'typebox';
import { WEEKDAYS } from '../../domain/business-time-local.ts';
import { HOLIDAY_POLICIES, OPENING_OUTCOMES, SERIES_STATUSES } from '../../domain/survey/series.ts';
import { Duration, Id, Nullable, OrganisationId, PageQuery, Strict, Time } from './common.ts';
import { LoadReason } from './survey-load.ts';
import { Reuse } from './survey-reuse.ts';
import { Thresholds } from './survey-thresholds.ts';
import { Audience, RemindBefore } from './surveys.ts';

const Hour = Type.String({
  minLength: 1,
  maxLength: 5,
  description: 'On the walls of Paris: `08:00`; not from 02:00 to 03:00.',
});
const Day = Type.String({ minLength: 1, maxLength: 10, description: '`2027-01-05`, in Paris.' });

/** One of two shapes; which fields go together is told by one field each. */
const Moment = (description: string) =>
  Type.Union([Strict({ after: Duration }), Strict({ days: Type.Integer({ minimum: 0, maximum: 366 }), at: Hour })], {
    description: `${description}: \`{"after": "P1D"}\` (whole days keep the hour), or \`{"days": 1, "at": "18:00"}\`, so many days later at that hour.`,
  });

const fields = {
  title: Type.String({
    minLength: 1,
    maxLength: 200,
    description:
      'May hold `{semaine}` and `{annee}` (ISO 8601) and `{date}` (« mardi 5 janvier 2027 ») of the opening.',
  }),
  audience: Audience,
  recurrence: Strict(
    { days: Type.Array(Type.Enum([...WEEKDAYS]), { minItems: 1, maxItems: 7 }), at: Hour },
    { description: 'All seven days: every day.' },
  ),
  closesAt: Moment('From the opening'),
};

export const SurveySeriesBody = Strict({
  formCode: Type.String({
    minLength: 1,
    maxLength: 40,
    description: 'A published questionnaire of mine, else of the nation; each opening takes its newest version.',
  }),
  ...fields,
  remindBefore: Type.Optional(RemindBefore),
  validateUntil: Type.Optional(Moment('From the closing')),
  acceptUntil: Type.Optional(Moment('From the closing')),
  onHoliday: Type.Optional(
    Type.Enum(HOLIDAY_POLICIES, {
      default: 'open',
      description:
        'A public holiday of the nation: open all the same, at that hour of the next working day, or not at all.',
    }),
  ),
  from: Type.Optional(Day),
  until: Type.Optional(Day),
  crisisId: Type.Optional(Id()),
  loadReason: Type.Optional(LoadReason),
  reuse: Type.Optional(Reuse),
  thresholds: Type.Optional(Thresholds),
  exercise: Type.Optional(Type.Boolean({ description: 'For good: a series of exercises never becomes a real one.' })),
});

const Opening = Strict({
  id: Id(),
  dueAt: Time(),
  opensAt: Nullable(Time('When its survey opens: later where a holiday moves it.')),
  byHand: Type.Boolean(),
  askedBy: Type.String(),
  outcome: Type.Enum(OPENING_OUTCOMES),
  reason: Nullable(
    Type.String({
      description:
        'Why there is no survey: `holiday`, `sameOpening`, `paused`, `ended`, `notDue`; `missed`, `noForm`, `noRespondent`, `crisisClosed`, `invalid`, `notAllowed`.',
    }),
  ),
  detail: Nullable(Type.String({ description: 'The same in French.' })),
  survey: Nullable(Id()),
  title: Nullable(Type.String()),
  decidedAt: Time(),
});
export const SurveySeriesOpening = Opening;
export const OpeningParams = Type.Object({ id: Id(), opening: Id() });

export const SurveySeries = Strict(
  {
    id: Id(),
    formId: Id(),
    formCode: Type.String(),
    ...fields,
    remindBefore: RemindBefore,
    validateUntil: Nullable(Moment('From the closing')),
    acceptUntil: Nullable(Moment('From the closing')),
    onHoliday: Type.Enum(HOLIDAY_POLICIES),
    from: Nullable(Day),
    until: Nullable(Day),
    loadReason: Nullable(LoadReason),
    reuse: Nullable(Reuse),
    thresholds: Thresholds,
    author: OrganisationId,
    exercise: Type.Boolean(),
    crisisId: Nullable(Id()),
    status: Type.Enum(SERIES_STATUSES),
    statusReason: Type.String(),
    statusBy: Type.String(),
    statusAt: Time(),
    version: Type.Integer({ description: 'Also the ETag.' }),
    scheduled: Type.Boolean({
      description: 'False: Temporal was away, its Schedule does not know this version yet; it is told again by itself.',
    }),
    createdBy: Type.String(),
    createdAt: Time(),
    updatedAt: Time(),
    lastOpening: Nullable(Opening),
    nextOpenings: Type.Array(
      Strict({
        dueAt: Time(),
        holiday: Nullable(Type.String({ description: 'Name of the public holiday that it falls on.' })),
        opensAt: Nullable(Time('Null: left out.')),
      }),
      { description: 'None while it is paused or ended.' },
    ),
  },
  { title: 'SurveySeries' },
);

export const SurveySeriesFilters = Type.Object(
  { ...PageQuery, status: Type.Optional(Type.Enum(SERIES_STATUSES)) },
  { additionalProperties: false },
);
export const OpeningFilters = Type.Object(
  { ...PageQuery, outcome: Type.Optional(Type.Enum(OPENING_OUTCOMES)) },
  { additionalProperties: false },
);

export const SeriesReasonBody = Strict({ reason: Type.String({ minLength: 1, maxLength: 500 }) });
export const SeriesResumeBody = Strict({ reason: Type.Optional(Type.String({ maxLength: 500 })) });

export const SeriesTriggered = Strict({
  id: Id(),
  survey: Id(),
  workflowId: Type.String({ description: 'Of the survey.' }),
});
