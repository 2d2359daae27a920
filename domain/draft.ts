import { readAudience } from './draft-audience.ts';
import { bodyProblems } from './draft-body.ts';
import { readLadder, type DraftStep } from './draft-ladder.ts';
import type { Audience } from './audience.ts';
import { readCrisis, type CrisisMark } from './crisis.ts';
import { deadlineErrors, isDeadlineClass } from './deadline.ts';
import { parseDuration } from './duration.ts';
import type { FieldError } from './field-error.ts';
import { DAY, SECOND, type Instant, type Millis } from './instant.ts';
import { pointerTo, readInput, type InputReader } from './input.ts';
import {
  ACCEPTANCES,
  DEADLINE_CLASSES,
  EVIDENCES,
  NATURES,
  type Acceptance,
  type Evidence,
  type Nature,
} from './instruction.ts';
import type { Territory } from './organisation.ts';
import { readRelayTo } from './draft-relay.ts';
import type { PartnerCategory } from './partner.ts';
import { parseRfc3339 } from './rfc3339.ts';
import { isOneLine } from './text.ts';
import { durationInWords } from './wording.ts';
import { isUuid } from './uuid.ts';

export const SUBJECT_LIMIT = 200;
export const BODY_LIMIT = 50_000;
export const ATTACHMENTS_LIMIT = 20;
/** Delays of more than a month have no place in an alert. */
export const LONGEST_DELAY: Millis = 31 * DAY;
/** Steps may be a second apart (demonstrations and checks use that), never nearer. */
export const SHORTEST_DELAY: Millis = SECOND;

/** A draft as written, every optional field said: what is stored, shown and, at release, turned into terms. */
export interface NormalDraft {
  readonly nature: Nature;
  readonly subject: string;
  /** Markdown. */
  readonly body: string;
  readonly audience: Audience;
  readonly zonesOnly: boolean;
  /** A class, RFC 3339, or null. */
  readonly deadline: string | null;
  /** Durations stay as written (ISO 8601). */
  readonly acknowledgeWithin: string | null;
  readonly acceptance: Acceptance;
  readonly evidence: Evidence;
  readonly takenInChargeExpires: string | null;
  readonly deferralLimit: string | null;
  /** Null: the default ladder of the deadline. */
  readonly ladder: readonly DraftStep[] | null;
  readonly exercise: boolean;
  readonly attachments: readonly string[];
  /** The crisis to which the message belongs; absent: none. */
  readonly crisisId?: string;
  /** Partner categories of a «pour diffusion»; absent for the other natures. */
  readonly relayTo?: readonly PartnerCategory[];
}

export type { DraftStep } from './draft-ladder.ts';

export interface DraftContext {
  readonly now: Instant;
  readonly organisations: readonly Territory[];
  /** The crisis that the draft names; absent when there is none of that id. */
  readonly crisis?: CrisisMark | undefined;
}

/** A diffusion is always followed to its end: where the desk sets no deadline, within a day. */
const DIFFUSION_TERM = '24H';

const FIELDS: readonly string[] = [
  'nature',
  'subject',
  'body',
  'audience',
  'zonesOnly',
  'deadline',
  'acknowledgeWithin',
  'acceptance',
  'evidence',
  'takenInChargeExpires',
  'deferralLimit',
  'ladder',
  'exercise',
  'crisisId',
  'relayTo',
  'attachments',
];

/**
 * Checks a draft as it came (or as it was stored: null means absent) against everything but who may write it: all wrong fields
 * at once, by JSON pointer, in French. The draft is in normal form, fit for use only without errors. Never throws.
 */
export function checkDraft(
  raw: unknown,
  { now, organisations, crisis }: DraftContext,
): { readonly draft: NormalDraft; readonly errors: readonly FieldError[] } {
  const input = readInput(raw);
  input.refuseUnknown(FIELDS);
  const nature = natureOf(input);
  const zonesOnly = input.flag('zonesOnly');
  const draft: NormalDraft = {
    nature,
    subject: subjectOf(input),
    body: bodyOf(input),
    audience: readAudience(input, organisations, zonesOnly),
    zonesOnly,
    deadline: deadlineOf(input, nature, now),
    acknowledgeWithin: durationOf(input, 'acknowledgeWithin'),
    acceptance: input.oneOf('acceptance', ACCEPTANCES) ?? 'automatic',
    evidence: input.oneOf('evidence', EVIDENCES) ?? (nature === 'diffusion' ? 'required' : 'optional'),
    takenInChargeExpires: durationOf(input, 'takenInChargeExpires'),
    deferralLimit: durationOf(input, 'deferralLimit'),
    ladder: readLadder(input, (pointer, value) => delayProblem(input, pointer, value)),
    attachments: attachmentsOf(input),
    ...readCrisis(input, crisis),
    ...readRelayTo(input, nature),
  };
  if (nature === 'information') refuseForInformation(input, draft);
  return { draft, errors: input.errors };
}

