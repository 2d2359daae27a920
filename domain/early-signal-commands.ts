import type { Actor } from './actor.ts';
import {
  completeOf,
  entriesOf,
  statusOf,
  type AwaitedOfArs,
  type SignalAct,
  type SignalAnswer,
  type SignalCommand,
  type SignalRefusalCode,
} from './early-signal.ts';
import { MOST_REQUESTS, remindedAt } from './early-signal-delays.ts';
import { change, plan, tell, withdraw, type SignalTurn } from './early-signal-turn.ts';
import type { Instant } from './instant.ts';

type Said = Exclude<SignalCommand, { readonly kind: 'raise' }>;
type Of<Kind extends Said['kind']> = Extract<Said, { readonly kind: Kind }>;
type Refusal = Extract<SignalAnswer, { readonly accepted: false }>;
type Carry<Kind extends Said['kind']> = (turn: SignalTurn, command: Of<Kind>, at: Instant) => Refusal | null;

const refuse = (code: SignalRefusalCode, detail: string): Refusal => ({ accepted: false, code, detail });

/** The two ends, and what is left to do after them. */
export const ENDED: Readonly<Record<'closed' | 'withdrawn', string>> = {
  closed: 'Ce signal est clos : plus rien n’y change. Un fait nouveau est un nouveau signal.',
  withdrawn: 'Ce signal a été retiré par l’agence : plus rien n’y change. Un fait nouveau est un nouveau signal.',
};

/** Carries a command out, or says why not; asked again with the same entry: accepted, and nothing happens. */
export function takeCommand(turn: SignalTurn, command: SignalCommand, at: Instant): SignalAnswer {
  if (command.kind === 'raise') return { accepted: true, replayed: turn.signal.seq > 0 };
  if (entriesOf(turn.signal).includes(command.entry)) return { accepted: true, replayed: true };
  const status = statusOf(turn.signal);
  if (status === 'closed' || status === 'withdrawn') return refuse('ended', ENDED[status]);
  const carry = CARRY[command.kind] as Carry<typeof command.kind>;
  return carry(turn, command, at) ?? { accepted: true, replayed: false };
}

const acknowledge: Carry<'acknowledge'> = (turn, command, at) => {
  const { acknowledged } = turn.signal;
  if (acknowledged !== null) {
    return refuse('acknowledged', `L’accusé de réception a déjà été donné par ${acknowledged.by.sub}.`);
  }
  acknowledgeBy(turn, actOf(command, at));
  return null;
};

/** Whatever an officer does with a signal says that he has read it. */
function acknowledgeBy(turn: SignalTurn, act: SignalAct): void {
  if (turn.signal.acknowledged !== null) return;
  change(turn, { acknowledged: act, ladder: null });
  withdraw(turn, ['reminder']);
  plan(turn, { purpose: 'acknowledged', target: 'alertBox', number: 0 });
  tell(turn, 'signalAcknowledged', { by: act.by, at: act.at, data: { entry: act.entry } });
}

const complete: Carry<'complete'> = (turn, command, at) => {
  const owed = completeOf(turn.signal);
  if (owed === undefined || owed.answer !== null) {
    const detail = 'Le signal complet a déjà été reçu : répondez aux demandes de précisions du CORRUSS, ou appelez-le.';
    return refuse('complete', detail);
  }
  answer(turn, owed, actOf(command, at));
  withdraw(turn, ['due', 'late'], 0);
  plan(turn, { purpose: 'complete', target: 'desk', number: 0 });
  const late = at > owed.dueAt ? { late: at - owed.dueAt } : {};
  tell(turn, 'signalCompleted', { by: command.by, at, data: { entry: command.entry, ...late } });
  return null;
};

const askDetails: Carry<'askDetails'> = (turn, command, at) => {
  const { awaited } = turn.signal;
  if (awaited.length > MOST_REQUESTS) {
    return refuse('tooMany', `${MOST_REQUESTS} demandes de précisions au plus : convoquez plutôt une conférence.`);
  }
  acknowledgeBy(turn, actOf(command, at));
  const { entry: question, dueAt, by } = command;
  const number = Math.max(...awaited.map((one) => one.number)) + 1;
  const asked = {
    number,
    question,
    askedAt: at,
    askedBy: by,
    dueAt,
    remindAt: remindedAt(at, dueAt),
    late: false,
    answer: null,
  };
  change(turn, { awaited: [...awaited, asked] });
  plan(turn, { purpose: 'details', target: 'alertBox', number });
  tell(turn, 'signalDetailsAsked', { by, at, data: { request: number, entry: question, due: dueAt } });
  return null;
};

const answerDetails: Carry<'answerDetails'> = (turn, command, at) => {
  const { request, entry, by } = command;
  const asked = turn.signal.awaited.find(({ number }) => number === request && request > 0);
  if (asked === undefined) return refuse('unknownRequest', 'Cette demande de précisions n’existe pas.');
  if (asked.answer !== null) return refuse('answered', 'Cette demande de précisions a déjà sa réponse.');
  answer(turn, asked, actOf(command, at));
  withdraw(turn, ['details', 'due', 'late'], request);
  plan(turn, { purpose: 'answered', target: 'desk', number: request });
  tell(turn, 'signalDetailsGiven', { by, at, data: { request, entry } });
  return null;
};

const close: Carry<'close'> = (turn, command, at) => {
  const { outcome, crisis, instruction, by, entry } = command;
  acknowledgeBy(turn, actOf(command, at));
  change(turn, { ending: { ...actOf(command, at), outcome, crisis, instruction } });
  withdrawAll(turn);
  plan(turn, { purpose: 'closed', target: 'alertBox', number: 0 });
  const links = { ...(crisis === null ? {} : { crisis }), ...(instruction === null ? {} : { instruction }) };
  tell(turn, 'signalClosed', { by, at, data: { outcome, entry, ...links } });
  return null;
};

const withdrawn: Carry<'withdraw'> = (turn, command, at) => {
  const { by, entry } = command;
  change(turn, { ending: { ...actOf(command, at), outcome: null, crisis: null, instruction: null }, ladder: null });
  withdrawAll(turn);
  plan(turn, { purpose: 'withdrawn', target: 'desk', number: 0 });
  tell(turn, 'signalWithdrawn', { by, at, data: { entry } });
  return null;
};

const CARRY: { readonly [Kind in Said['kind']]: Carry<Kind> } = {
  acknowledge,
  complete,
  askDetails,
  answerDetails,
  close,
  withdraw: withdrawn,
};

const withdrawAll = (turn: SignalTurn): void => withdraw(turn, ['reminder', 'due', 'late', 'details']);

const actOf = ({ entry, by }: { readonly entry: string; readonly by: Actor }, at: Instant): SignalAct => ({
  at,
  by,
  entry,
});

function answer(turn: SignalTurn, owed: AwaitedOfArs, act: SignalAct): void {
  const answered = { ...owed, remindAt: null, answer: act };
  change(turn, { awaited: turn.signal.awaited.map((one) => (one === owed ? answered : one)) });
}
