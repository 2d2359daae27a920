import type { RecipientState } from '../domain/follow-up-state.ts';
import { STATE_WORDS } from '../domain/wording.ts';
import { NBSP } from './french.ts';

/** `en cours (40 %), en retard`. */
export function stateWords(followUp: { state: RecipientState; percent: number | null; late: boolean }): string {
  const percent = followUp.state === 'inProgress' && followUp.percent !== null ? ` (${followUp.percent}${NBSP}%)` : '';
  return `${STATE_WORDS[followUp.state]}${percent}${followUp.late ? ', en retard' : ''}`;
}
