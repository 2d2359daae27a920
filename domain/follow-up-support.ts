import type { FieldError } from './field-error.ts';
import { closedRefusal } from './follow-up-limits.ts';
import type { FollowUp } from './follow-up-state.ts';
import { refuse, toDesk, type Decision, type FollowUpEvent, type Turn } from './follow-up-turn.ts';

type Event<K extends FollowUpEvent['kind']> = Extract<FollowUpEvent, { kind: K }>;

/** So many calls of one organisation may wait at once: beyond, it is rung back anyway. */
const MOST_OPEN = 10;

type SupportEvent = Event<'askSupport' | 'recordSupport'>;

export const isSupportEvent = (event: FollowUpEvent): event is SupportEvent =>
  event.kind === 'askSupport' || event.kind === 'recordSupport';

/** A request for support, or the outcome of the call that it asked for. */
export const applySupport = (followUp: FollowUp, event: SupportEvent, turn: Turn): Decision =>
  event.kind === 'askSupport' ? ask(followUp, event, turn) : record(followUp, event, turn);

/**
 * An organisation asks the desk for support: a call to make, which a person closes. It is no answer: the ladder goes on, and the
 * deadline stays.
 */
function ask(followUp: FollowUp, event: Event<'askSupport'>, turn: Turn): Decision {
  if (followUp.closed) return closedRefusal(followUp);
  const { asked = 0, open = [] } = followUp.supports ?? {};
  if (open.length >= MOST_OPEN) {
    return refuse('notAllowed', `Déjà ${open.length} demandes de soutien en attente : le CORRUSS vous rappelle.`);
  }
  const request = asked + 1;
  const { reason, phone, urgency, by } = event;
  const urgent = urgency === 'urgent';
  const said = { reason, ...(phone === undefined ? {} : { phone }), ...(urgent ? { urgency } : {}) };
  turn.note('supportAsked', { request, ...said }, by);
  turn.task('support', true, request, urgent ? { urgent } : {});
  turn.plan('support', toDesk(followUp), { ...said, from: by.sub });
  return { ...followUp, supports: { asked: request, open: [...open, request] } };
}

/** The officer who rang back notes who answered and what came of it; also when the follow-up has been closed meanwhile. */
function record(followUp: FollowUp, event: Event<'recordSupport'>, turn: Turn): Decision {
  const { asked = 0, open = [] } = followUp.supports ?? {};
  const { request, answeredBy, outcome, by } = event;
  if (request < 1 || request > asked) {
    const errors: FieldError[] = [{ pointer: '/request', code: 'unknown', message: 'Aucune demande de ce numéro.' }];
    return refuse('invalid', 'Cette demande de soutien n’existe pas.', errors);
  }
  if (!open.includes(request)) return refuse('notAllowed', 'Cette demande de soutien a déjà été traitée.');
  turn.note('supportGiven', { request, answeredBy, outcome }, by);
  turn.task('support', false, request);
  return { ...followUp, supports: { asked, open: open.filter((one) => one !== request) } };
}
