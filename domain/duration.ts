import { DAY, HOUR, MINUTE, SECOND, type Millis } from './instant.ts';

// Weeks to seconds: months and years have no fixed length, so a delay in them would mean nothing exact.
const DURATION =
  /^P(?=\d|T\d)(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,8}(?:\.\d{1,3})?)S)?)?$/;
const UNITS: readonly Millis[] = [7 * DAY, DAY, HOUR, MINUTE, SECOND];

/** Milliseconds of an ISO 8601 duration in weeks, days, hours, minutes and seconds; null for anything else. */
export function parseDuration(text: string): Millis | null {
  const match = DURATION.exec(text);
  if (match === null) return null;
  return UNITS.reduce((sum, unit, index) => sum + Math.round(Number(match[index + 1] ?? 0) * unit), 0);
}
