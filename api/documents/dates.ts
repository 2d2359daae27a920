import { DateTime } from 'luxon';
import { PARIS } from '../../domain/wording.ts';

/** `24/11 14 h 30`, in Paris: for columns whose sheet says the day and the zone in full. */
export const shortMoment = (instant: number): string =>
  DateTime.fromMillis(instant, { zone: PARIS }).toFormat("dd/MM HH 'h' mm");

/** The same of an RFC 3339 text, with seconds: a timeline's. A dash when there is none. */
export const momentOf = (text: string | null): string =>
  text === null ? '–' : DateTime.fromISO(text, { zone: PARIS }).toFormat("dd/MM/yyyy HH 'h' mm");

export const exactMomentOf = (text: string): string =>
  DateTime.fromISO(text, { zone: PARIS }).toFormat("dd/MM/yyyy HH 'h' mm 'min' ss 's'");
