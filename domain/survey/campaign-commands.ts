import type { Actor } from '../actor.ts';
import { FARTHEST_DEADLINE } from '../deadline.ts';
import type { FieldError } from '../field-error.ts';
import type { Instant } from '../instant.ts';
import { type Campaign, type CampaignStatus, type Moment, passTime } from './campaign.ts';
import { type CampaignCalendar, moveClosing } from './campaign-calendar.ts';
import type { ReuseAsked } from './survey-draft.ts';

/** What a person asks of a campaign in progress. `closesAt` of `extend` may also be earlier than before. */
export type CampaignCommand =
  /**
   * `loadReason`: why, although those whom it asks are asked much already. `reuse`: what they answered recently they are offered to
   * take over, whatever the draft says.
   */
  | { readonly kind: 'open'; readonly loadReason?: string; readonly reuse?: ReuseAsked; readonly by: Actor }
  | { readonly kind: 'extend'; readonly closesAt: Instant; readonly reason: string; readonly by: Actor }
  | { readonly kind: 'close'; readonly reason: string; readonly by: Actor }
  | { readonly kind: 'reopen'; readonly closesAt: Instant; readonly reason: string; readonly by: Actor }
  | { readonly kind: 'cancel'; readonly reason: string; readonly by: Actor }
  /** Ids of respondents or organisations; null: all who owe an answer. */
  | { readonly kind: 'remind'; readonly respondents: readonly string[] | null; readonly by: Actor }
  /** Another address for one of the author's own list. */
  | { readonly kind: 'readdress'; readonly respondent: string; readonly address: string; readonly by: Actor };
export type CampaignCommandKind = CampaignCommand['kind'];

/** What a command does in which state; every other pair is refused. */
export const ALLOWED: Readonly<Record<CampaignCommandKind, readonly CampaignStatus[]>> = {
  open: ['draft'],
  extend: ['scheduled', 'open'],
  close: ['open'],
  reopen: ['closed'],
  cancel: ['draft', 'scheduled', 'open'],
  remind: ['open'],
  readdress: ['scheduled', 'open', 'closed'],
};

export const STATUS_WORDS_OF_CAMPAIGN: Readonly<Record<CampaignStatus, string>> = {
  draft: 'en brouillon',
  scheduled: 'programmée',
  open: 'ouverte',
  closed: 'close',
  ended: 'terminée',
  cancelled: 'annulée',
};

const VERBS: Readonly<Record<CampaignCommandKind, string>> = {
  open: 'l’ouvrir',
  extend: 'déplacer sa clôture',
  close: 'la clore',
  reopen: 'la rouvrir',
  cancel: 'l’annuler',
  remind: 'en relancer les retardataires',
  readdress: 'en corriger un contact',
};

export interface CampaignRefusal {
  readonly code: 'notAllowed' | 'invalid';
  /** French, for a person. */
  readonly detail: string;
  readonly errors?: readonly FieldError[];
}

export type Decided =
  | { readonly campaign: Campaign; readonly done: readonly Moment[]; readonly refusal?: never }
  | { readonly refusal: CampaignRefusal };

/**
 * What a command makes of a campaign at `now`, time passed before it included.
 * @param calendar of `open`: the one asked, in instants
 */
export function decide(
  before: Campaign,
  command: CampaignCommand,
  now: Instant,
  calendar: CampaignCalendar | null = null,
): Decided {
  const { campaign, done } = passTime(before, now);
  if (!ALLOWED[command.kind].includes(campaign.status)) return { refusal: notAllowed(command.kind, campaign.status) };
  const errors = 'closesAt' in command ? closingErrors(command.closesAt, campaign, now) : [];
  if (errors.length > 0) return { refusal: { code: 'invalid', detail: 'La nouvelle clôture est à corriger.', errors } };
  const decided = carryOut(campaign, command, now, calendar);
  const next = passTime(decided, now);
  const closed: readonly Moment[] = command.kind === 'close' ? [{ kind: 'close', at: now }] : [];
  return { campaign: next.campaign, done: [...done, ...closed, ...next.done] };
}

function carryOut(
  campaign: Campaign,
  command: CampaignCommand,
  now: Instant,
  asked: CampaignCalendar | null,
): Campaign {
  if (command.kind === 'remind' || command.kind === 'readdress') return campaign;
  const calendar = campaign.calendar ?? asked;
  if (command.kind === 'cancel') return { ...campaign, status: 'cancelled', handledUntil: now };
  if (calendar === null) throw new Error('a campaign that is opened has a calendar');
  switch (command.kind) {
    case 'open':
      return { ...campaign, status: 'scheduled', calendar, handledUntil: now };
    case 'extend':
      return { ...campaign, calendar: moveClosing(calendar, command.closesAt), handledUntil: now };
    case 'close':
      return { ...campaign, status: 'closed', handledUntil: now, closings: campaign.closings + 1, closedAt: now };
    case 'reopen': {
      const moved = moveClosing(calendar, command.closesAt);
      return { ...campaign, status: 'open', calendar: moved, handledUntil: now, closedAt: null };
    }
  }
}

function closingErrors(closesAt: Instant, { calendar, status }: Campaign, now: Instant): readonly FieldError[] {
  const pointer = '/closesAt';
  if (closesAt <= now) return [{ pointer, code: 'past', message: 'La nouvelle clôture est passée.' }];
  if (closesAt > now + FARTHEST_DEADLINE)
    return [{ pointer, code: 'tooLate', message: 'La nouvelle clôture est à plus d’un an.' }];
  if (status === 'scheduled' && calendar !== null && closesAt <= calendar.opensAt)
    return [{ pointer, code: 'order', message: 'La clôture vient après l’ouverture.' }];
  if (status === 'open' && closesAt === calendar?.closesAt)
    return [{ pointer, code: 'same', message: 'C’est déjà l’heure de la clôture.' }];
  return [];
}

function notAllowed(kind: CampaignCommandKind, status: CampaignStatus): CampaignRefusal {
  const may = (Object.keys(ALLOWED) as CampaignCommandKind[]).filter((one) => ALLOWED[one].includes(status));
  const rest = may.length === 0 ? 'rien n’y change plus' : `vous pouvez ${may.map((one) => VERBS[one]).join(' ou ')}`;
  const detail = `Cette enquête est ${STATUS_WORDS_OF_CAMPAIGN[status]}\u00a0: impossible de ${VERBS[kind]}, ${rest}.`;
  return { code: 'notAllowed', detail };
}