function natureOf(input: InputReader): Nature {
  const nature = input.oneOf('nature', NATURES);
  if (!input.has('nature')) input.fail('/nature', 'required', 'Champ obligatoire.');
  return nature ?? 'action';
}

/** An information owes no action: nothing to climb, to accept or to prove. */
function refuseForInformation(input: InputReader, draft: NormalDraft): void {
  const refused = ['takenInChargeExpires', 'deferralLimit'].filter((field) => input.has(field));
  if ((draft.ladder ?? []).length > 0) refused.push('ladder');
  if (draft.acceptance === 'required') refused.push('acceptance');
  if (draft.evidence === 'required') refused.push('evidence');
  for (const field of refused) {
    input.fail(pointerTo(field), 'notAllowed', 'Sans objet : un message pour information n’appelle aucune action.');
  }
}

function subjectOf(input: InputReader): string {
  const subject = input.text('subject', { max: SUBJECT_LIMIT, required: true }) ?? '';
  if (!isOneLine(subject)) {
    input.fail('/subject', 'format', 'L’objet tient sur une ligne, sans caractère de contrôle.');
  }
  return subject.trim();
}

function bodyOf(input: InputReader): string {
  const body = input.text('body', { max: BODY_LIMIT, required: true }) ?? '';
  for (const [code, message] of bodyProblems(body)) input.fail('/body', code, message);
  return body;
}

function deadlineOf(input: InputReader, nature: Nature, now: Instant): string | null {
  const deadline = input.text('deadline', { max: 64 });
  if (deadline === null) {
    const message = 'Une échéance est obligatoire pour un message pour action.';
    if (nature === 'action' && !input.has('deadline')) input.fail('/deadline', 'required', message);
    return nature === 'diffusion' ? DIFFUSION_TERM : null;
  }
  if (isDeadlineClass(deadline)) return deadline;
  const instant = parseRfc3339(deadline);
  if (instant === null) {
    const classes = DEADLINE_CLASSES.join(', ');
    input.fail('/deadline', 'format', `Attendu : ${classes}, ou une date avec décalage (RFC 3339).`);
    return null;
  }
  for (const { pointer, code, message } of deadlineErrors(instant, now)) input.fail(pointer, code, message);
  return deadline;
}

function durationOf(input: InputReader, field: string): string | null {
  const value = input.raw(field);
  if (value === undefined || delayProblem(input, pointerTo(field), value)) return null;
  return typeof value === 'string' ? value : null;
}

/** Tells what is wrong with a delay; true when something is. */
function delayProblem(input: InputReader, pointer: string, value: unknown): boolean {
  const millis = typeof value === 'string' && value.length <= 64 ? parseDuration(value) : null;
  if (millis === null) {
    input.fail(pointer, 'format', 'Durée ISO 8601 attendue, sans mois ni année (PT30M, PT4H, P1D).');
    return true;
  }
  if (millis >= SHORTEST_DELAY && millis <= LONGEST_DELAY) return false;
  const bounds = `${durationInWords(SHORTEST_DELAY)} à ${durationInWords(LONGEST_DELAY)}`;
  input.fail(pointer, 'range', `Durée hors limites : de ${bounds}.`);
  return true;
}

function attachmentsOf(input: InputReader): readonly string[] {
  const found = input.raw('attachments');
  if (found === undefined) return [];
  if (!Array.isArray(found) || found.length > ATTACHMENTS_LIMIT) {
    input.fail('/attachments', 'type', `Liste de ${ATTACHMENTS_LIMIT} pièces jointes au plus attendue.`);
    return [];
  }
  const ids = new Set<string>();
  found.forEach((id: unknown, index) => {
    const pointer = pointerTo('attachments', index);
    if (typeof id !== 'string' || !isUuid(id)) input.fail(pointer, 'format', 'Identifiant (UUID) attendu.');
    else if (ids.has(id.toLowerCase())) input.fail(pointer, 'duplicate', 'Pièce jointe nommée deux fois.');
    else ids.add(id.toLowerCase());
  });
  return [...ids];
}
