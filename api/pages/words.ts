import type { RecipientState } from '../../domain/follow-up-state.ts';
import { inWords, PARIS, STATE_WORDS } from '../../domain/wording.ts';

/** `en cours (40 %), en retard`. */
export function stateWords(one: {
  state: RecipientState;
  percent: number | null;
  late: boolean;
  closed: boolean;
}): string {
  const percent = one.state === 'inProgress' && one.percent !== null ? ` (${one.percent} %)` : '';
  return `${STATE_WORDS[one.state]}${percent}${one.late && !one.closed ? ', en retard' : ''}`;
}

/** `mardi 24 novembre 2026 à 14 h 30 (heure de Paris)`; the hour is not broken at the end of a line. */
export const moment = (instant: number, zone: string = PARIS): string =>
  inWords(instant, zone).replace(/(\d) h (\d)/, '$1\u00a0h\u00a0$2');

/** The moment where the reader is, and in Paris as well where he is elsewhere. */
export const momentThere = (instant: number, zone: string): string =>
  zone === PARIS ? moment(instant) : `${moment(instant, zone)}, soit ${moment(instant)}`;

/** `heure de la Guadeloupe`. */
export const zoneWords = (zone: string): string => /\(([^)]*)\)$/.exec(inWords(0, zone))?.[1] ?? 'heure locale';
