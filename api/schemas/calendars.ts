import { Type } from 'typebox';
import { LINK_FEEDS } from '../../db/stores/desk/calendar-links.ts';
import { Id, Nullable, OrganisationId, Strict, Time } from './common.ts';

export const ICalendar = Type.String({ description: 'iCalendar, RFC 5545.' });
const Feed = Type.Enum(LINK_FEEDS, { description: '`messages`: the Atom feed; the others are iCalendar.' });

export const CalendarLinkBody = Strict({
  feed: Feed,
  organisation: Type.Optional(OrganisationId),
});

export const CalendarLink = Strict(
  {
    id: Id(),
    feed: Feed,
    organisation: Nullable(Type.String({ description: 'Of a feed of duty.' })),
    createdAt: Time(),
    expiresAt: Time(),
  },
  { title: 'CalendarLink' },
);
export const CalendarLinkMade = Strict(
  { ...CalendarLink.properties, url: Type.String({ description: 'Shown this once: Vigie keeps only its hash.' }) },
  { title: 'CalendarLinkMade' },
);
export const CalendarLinks = Strict({ items: Type.Array(CalendarLink) });

export const DutyFeedQuery = Type.Object(
  { organisation: Type.Optional(OrganisationId) },
  { additionalProperties: false },
);
