import { DateTime } from 'luxon';
import { DAY, HOUR, MINUTE, SECOND, type Instant, type Millis } from './instant.ts';
import type { DeliveryPurpose } from './events.ts';
import type { Channel, DeliveryTarget, InstructionStatus, Nature } from './instruction.ts';
import type { RecipientState } from './follow-up-state.ts';
import type { ReplyDoor, ReplyKind } from './reply-kinds.ts';

/** The preamble of a message (seeds/annexe-2-outils-operationnels.txt, «Les messages MINSANTE/CORRUSS»). */
export const NATURE_WORDS: Readonly<Record<Nature, string>> = {
  information: 'POUR INFORMATION',
  action: 'POUR ACTION',
  diffusion: 'POUR DIFFUSION',
};

export const STATUS_WORDS: Readonly<Record<InstructionStatus, string>> = {
  draft: 'brouillon',
  releasing: 'en cours de diffusion',
  open: 'en cours',
  closed: 'close',
  cancelled: 'annulée',
};

export const STATE_WORDS: Readonly<Record<RecipientState, string>> = {
  pending: 'en attente d’envoi',
  sent: 'envoyé',
  received: 'reçu',
  read: 'lu',
  takenInCharge: 'pris en charge',
  inProgress: 'en cours',
  done: 'réalisé',
  accepted: 'accepté',
  refused: 'refusé',
  deferred: 'reporté',
  unreachable: 'injoignable',
  cancelled: 'clos sans suite',
};

export const REPLY_WORDS: Readonly<Record<ReplyKind, string>> = {
  received: 'reçu',
  read: 'lu',
  takenInCharge: 'pris en charge',
  progress: 'en cours',
  done: 'réalisé',
  refused: 'refus motivé',
  deferred: 'report',
};

export const TARGET_WORDS: Readonly<Record<DeliveryTarget, string>> = {
  alertBox: 'boîte d’alerte',
  secondary: 'seconde adresse',
  onCall: 'personne d’astreinte',
  director: 'directeur général',
  zoneArs: 'ARS de zone',
  corrussHead: 'chef du CORRUSS',
  desk: 'permanence du CORRUSS',
  sender: 'auteur du courriel',
};

export const CHANNEL_WORDS: Readonly<Record<Channel, string>> = { mail: 'courriel', sms: 'SMS', call: 'appel' };

export const DOOR_WORDS: Readonly<Record<ReplyDoor, string>> = {
  api: 'application',
  link: 'lien du courriel',
  mail: 'courriel',
  signal: 'autre système',
};

/** What each mail is for, in words. */
export const PURPOSE_WORDS: Readonly<Record<DeliveryPurpose, string>> = {
  instruction: 'message',
  ladder: 'relance',
  return: 'retour',
  deadline: 'nouvelle échéance',
  refused: 'avis de refus',
  late: 'avis d’échéance dépassée',
  unreachable: 'avis d’injoignable',
  acceptance: 'rappel d’acceptation',
  support: 'demande de soutien',
  result: 'résultat',
  echo: 'copie de la réponse',
  mailAnswer: 'accusé de réception',
};

export const PARIS = 'Europe/Paris';

/** Time zones of the French territories that have an ARS, as their people name them. */
const ZONE_WORDS: Readonly<Record<string, string>> = {
  'Europe/Paris': 'heure de Paris',
  'America/Guadeloupe': 'heure de la Guadeloupe',
  'America/Martinique': 'heure de la Martinique',
  'America/Cayenne': 'heure de la Guyane',
  'Indian/Reunion': 'heure de La Réunion',
  'Indian/Mayotte': 'heure de Mayotte',
};

const DAYS = ['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi', 'dimanche'];
const MONTHS = 'janvier février mars avril mai juin juillet août septembre octobre novembre décembre'.split(' ');

/**
 * `mardi 24 novembre 2026 à 14 h 30 (heure de Paris)`, in the IANA zone given. Names are written out here, so that the words
 * do not hang on the language data of the machine.
 */
export function inWords(instant: Instant, timeZone: string = PARIS): string {
  const local = DateTime.fromMillis(instant, { zone: timeZone });
  return `${dayOf(local)} à ${clock(local)} (${ZONE_WORDS[timeZone] ?? `heure de ${timeZone}`})`;
}

/** `mardi 24 novembre 2026`, in Paris. */
export const dayInWords = (instant: Instant): string => dayOf(DateTime.fromMillis(instant, { zone: PARIS }));

function dayOf(local: DateTime): string {
  const day = local.day === 1 ? '1er' : String(local.day);
  return `${DAYS[local.weekday - 1] ?? ''} ${day} ${MONTHS[local.month - 1] ?? ''} ${local.year}`;
}

const clock = (local: DateTime): string => `${local.hour} h ${String(local.minute).padStart(2, '0')}`;

const UNITS: readonly (readonly [Millis, string, string])[] = [
  [DAY, 'jour', 'jours'],
  [HOUR, 'h', 'h'],
  [MINUTE, 'min', 'min'],
  [SECOND, 's', 's'],
];

/** `2 jours`, `1 h 30 min`, `45 s`: the two largest units; less than a second is `0 s`. */
export function durationInWords(millis: Millis): string {
  let left = Math.floor(Math.abs(millis) / SECOND) * SECOND;
  const parts: string[] = [];
  for (const [unit, one, many] of UNITS) {
    const count = Math.floor(left / unit);
    left -= count * unit;
    if (count > 0) parts.push(`${count} ${count > 1 ? many : one}`);
  }
  return parts.slice(0, 2).join(' ') || '0 s';
}
