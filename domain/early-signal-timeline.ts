import type { FactKind } from './changes.ts';
import { OUTCOME_WORDS, SIGNAL_MAIL_WORDS, SIGNAL_TARGET_WORDS, URGENCY_WORDS } from './early-signal-words.ts';
import { by, count, date, FAILURES, label, overdue, type Line, type Telling } from './timeline-telling.ts';
import { durationInWords } from './wording.ts';

/** What the ARS owes, and that it is awaited. */
const awaited = (data: Telling['data']): string => {
  const request = data['request'];
  return typeof request === 'number' && request > 0
    ? `la réponse à la demande de précisions n° ${request} est attendue`
    : 'le signal complet est attendu';
};

const signalMailOf = ({ data }: Telling): string => {
  const step = typeof data['step'] === 'number' ? ` n° ${data['step']}` : '';
  return `${label(SIGNAL_MAIL_WORDS, data['purpose'])}${step} (${label(SIGNAL_TARGET_WORDS, data['target'])})`;
};

type SignalKind = Extract<FactKind, `signal${string}`>;

/** What happens to an early signal, one line a kind. */
export const SIGNAL_LINES: Readonly<Record<SignalKind, Line>> = {
  signalRaised: (telling) => {
    const { data, timeZone } = telling;
    const exercise = data['exercise'] === true ? 'd’exercice ' : '';
    const urgency = label(URGENCY_WORDS, data['urgency']);
    return `signal précoce ${exercise}levé ${by(telling)}, ${urgency}, signal complet promis pour le ${date(data['due'], timeZone)}`;
  },
  signalAcknowledged: (telling) => `accusé de réception donné ${by(telling)}`,
  signalReminded: (telling) => {
    const { data } = telling;
    return `toujours pas d’accusé de réception : relance n° ${count(data['step'])} (${label(SIGNAL_TARGET_WORDS, data['target'])})${overdue(telling)}`;
  },
  signalCompleted: (telling) => {
    const late = telling.data['late'];
    const delay = typeof late === 'number' ? `, avec ${durationInWords(late)} de retard` : '';
    return `signal complet reçu ${by(telling)}${delay}`;
  },
  signalDue: ({ who, data, timeZone }) => `rappel à ${who} : ${awaited(data)} pour le ${date(data['due'], timeZone)}`,
  signalLate: ({ who, data, timeZone }) =>
    `échéance dépassée pour ${who} : ${awaited(data)} depuis le ${date(data['due'], timeZone)}`,
  signalDetailsAsked: (telling) => {
    const { data, timeZone } = telling;
    return `précisions demandées ${by(telling)} (demande n° ${count(data['request'])}), pour le ${date(data['due'], timeZone)}`;
  },
  signalDetailsGiven: (telling) => `précisions données ${by(telling)} (demande n° ${count(telling.data['request'])})`,
  signalClosed: (telling) => `signal clos ${by(telling)} : ${label(OUTCOME_WORDS, telling.data['outcome'])}`,
  signalWithdrawn: (telling) => `signal retiré ${by(telling)}`,
  signalMailSent: (telling) => `${signalMailOf(telling)} : parti`,
  signalMailFailed: (telling) =>
    `${signalMailOf(telling)} : non remis (${label(FAILURES, telling.data['reason']) || 'échec'})`,
};
