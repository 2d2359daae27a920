import { Type } from 'typebox';
import { CONTACT_KINDS } from '../../db/schema.ts';
import { TASK_KINDS } from '../../domain/changes.ts';
import { SIGNAL_TASK_KINDS } from '../../domain/early-signal.ts';
import { CHANNELS } from '../../domain/instruction.ts';
import { SUPPORT_URGENCIES } from '../../domain/support.ts';
import { Id, Nullable, Strict, Time } from './common.ts';

export const TASK_FILTER = [
  ...TASK_KINDS,
  ...SIGNAL_TASK_KINDS,
  'mailToRead',
  'mail',
  'contact',
  'notice',
  'surveyThreshold',
  'surveyNotOpened',
] as const;

export const Task = Strict(
  {
    id: Type.String(),
    kind: Type.Enum(TASK_FILTER),
    instruction: Nullable(Id()),
    signal: Nullable(Id('Of a task about an early signal.')),
    survey: Nullable(Id('To whose mail a person has answered: the answer to the survey itself is given by its link.')),
    series: Nullable(Id('Series of surveys of an opening that was refused (`surveyNotOpened`).')),
    number: Nullable(Type.String({ description: 'Number of the message, or reference of the signal.' })),
    subject: Nullable(Type.String()),
    organisation: Nullable(Type.String()),
    step: Nullable(Type.Integer()),
    urgency: Nullable(Type.Enum(SUPPORT_URGENCIES, { description: 'Of a `support`: urgent ones come first.' })),
    openedAt: Time(),
    comment: Nullable(Type.String()),
  },
  { title: 'Task' },
);

export const InboundMail = Strict(
  {
    id: Id(),
    receivedAt: Time(),
    envelopeFrom: Type.String(),
    envelopeTo: Type.Array(Type.String()),
    from: Type.String(),
    subject: Type.String(),
    size: Type.Integer(),
    messageId: Type.String(),
    instruction: Nullable(Id()),
    organisation: Nullable(Type.String()),
    readAt: Nullable(Time()),
    readBy: Nullable(Type.String()),
  },
  { title: 'InboundMail' },
);

const organisation = {
  id: Type.String(),
  kind: Type.String(),
  name: Type.String(),
  regionCode: Nullable(Type.String()),
  departments: Type.Array(Type.String()),
  zone: Nullable(Type.String()),
  zoneLead: Type.Boolean(),
  timeZone: Type.String(),
};
export const Contact = Strict({
  kind: Type.Enum(CONTACT_KINDS),
  channel: Type.Enum(CHANNELS),
  address: Type.String({ minLength: 1, maxLength: 254, description: 'One bare mail address, or a number in E.164.' }),
  name: Type.String({ maxLength: 120 }),
});

export const Organisation = Strict(organisation, { title: 'Organisation' });
export const OrganisationDetail = Strict(
  { ...organisation, contactsVersion: Type.Integer(), contacts: Type.Array(Contact) },
  { title: 'OrganisationDetail' },
);
export const ContactsBody = Strict({
  contacts: Type.Array(
    Strict({
      kind: Type.Enum(CONTACT_KINDS),
      channel: Type.Enum(CHANNELS),
      address: Type.String({ minLength: 1, maxLength: 254 }),
      name: Type.Optional(Type.String({ maxLength: 120 })),
    }),
    { maxItems: 50, description: 'All contacts; the first of a kind and channel is the one written to.' },
  ),
});

export const TimelineItem = Strict(
  {
    position: Type.Integer(),
    at: Time(),
    kind: Type.String(),
    organisation: Nullable(Type.String()),
    actor: Strict({ sub: Type.String(), organisation: Type.String() }),
    text: Type.String({ description: 'In French, for a person.' }),
    data: Type.Record(Type.String(), Type.Unknown()),
  },
  { title: 'TimelineItem' },
);
export const AuditItem = Strict(
  {
    subject: Type.String(),
    position: Type.Integer(),
    at: Time(),
    recordedAt: Time(),
    kind: Type.String(),
    organisation: Nullable(Type.String()),
    actor: Strict({ sub: Type.String(), organisation: Type.String() }),
    text: Type.String(),
    data: Type.Record(Type.String(), Type.Unknown()),
    hmac: Type.String({ description: 'Seal of the entry in its chain.' }),
  },
  { title: 'AuditItem' },
);
export const Me = Strict({
  sub: Type.String(),
  name: Type.String(),
  organisation: Type.String(),
  roles: Type.Array(Type.String()),
  territory: Type.Union([Type.Literal('all'), Type.Array(Type.String())], {
    description: 'Organisations whose follow-ups you may read.',
  }),
});
export const Attachment = Strict({
  id: Id(),
  name: Type.String(),
  mediaType: Type.String(),
  size: Type.Integer(),
  sha256: Type.String(),
});
