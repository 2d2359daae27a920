import { isLocalDate, type LocalDate } from '../business-time-local.ts';
import { pointerTo, type InputReader } from '../input.ts';

/** A day between 1900 and 2099: `2026-11-24`, or as people write it, `24/11/2026`. Null: no day. */
export function dayOf(text: string): LocalDate | null {
  const french = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text);
  const iso =
    french === null
      ? text
      : `${french[3] ?? ''}-${(french[2] ?? '').padStart(2, '0')}-${(french[1] ?? '').padStart(2, '0')}`;
  return /^(19|20)\d\d-/.test(iso) && isLocalDate(iso) ? iso : null;
}

/** A limit of a date, as a form writes it. */
export function readDay(input: InputReader, field: string): LocalDate | null {
  const text = input.text(field, { max: 64 });
  if (text === null) return null;
  const day = /^\d{4}-/.test(text) ? dayOf(text) : null;
  if (day === null) input.fail(pointerTo(field), 'format', 'Date attendue, de 1900 à 2099 (2026-11-24).');
  return day;
}
