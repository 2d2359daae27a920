import { HOUR, type Instant, type Millis } from '../instant.ts';
import { type CampaignCalendar, remindersOf } from './campaign-calendar.ts';

export const CAMPAIGN_STATUSES = ['draft', 'scheduled', 'open', 'closed', 'ended', 'cancelled'] as const;
export type CampaignStatus = (typeof CAMPAIGN_STATUSES)[number];

/** Whether an answer is taken: an open survey takes every one, a closed one those that were re-opened alone, until their term. */
export const takesAnswer = (
  { status, unlockedUntil }: { readonly status: CampaignStatus; readonly unlockedUntil: Instant | null },
  now: Instant,
): boolean => status === 'open' || (status === 'closed' && now <= (unlockedUntil ?? 0));

/** Where a campaign stands: what its calendar and its commands move. */
export interface Campaign {
  readonly status: CampaignStatus;
  /** Null: a draft. */
  readonly calendar: CampaignCalendar | null;
  /** Moments of the calendar up to here are done, or will never be. */
  readonly handledUntil: Instant;
  /** How often it was closed. Answers submitted before the first closing are those «known at closing», for ever. */
  readonly closings: number;
  readonly closedAt: Instant | null;
}

export const DRAFT_CAMPAIGN: Campaign = {
  status: 'draft',
  calendar: null,
  handledUntil: 0,
  closings: 0,
  closedAt: null,
};

export type MomentKind = 'open' | 'remind' | 'lastCall' | 'close' | 'validationEnds' | 'end';

export interface Moment {
  readonly kind: MomentKind;
  /** When it was to be done. */
  readonly at: Instant;
}

/** How long a closed campaign may be re-opened where nothing says until when it is accepted: as an instruction listens. */
export const LISTENS_FOR: Millis = 72 * HOUR;

/** When nothing can come any more. */
export const endOf = ({ acceptUntil, validateUntil, closesAt }: CampaignCalendar, closedAt: Instant): Instant =>
  Math.max(acceptUntil ?? validateUntil ?? closesAt + LISTENS_FOR, closedAt);

/** The next moment of the calendar; null when nothing comes by itself. */
export function nextMoment(campaign: Campaign): Moment | null {
  const { status, calendar, handledUntil, closedAt } = campaign;
  if (calendar === null) return null;
  if (status === 'scheduled') return { kind: 'open', at: calendar.opensAt };
  if (status === 'open') return nextOfOpen(calendar, handledUntil);
  if (status !== 'closed') return null;
  const end = endOf(calendar, closedAt ?? handledUntil);
  const { validateUntil } = calendar;
  const validating = validateUntil !== null && validateUntil > handledUntil && validateUntil < end;
  return validating ? { kind: 'validationEnds', at: validateUntil } : { kind: 'end', at: end };
}

function nextOfOpen(calendar: CampaignCalendar, handledUntil: Instant): Moment {
  const reminder = remindersOf(calendar).find(({ at }) => at > handledUntil && at < calendar.closesAt);
  if (reminder === undefined) return { kind: 'close', at: calendar.closesAt };
  return { kind: reminder.lastCall ? 'lastCall' : 'remind', at: reminder.at };
}

/** The instant for which a timer is set. */
export const nextDue = (campaign: Campaign): Instant | null => nextMoment(campaign)?.at ?? null;

export interface Passed {
  readonly campaign: Campaign;
  readonly done: readonly Moment[];
}

/**
 * What time has brought up to `now`. After an outage everything overdue is done in its order, but nobody gets two mails at
 * once: of several overdue reminders only the latest is sent, and none when the closing is due as well or the invitation
 * leaves only now.
 */
export function passTime(campaign: Campaign, now: Instant): Passed {
  const done: Moment[] = [];
  let current = campaign;
  for (let next = nextMoment(current); next !== null && next.at <= now; next = nextMoment(current)) {
    done.push(next);
    current = carryOut(current, next, now);
  }
  return { campaign: current, done: withoutOvertaken(done) };
}

function carryOut(campaign: Campaign, { kind, at }: Moment, now: Instant): Campaign {
  const handled = { ...campaign, handledUntil: at };
  if (kind === 'open') return { ...handled, status: 'open' };
  if (kind === 'close') return { ...handled, status: 'closed', closings: campaign.closings + 1, closedAt: now };
  return kind === 'end' ? { ...handled, status: 'ended' } : handled;
}

const isReminder = ({ kind }: Moment): boolean => kind === 'remind' || kind === 'lastCall';

function withoutOvertaken(done: readonly Moment[]): readonly Moment[] {
  const others = done.some(({ kind }) => kind === 'open' || kind === 'close');
  const last = others ? undefined : done.findLast(isReminder);
  return done.filter((moment) => !isReminder(moment) || moment === last);
}
