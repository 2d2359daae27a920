import type { Instant } from './instant.ts';

const RFC3339 = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/;

/**
 * The instant of an RFC 3339 date-time with its offset, or null when it is not one. A date that no calendar has
 * (30 February) is refused; a leap second (`:60`) too.
 */
export function parseRfc3339(text: string): Instant | null {
  const [, date = '', time = '', fraction = '', offset = 'Z'] = RFC3339.exec(text) ?? [];
  const local = Date.parse(`${date}T${time}Z`);
  const shift = offsetMinutes(offset);
  if (Number.isNaN(local) || local < 0 || shift === null) return null;
  // A day that overflows its month (30 February) or an hour its day (24:00) comes back as another.
  if (!new Date(local).toISOString().startsWith(`${date}T${time}`)) return null;
  return local + Math.floor(Number(`0${fraction}`) * 1000) - shift * 60_000;
}

function offsetMinutes(offset: string): number | null {
  if (offset === 'Z' || offset === 'z') return 0;
  const hours = Number(offset.slice(1, 3));
  const minutes = Number(offset.slice(4, 6));
  if (hours > 23 || minutes > 59) return null;
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
