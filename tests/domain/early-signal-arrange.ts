import {
  type EarlySignal,
  type SignalCommand,
  type SignalMailReport,
  type SignalMessage,
  type SignalUrgency,
} from '../../domain/early-signal.ts';
import { newSignal, step, type SignalStep } from '../../domain/early-signal-step.ts';
import { HOUR, MINUTE, SECOND, type Instant } from '../../domain/instant.ts';
import { OFFICER, RELEASED } from './arrange.ts';

export const ARS = { sub: 'ars-84', organisation: 'ARS-84' };
export const DUE = RELEASED + 4 * HOUR;

export const stored = (urgency: SignalUrgency = 'immediate'): EarlySignal =>
  newSignal({
    signal: '0198c0de-0000-7000-8000-000000000001',
    organisation: 'ARS-84',
    exercise: false,
    urgency,
    raisedAt: RELEASED,
    dueAt: DUE,
  });

/** Every mail that was planned reaches its address, unless the test says otherwise. */
export const sent = ({ mails }: EarlySignal, at: Instant): SignalMessage => ({
  kind: 'mails',
  at,
  reports: mails.map((mail): SignalMailReport => ({ ...mail, outcome: 'sent', at })),
  waiting: 0,
});

export const command = (wanted: SignalCommand, at: Instant): SignalMessage => ({
  kind: 'command',
  at,
  command: wanted,
});

export function followed(urgency: SignalUrgency = 'immediate'): EarlySignal {
  const first = step(stored(urgency), [], RELEASED).signal;
  return step(first, [sent(first, RELEASED + SECOND)], RELEASED + SECOND).signal;
}

export function act(signal: EarlySignal, wanted: SignalCommand, at: Instant): SignalStep {
  return step(signal, [command(wanted, at)], at);
}

export const after = (minutes: number): Instant => RELEASED + minutes * MINUTE;
export const plansOf = ({ changes }: SignalStep): string[] =>
  (changes?.plans ?? []).map(({ purpose, target, number }) => `${purpose} ${target} ${number}`);

export const acknowledge = { kind: 'acknowledge', entry: 'a', by: OFFICER } as const satisfies SignalCommand;
export const complete = { kind: 'complete', entry: 'c', by: ARS } as const satisfies SignalCommand;
export const ask = { kind: 'askDetails', entry: 'q', by: OFFICER, dueAt: after(90) } as const satisfies SignalCommand;
export const answer = { kind: 'answerDetails', entry: 'r', by: ARS, request: 1 } as const satisfies SignalCommand;
export const close = {
  kind: 'close',
  entry: 'z',
  by: OFFICER,
  outcome: 'noFollowUp',
  crisis: null,
  instruction: null,
} as const satisfies SignalCommand;
export const withdraw = { kind: 'withdraw', entry: 'w', by: ARS } as const satisfies SignalCommand;
