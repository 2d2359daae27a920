import type { RecipientState } from '../domain/follow-up-state.ts';
import type { LadderTarget, Nature } from '../domain/instruction.ts';
import { NBSP } from './french.ts';

/** The nature as the preamble and the subject state it. */
export const NATURE_WORDS: Readonly<Record<Nature, string>> = {
  information: 'POUR INFORMATION',
  action: 'POUR ACTION',
  diffusion: 'POUR DIFFUSION',
};

/** Where a step of the ladder goes, for a reader. */
export const TARGET_WORDS: Readonly<Record<LadderTarget | 'desk', string>> = {
  alertBox: 'boîte d’alerte',
  secondary: 'adresse de secours',
  onCall: 'personne d’astreinte',
  director: 'direction générale',
  zoneArs: 'ARS de zone',
  corrussHead: 'chef du CORRUSS',
  desk: 'CORRUSS',
};

const STATE_WORDS: Readonly<Record<RecipientState, string>> = {
  pending: 'pas encore envoyé',
  sent: 'envoyé, sans réponse',
  received: 'reçu',
  read: 'lu',
  takenInCharge: 'pris en charge',
  inProgress: 'en cours',
  done: 'réalisé',
  accepted: 'réalisé et accepté',
  refused: 'refusé',
  deferred: 'reporté',
  unreachable: 'injoignable',
  cancelled: 'annulé',
};

/** `en cours (40 %), en retard`. */
export function stateWords(followUp: { state: RecipientState; percent: number | null; late: boolean }): string {
  const percent = followUp.state === 'inProgress' && followUp.percent !== null ? ` (${followUp.percent}${NBSP}%)` : '';
  return `${STATE_WORDS[followUp.state]}${percent}${followUp.late ? ', en retard' : ''}`;
}
