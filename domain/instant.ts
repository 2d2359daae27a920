/** An instant: milliseconds since 1970-01-01T00:00:00Z. Inside Vigie time is always this; RFC 3339 stands at the edges. */
export type Instant = number;

/** A length of time in milliseconds. */
export type Millis = number;

export const SECOND: Millis = 1_000;
export const MINUTE: Millis = 60 * SECOND;
export const HOUR: Millis = 60 * MINUTE;
export const DAY: Millis = 24 * HOUR;

/** RFC 3339 in UTC with milliseconds, as stored in JSON records. */
export const toRfc3339 = (instant: Instant): string => new Date(instant).toISOString();
