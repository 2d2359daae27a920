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

/** The moment where the reader is, and in Paris as well where he is elsewhere. */
export const momentThere = (instant: number, zone: string): string =>
  zone === PARIS ? inWords(instant) : `${inWords(instant, zone)}, soit ${inWords(instant)}`;

/** `heure de la Guadeloupe`. */
export const zoneWords = (zone: string): string => /\(([^)]*)\)$/.exec(inWords(0, zone))?.[1] ?? 'heure locale';
