import type { NormalDraft } from './draft.ts';
import type { FieldError } from './field-error.ts';
import type { InstructionStatus } from './instruction.ts';
import type { Relation } from './relation.ts';

/** A cancellation or an all-clear is an information: it is read, and its follow-up ends with the day at the latest. */
const READING_TERM = '24H';

/** What a message takes over from the one that it refers to: nobody else is reached, and an exercise stays one. */
export const FIXED_FIELDS = ['nature', 'audience', 'zonesOnly', 'exercise', 'crisisId'] as const;

/**
 * The draft of a message that refers to another, to be checked like any other (`checkDraft`).
 * @param said of an amendment: the fields that change; else `body` (the reason) and perhaps `subject`
 */
export function relatedDraft(
  first: NormalDraft,
  relation: Relation,
  said: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { subject, audience, zonesOnly, exercise, crisisId = null } = first;
  // Files belong to one message: an amendment names its own.
  if (relation === 'amendment') return { ...first, attachments: [], ...said };
  const fixed = { nature: 'information', audience, zonesOnly, exercise, crisisId };
  return { subject, deadline: READING_TERM, ...said, ...fixed };
}

/** What a change of such a draft may not touch. */
export const fixedFieldErrors = (change: object): readonly FieldError[] =>
  FIXED_FIELDS.filter((field) => field in change).map((field) => ({
    pointer: `/${field}`,
    code: 'notAllowed',
    message: 'Repris du message d’origine : ne se modifie pas.',
  }));

/** Only what has been sent can be amended, cancelled or lifted, and once. */
export const mayBeReferredTo = (status: InstructionStatus): boolean => status === 'open' || status === 'closed';
