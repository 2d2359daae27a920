import { parseDuration } from './duration.ts';
import { CLOCK_TOLERANCE, DETAILS_WITHIN, LONGEST_PROMISE } from './early-signal-delays.ts';
import type { FieldError } from './field-error.ts';
import { isObject, pointerTo } from './input.ts';
import type { Instant } from './instant.ts';
import { parseRfc3339 } from './rfc3339.ts';
import { isBlank, isOneLine } from './text.ts';

/*
 * What the schema of a body cannot say. Each check looks at a field only where its type is right: the schema tells the others,
 * so that one answer names every wrong field.
 */

const textAt = (raw: unknown, field: string): string | undefined => {
  const found = isObject(raw) ? raw[field] : undefined;
  return typeof found === 'string' ? found : undefined;
};

const wrong = (field: string, code: string, message: string): FieldError => ({
  pointer: pointerTo(field),
  code,
  message,
});

/** Required texts that say nothing. */
export const blankErrors = (raw: unknown, fields: readonly string[]): FieldError[] =>
  fields.flatMap((field) => {
    const text = textAt(raw, field);
    return text !== undefined && isBlank(text) ? [wrong(field, 'required', 'Ne peut pas être vide.')] : [];
  });

const lineErrors = (raw: unknown, fields: readonly string[]): FieldError[] =>
  fields.flatMap((field) =>
    isOneLine(textAt(raw, field) ?? '')
      ? []
      : [wrong(field, 'format', 'Tient sur une ligne, sans caractère de contrôle.')],
  );

/** An instant as people promise it: RFC 3339, or a delay from now (ISO 8601). Null: neither. */
const termOf = (text: string, now: Instant): Instant | null => {
  const delay = parseDuration(text);
  return delay === null ? parseRfc3339(text) : now + delay;
};

function termErrors(field: string, text: string | undefined, now: Instant): FieldError[] {
  if (text === undefined) return [];
  const at = termOf(text, now);
  if (at === null)
    return [wrong(field, 'format', 'Attendu : un instant RFC 3339 avec décalage, ou une durée ISO 8601 (PT2H).')];
  if (at <= now) return [wrong(field, 'past', 'Cette échéance est déjà passée.')];
  if (at > now + LONGEST_PROMISE)
    return [wrong(field, 'tooLate', 'Sept jours au plus : au-delà, ce n’est plus un signal.')];
  return [];
}

function knownErrors(text: string | undefined, now: Instant): FieldError[] {
  const at = text === undefined ? now : parseRfc3339(text);
  if (at === null) return [wrong('knownAt', 'format', 'Attendu : un instant RFC 3339 avec décalage.')];
  return at > now + CLOCK_TOLERANCE
    ? [wrong('knownAt', 'future', 'Un fait ne peut pas être connu dans l’avenir.')]
    : [];
}

/** An early signal as it came. */
export const earlyErrors = (raw: unknown, now: Instant): FieldError[] => [
  ...blankErrors(raw, ['subject', 'what', 'where', 'assessment']),
  ...lineErrors(raw, ['subject', 'where']),
  ...knownErrors(textAt(raw, 'knownAt'), now),
  ...termErrors('complete', textAt(raw, 'complete'), now),
];

/** A request for details as it came. */
export const questionErrors = (raw: unknown, now: Instant): FieldError[] => [
  ...blankErrors(raw, ['question']),
  ...termErrors('within', textAt(raw, 'within'), now),
];

/** The instant that a checked term means; an hour from now where a request for details has none. */
export const termAt = (text: string | undefined, now: Instant): Instant =>
  text === undefined ? now + DETAILS_WITHIN : (termOf(text, now) ?? now);

/** Which links an outcome takes: a crisis must be named, a signal without follow-up leads nowhere. */
export function closingErrors(raw: unknown): FieldError[] {
  const [outcome, crisis, instruction] = ['outcome', 'crisisId', 'instructionId'].map((field) => textAt(raw, field));
  const errors = blankErrors(raw, ['comment']);
  if (outcome === 'crisis' && crisis === undefined)
    errors.push(wrong('crisisId', 'required', 'L’événement auquel le signal est rattaché est obligatoire.'));
  if (outcome === 'noFollowUp' && crisis !== undefined)
    errors.push(wrong('crisisId', 'notAllowed', 'Un signal sans suite n’est rattaché à aucun événement.'));
  if (outcome !== undefined && outcome !== 'instruction' && instruction !== undefined)
    errors.push(wrong('instructionId', 'notAllowed', 'Seule l’issue « instruction » désigne une instruction.'));
  return errors;
}
