import { Type } from 'typebox';
import { WEEKDAYS } from '../../domain/business-time-local.ts';
import { DAY_NAMES } from '../../domain/business-time.ts';
import { CALENDARS } from '../../domain/holidays.ts';
import { Duration, Id, Nullable, Strict, Time } from './common.ts';

const LocalTime = Type.String({ description: 'Local hour, `08:30`.', maxLength: 64 });
const LocalDate = Type.String({ description: 'Local day, `2026-11-24`.', maxLength: 64 });
const Hours = Type.Array(Strict({ days: Type.Array(Type.Enum(DAY_NAMES)), from: LocalTime, to: LocalTime }), {
  description: 'Hours that begin on each of these days; `to` at or before `from` is on the following day.',
});
const Person = Strict({
  key: Type.String({ description: 'How the roster names this person.' }),
  name: Type.String(),
  mail: Nullable(Type.String()),
  phone: Nullable(Type.String({ description: 'E.164' })),
});
const Rotation = Strict({
  every: Duration,
  handOver: LocalTime,
  weekday: Nullable(Type.Enum(WEEKDAYS, { description: 'Whole weeks only: the day of the hand-over.' })),
  startsOn: LocalDate,
  endsOn: Nullable(LocalDate),
  people: Type.Array(Type.String(), { description: 'Keys, in the order of their turns.' }),
  hours: Nullable(Hours),
});
const Override = Strict({
  layer: Nullable(Type.String()),
  replaces: Nullable(Type.String({ description: 'Only the shifts of this person.' })),
  person: Nullable(Type.String({ description: 'Null: nobody.' })),
  from: Time(),
  to: Time(),
  reason: Nullable(Type.String()),
});

export const Roster = Strict(
  {
    calendar: Type.Enum(CALENDARS, { description: 'Public holidays; default: those of the territory.' }),
    coverage: Nullable(Hours),
    people: Type.Array(Person),
    layers: Type.Array(Strict({ name: Type.String(), rotations: Type.Array(Rotation) }), {
      description: 'In the order in which they are called.',
    }),
    overrides: Type.Array(Override),
  },
  { title: 'Roster' },
);

/** What `PUT` takes: the same, read by the domain, which names every wrong field at once. */
export const RosterBody = Type.Unknown({
  title: 'RosterBody',
  description:
    'The `roster` of the GET. Optional: `calendar`, `coverage`, `overrides`, and every field that may be null but `person` of an override.',
});

const Warning = Strict({
  pointer: Type.String(),
  code: Type.Union([Type.Literal('gap'), Type.Literal('overlap')]),
  message: Type.String({ description: 'In French, for a person.' }),
  from: Time(),
  to: Time(),
});

export const DutyRoster = Strict(
  {
    organisation: Type.String(),
    timeZone: Type.String(),
    version: Type.Integer({ description: '0: there never was a roster. Also the ETag.' }),
    roster: Nullable(Roster),
    warnings: Type.Array(Warning, { description: 'Overlaps and gaps of the 60 days to come: accepted all the same.' }),
  },
  { title: 'DutyRoster' },
);

const Shift = Strict({
  layer: Type.String(),
  person: Person,
  from: Time(),
  to: Time(),
  source: Type.Union([Type.Literal('rotation'), Type.Literal('override')]),
});

export const DutyNow = Strict(
  {
    organisation: Type.String(),
    at: Time(),
    hasRoster: Type.Boolean({ description: 'False: the contact `onCall` of the directory is written to.' }),
    onDuty: Type.Array(Shift, { description: 'In the order of the layers; empty: nobody.' }),
    next: Nullable(
      Strict({ at: Time(), leaving: Type.Array(Shift), coming: Type.Array(Shift) }, { description: 'Next hand-over.' }),
    ),
  },
  { title: 'DutyNow' },
);

export const DutyShifts = Strict(
  { organisation: Type.String(), items: Type.Array(Shift), gaps: Type.Array(Strict({ from: Time(), to: Time() })) },
  { title: 'DutyShifts' },
);

export const ShiftsQuery = Type.Object(
  { from: Type.Optional(Time()), to: Type.Optional(Time('RFC 3339; 92 days after `from` at most.')) },
  { additionalProperties: false },
);

export const DutyNotice = Strict(
  {
    id: Id(),
    subject: Type.String(),
    address: Type.String(),
    status: Type.String({ description: '`planned`, `sending`, `waiting`, `sent`, `failed`' }),
    bounced: Type.Boolean({ description: 'It came back: its address is among the contacts to correct.' }),
    attempts: Type.Integer(),
    error: Nullable(Type.String()),
    plannedAt: Time(),
    sentAt: Nullable(Time()),
    failedAt: Nullable(Time()),
  },
  { title: 'DutyNotice' },
);
