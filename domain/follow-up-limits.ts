import type { FollowUp, RecipientState } from './follow-up-state.ts';
import { refuse } from './follow-up-turn.ts';
import type { Refusal } from './answers.ts';
import { MINUTE, type Instant, type Millis } from './instant.ts';
import type { Nature } from './instruction.ts';
import type { ReplyInput } from './reply-kinds.ts';
import { STATE_WORDS } from './wording.ts';

/** How long the ARS itself may take back a mistaken `done` (shared rules of a follow-up, «done»). */
export const TAKE_BACK: Millis = 30 * MINUTE;

type Refused = { readonly refusal: Refusal };

/** What may still be done with a follow-up that is closed, in words. */
const ALLOWED: Readonly<Partial<Record<RecipientState, string>>> = {
  done: 'le CORRUSS peut la retourner',
  accepted: 'le CORRUSS peut la retourner',
  refused: 'le CORRUSS peut la retourner',
};

export function closedRefusal(followUp: FollowUp): Refused {
  const allowed = ALLOWED[followUp.state] ?? 'plus rien n’est attendu';
  return refuse(
    'closed',
    `Le suivi de ${followUp.organisation} est clos (${STATE_WORDS[followUp.state]}) : ${allowed}.`,
  );
}

/** The organisation itself corrects a `done` said by mistake, not yet accepted, within 30 minutes. */
export function mayTakeBack(followUp: FollowUp, reply: ReplyInput, now: Instant): boolean {
  return (
    followUp.state === 'done' &&
    followUp.doneAt !== null &&
    now <= followUp.doneAt + TAKE_BACK &&
    reply.onBehalfBy === undefined &&
    (reply.kind === 'takenInCharge' || reply.kind === 'progress')
  );
}

/** Why a kind of reply has no sense for this follow-up, or null. */
export function nothingToAnswer(
  followUp: FollowUp,
  reply: ReplyInput,
  nature: Nature,
  takesBack: boolean,
): Refused | null {
  const passive = reply.kind === 'received' || reply.kind === 'read';
  if (nature === 'information' && !passive) {
    return refuse('notAllowed', 'Ce message est pour information : seules la réception et la lecture se signalent.');
  }
  if (followUp.state === 'done' && !followUp.closed && !takesBack && !passive && reply.kind !== 'done') {
    return refuse('notAllowed', 'La réalisation attend l’acceptation du CORRUSS : lui seul peut la retourner.');
  }
  return null;
}
