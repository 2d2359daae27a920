import ical from 'ical-generator';
import type { CalendarDeadline } from '../../db/read-models/calendars.ts';
import type { RosterView } from '../../db/read-models/duty.ts';
import { shifts } from '../../domain/duty-shifts.ts';
import { DAY, type Instant } from '../../domain/instant.ts';
import { rosterIn } from '../duty.ts';

interface Written {
  readonly now: Instant;
  /** Host part of the UIDs, and base of the links. */
  readonly publicUrl: string;
}

const uidOn = (publicUrl: string) => (local: string) => `${local}@${new URL(publicUrl).hostname}`;

/** iCalendar (RFC 5545) of the deadlines: one event for each instruction and instant, as long as somebody is awaited. */
export function deadlinesCalendar(deadlines: readonly CalendarDeadline[], { now, publicUrl }: Written): string {
  const uid = uidOn(publicUrl);
  const calendar = ical({ name: 'Vigie – échéances', prodId: '//vigie//echeances//FR', ttl: 900 });
  for (const { instruction, number, subject, exercise, deadline, awaited } of deadlines) {
    calendar.createEvent({
      id: uid(`${instruction}-${deadline.getTime() / 1000}`),
      stamp: new Date(now),
      start: deadline,
      end: deadline,
      summary: `${exercise ? 'EXERCICE – ' : ''}${number} – ${subject}`,
      description: `${awaited.length > 1 ? `${awaited.length} destinataires attendus` : '1 destinataire attendu'} : ${awaited.join(', ')}`,
      url: `${publicUrl}/instructions/${instruction}`,
    });
  }
  return calendar.toString();
}

/** A shift that began long ago is history; further ahead than that a roster is a guess. */
const SHOWN = { before: 7 * DAY, after: 92 * DAY };

/** The shifts of an organisation, by name; how to reach the persons stays in Vigie, for calendars are kept anywhere. */
export function dutyCalendar(view: RosterView, name: string, { now, publicUrl }: Written): string {
  const uid = uidOn(publicUrl);
  const calendar = ical({ name: `Astreinte – ${name}`, prodId: '//vigie//astreinte//FR', ttl: 900 });
  const roster = rosterIn(view);
  const planned = roster === null ? [] : shifts(roster, now - SHOWN.before, now + SHOWN.after);
  for (const { layer, person, from, to, source } of planned) {
    const level = view.document?.layers.findIndex((one) => one.name === layer) ?? 0;
    calendar.createEvent({
      id: uid(`${view.organisation}-${level}-${from / 1000}`),
      stamp: new Date(now),
      start: new Date(from),
      end: new Date(to),
      summary: `Astreinte – ${person.name} (${layer})`,
      ...(source === 'override' ? { description: 'Remplacement' } : {}),
    });
  }
  return calendar.toString();
}
