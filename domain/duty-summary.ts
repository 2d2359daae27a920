import type { Instant } from './instant.ts';
import { durationInWords, inWords, PARIS } from './wording.ts';

/** An instruction not closed at the change of shift. */
export interface OpenAtHandOver {
  readonly number: string;
  readonly subject: string;
  readonly releasedAt: Instant;
  readonly deadline: Instant | null;
  /** Recipients that still owe something, of all. */
  readonly awaited: number;
  readonly recipients: number;
}

/** A recipient whose deadline has passed. */
export interface LateAtHandOver {
  readonly number: string;
  readonly organisation: string;
  readonly deadline: Instant;
}

/** A recipient that has said it would: taken in charge, or deferred until. */
export interface PromisedAtHandOver {
  readonly number: string;
  readonly organisation: string;
  readonly kind: 'takenInCharge' | 'deferred';
  /** By when. */
  readonly until: Instant;
}

export interface HandOverFacts {
  readonly open: readonly OpenAtHandOver[];
  readonly late: readonly LateAtHandOver[];
  readonly promised: readonly PromisedAtHandOver[];
  /** The beginning of the shift that ends. */
  readonly since: Instant;
  /** The hand-over. */
  readonly at: Instant;
  /** IANA; default: Paris. */
  readonly timeZone?: string;
}

/**
 * What a duty officer is told at the change of shift, in French, line by line, without markup; lines of a list begin with «– ».
 * The most urgent comes first in each part, whatever the order of the facts.
 */
export function handOverSummary({ open, late, promised, since, at, timeZone = PARIS }: HandOverFacts): string[] {
  const when = (instant: Instant): string => inWords(instant, timeZone);
  const fresh = open.filter(({ releasedAt }) => since <= releasedAt && releasedAt < at).length;
  return [
    `Relève du ${when(at)}.`,
    `Période d’astreinte commencée le ${when(since)}, soit ${durationInWords(at - since)}.`,
    openHeading(open.length, fresh),
    ...sorted(open, ({ deadline }) => deadline ?? Infinity).map((one) => `– ${openLine(one, when)}`),
    heading(late.length, 'Aucun destinataire en retard', 'destinataire en retard', 'destinataires en retard'),
    ...sorted(late, ({ deadline }) => deadline).map((one) => `– ${lateLine(one, at, when)}`),
    heading(promised.length, 'Aucun engagement à suivre', 'engagement à suivre', 'engagements à suivre'),
    ...sorted(promised, ({ until }) => until).map((one) => `– ${promisedLine(one, at, when)}`),
  ];
}

type Say = (instant: Instant) => string;

const plural = (count: number, one: string, many: string): string => `${count} ${count > 1 ? many : one}`;

const heading = (count: number, none: string, one: string, many: string): string =>
  count === 0 ? `${none}.` : `${plural(count, one, many)} :`;

function openHeading(count: number, fresh: number): string {
  if (count === 0) return 'Aucun message en cours.';
  const since = fresh === 0 ? '' : `, dont ${plural(fresh, 'diffusé', 'diffusés')} pendant cette période`;
  return `${plural(count, 'message', 'messages')} en cours${since} :`;
}

function openLine({ number, subject, deadline, awaited, recipients }: OpenAtHandOver, when: Say): string {
  const term = deadline === null ? 'sans échéance' : `échéance ${when(deadline)}`;
  const answers = `${plural(awaited, 'destinataire attendu', 'destinataires attendus')} sur ${recipients}`;
  return `${number} « ${subject} » : ${answers}, ${term}.`;
}

const lateLine = ({ number, organisation, deadline }: LateAtHandOver, at: Instant, when: Say): string =>
  `${organisation}, ${number} : en retard de ${durationInWords(at - deadline)}, échéance ${when(deadline)}.`;

function promisedLine({ number, organisation, kind, until }: PromisedAtHandOver, at: Instant, when: Say): string {
  const what = kind === 'deferred' ? 'reporté au' : 'pris en charge jusqu’au';
  return `${organisation}, ${number} : ${what} ${when(until)}${until < at ? ', dépassé' : ''}.`;
}

/** By urgency, then as given. */
const sorted = <T>(list: readonly T[], due: (one: T) => number): T[] =>
  list.toSorted((a, b) => (due(a) === due(b) ? 0 : due(a) - due(b)));
