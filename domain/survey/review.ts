import type { FieldError } from '../field-error.ts';
import type { Instant } from '../instant.ts';
import type { OrganisationId } from '../instruction.ts';
import { CORRUSS } from '../organisation.ts';
import { type Campaign, type CampaignStatus, endOf } from './campaign.ts';
import { inWords } from '../wording.ts';
import { STATUS_WORDS_OF_CAMPAIGN } from './campaign-commands.ts';

/** What an agency says of an answer. */
export const VERDICTS = ['validated', 'returned'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Whom an answer is of. */
export interface Respondent {
  /** Null: on a list, without account. */
  readonly organisation: OrganisationId | null;
  /** The agency that it counts for; the nation for a list of its own. */
  readonly territory: OrganisationId;
}

/** Who judges an answer: the agency of its territory; of an agency's own answer the nation, which accepts it. */
export const reviewerOf = ({ organisation, territory }: Respondent): OrganisationId =>
  organisation === territory ? CORRUSS : territory;

/** An agency's own answer is validated by nobody: the nation accepts it, or gives it back. */
export const isValidated = ({ organisation, territory }: Respondent): boolean => organisation !== territory;

/** Why something is not done with an answer, in its state or at this hour. */
export interface ReviewRefusal {
  readonly code: 'not-allowed' | 'validation-ended' | 'acceptance-ended' | 'accepted' | 'not-validated' | 'nothing';
  /** French, for a person: since when, and whom to ask. */
  readonly detail: string;
}

export type ReviewAct = 'validate' | 'return' | 'accept' | 'unlock';

const STATES: Readonly<Record<ReviewAct, readonly CampaignStatus[]>> = {
  validate: ['open', 'closed'],
  return: ['open', 'closed'],
  accept: ['closed'],
  unlock: ['closed'],
};
const WORDS: Readonly<Record<ReviewAct, string>> = {
  validate: 'valider une réponse',
  return: 'renvoyer une réponse',
  accept: 'accepter ses réponses',
  unlock: 'rouvrir une réponse',
};

export interface Reviewed {
  /** Who asks. */
  readonly author: OrganisationId;
  readonly campaign: Campaign;
  /** When the nation has accepted the territory; null: not yet. */
  readonly acceptedAt: Instant | null;
}

/** Why an act is refused now; null: it is not. */
export function reviewRefusal(act: ReviewAct, reviewed: Reviewed, now: Instant): ReviewRefusal | null {
  const { campaign, acceptedAt, author } = reviewed;
  const { status, calendar } = campaign;
  if (!STATES[act].includes(status) || calendar === null) return notAllowed(act, status);
  const { validateUntil, acceptUntil } = calendar;
  if (act === 'accept') {
    if (acceptUntil === null || now <= acceptUntil) return null;
    return past('acceptance-ended', { what: 'L’acceptation', until: acceptUntil, author });
  }
  if (act === 'unlock') return null;
  if (acceptedAt !== null) {
    return {
      code: 'accepted',
      detail: `Les réponses de ce territoire sont acceptées depuis le ${inWords(acceptedAt)}\u00a0: elles ne se valident ni ne se renvoient plus. ${asked(author)}`,
    };
  }
  return validateUntil === null || now <= validateUntil
    ? null
    : past('validation-ended', { what: 'La validation', until: validateUntil, author });
}

const asked = (author: OrganisationId): string =>
  `Pour toute question, contactez ${author === CORRUSS ? 'le CORRUSS' : 'l’agence qui interroge'}.`;

interface Past {
  readonly what: string;
  readonly until: Instant;
  readonly author: OrganisationId;
}

const past = (code: ReviewRefusal['code'], { what, until, author }: Past): ReviewRefusal => ({
  code,
  detail: `${what} des réponses de cette enquête est close depuis le ${inWords(until)}. ${asked(author)}`,
});

function notAllowed(act: ReviewAct, status: CampaignStatus): ReviewRefusal {
  const when = STATES[act].map((one) => STATUS_WORDS_OF_CAMPAIGN[one]).join(' ou ');
  const detail = `Cette enquête est ${STATUS_WORDS_OF_CAMPAIGN[status]}\u00a0: impossible de ${WORDS[act]}, il faut qu’elle soit ${when}.`;
  return { code: 'not-allowed', detail };
}

/** Until when an answer that is given back after the closing is taken: while it can still be validated. */
export function returnedUntil({ status, calendar, closedAt }: Campaign, now: Instant): Instant | null {
  if (status !== 'closed' || calendar === null) return null;
  return calendar.validateUntil ?? endOf(calendar, closedAt ?? now);
}

/** What is wrong with the instant until which an answer is re-opened. */
export function unlockErrors(until: Instant, { calendar, closedAt }: Campaign, now: Instant): readonly FieldError[] {
  const pointer = '/until';
  if (until <= now) return [{ pointer, code: 'past', message: 'Ce terme est passé.' }];
  const end = calendar === null ? now : endOf(calendar, closedAt ?? now);
  if (until <= end) return [];
  return [
    { pointer, code: 'tooLate', message: `L’enquête se termine le ${inWords(end)}\u00a0: le terme vient avant.` },
  ];
}
