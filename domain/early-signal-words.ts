import type {
  SignalMailPurpose,
  SignalMailTarget,
  SignalOutcome,
  SignalStatus,
  SignalUrgency,
} from './early-signal.ts';
import { parisDay } from './briefing.ts';
import type { Instant } from './instant.ts';
import type { OrganisationId } from './organisation-id.ts';

export const URGENCY_WORDS: Readonly<Record<SignalUrgency, string>> = {
  immediate: 'urgence immédiate',
  urgent: 'urgent',
  routine: 'sans urgence',
};

export const SIGNAL_STATUS_WORDS: Readonly<Record<SignalStatus, string>> = {
  received: 'enregistré',
  raised: 'sans accusé de réception',
  acknowledged: 'accusé de réception donné, signal complet attendu',
  complete: 'complet, à clore',
  closed: 'clos',
  withdrawn: 'retiré',
};

export const OUTCOME_WORDS: Readonly<Record<SignalOutcome, string>> = {
  noFollowUp: 'sans suite',
  followed: 'suivi assuré',
  crisis: 'rattaché à un événement',
  instruction: 'donne lieu à une instruction',
};

export const SIGNAL_MAIL_WORDS: Readonly<Record<SignalMailPurpose, string>> = {
  raised: 'signal précoce',
  reminder: 'relance',
  acknowledged: 'accusé de réception',
  due: 'rappel d’échéance',
  late: 'avis d’échéance dépassée',
  complete: 'signal complet',
  details: 'demande de précisions',
  answered: 'précisions',
  closed: 'avis de clôture',
  withdrawn: 'avis de retrait',
};

export const SIGNAL_TARGET_WORDS: Readonly<Record<SignalMailTarget, string>> = {
  desk: 'permanence du CORRUSS',
  onCall: 'astreinte du CORRUSS',
  corrussHead: 'chef du CORRUSS',
  alertBox: 'boîte d’alerte de l’agence',
};

/**
 * How people name a signal: `SIGNAL ARS-84 2026-11-28 9F3A`, of an exercise `SIGNAL EXERCICE ARS-84 2026-11-28 9F3A`. A name, no
 * number of a series: an ARS may have several a day, and no rule of the field asks for an order without gaps.
 */
export const signalReference = (signal: {
  readonly id: string;
  readonly organisation: OrganisationId;
  readonly exercise: boolean;
  readonly raisedAt: Instant;
}): string =>
  [
    'SIGNAL',
    ...(signal.exercise ? ['EXERCICE'] : []),
    signal.organisation,
    parisDay(signal.raisedAt),
    signal.id.slice(-4).toUpperCase(),
  ].join(' ');
