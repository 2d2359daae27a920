import { storeEntry, storeSignal } from '../../db/stores/desk/early-signals.ts';
import type { SignalCommand, SignalEntryKind, SignalWords } from '../../domain/early-signal.ts';
import { HOUR, MINUTE } from '../../domain/instant.ts';
import { earlySignalWorkflowId } from '../../workflows/contract.ts';
import { advance, quiet } from '../support/clock.ts';
import type { InstructionDesk } from '../support/instruction-desk.ts';
import type { Scenario } from './scenario.ts';

const ARS = { sub: 'ars-84', organisation: 'ARS-84', name: 'ARS Auvergne-Rhône-Alpes' };
const OFFICER = { sub: 'corruss-chef', organisation: 'CORRUSS', name: 'Chef du CORRUSS' };

async function raise(desk: InstructionDesk): Promise<string> {
  const early = { what: 'Six cas.', where: 'Lyon', knownAt: '2026-11-24T09:00:00Z', assessment: 'Source commune.' };
  const facts = {
    urgency: 'immediate',
    exercise: false,
    subject: 'Légionellose',
    dueAt: Date.now() + 4 * HOUR,
  } as const;
  const writing = { by: ARS, now: Date.now(), key: null };
  const { id } = await storeSignal(desk.database, desk.keys, { ...facts, early }, writing);
  await desk.signals.command(id, { kind: 'raise' }, `raise:${id}`);
  await settle(desk, id);
  return id;
}

const settle = (desk: InstructionDesk, id: string): Promise<void> => quiet(desk.client, earlySignalWorkflowId(id));
const push = (desk: InstructionDesk, id: string, ms: number) => advance(desk.client, earlySignalWorkflowId(id), ms);

type Bare<Command = SignalCommand> = Command extends { readonly entry: string } ? Omit<Command, 'entry' | 'by'> : never;

async function act<Kind extends SignalEntryKind>(
  desk: InstructionDesk,
  signal: string,
  command: Bare,
  saying: { readonly kind: Kind; readonly content: SignalWords[Kind] },
): Promise<void> {
  const by = ['complete', 'answer', 'withdrawal'].includes(saying.kind) ? ARS : OFFICER;
  const entry = await storeEntry(desk.database, { signal, ...saying }, { by, now: Date.now(), key: null });
  await desk.signals.command(signal, { ...command, entry: entry.id, by }, entry.id);
  await settle(desk, signal);
}

const close = { kind: 'close', outcome: 'followed', crisis: null, instruction: null } as const;
const closing = { kind: 'closing', content: { comment: 'Suivi.' } } as const;
const workflowId = earlySignalWorkflowId;

/** Early signals: workflows of their own, beside the instructions. */
export const EARLY_SIGNAL_SCENARIOS: readonly Scenario[] = [
  {
    name: 'early-signal-to-its-closing',
    workflowId,
    async play(desk) {
      const id = await raise(desk);
      await act(desk, id, { kind: 'acknowledge' }, { kind: 'acknowledgement', content: { officer: 'A', comment: '' } });
      const words = { situation: 'Neuf cas.', measures: 'Tour arrêtée.', assessment: '', needs: '' };
      await act(desk, id, { kind: 'complete' }, { kind: 'complete', content: words });
      const asked = { kind: 'question', content: { question: 'Combien ?' } } as const;
      await act(desk, id, { kind: 'askDetails', dueAt: Date.now() + HOUR }, asked);
      await act(desk, id, { kind: 'answerDetails', request: 1 }, { kind: 'answer', content: { answer: 'Deux.' } });
      await act(desk, id, close, closing);
      return id;
    },
  },
  {
    name: 'early-signal-nobody-reads',
    workflowId,
    async play(desk) {
      const id = await raise(desk);
      for (const minutes of [6, 6, 6, 31, 180, 31]) await push(desk, id, minutes * MINUTE);
      await act(desk, id, { kind: 'withdraw' }, { kind: 'withdrawal', content: { reason: 'Erreur.' } });
      return id;
    },
  },
  {
    name: 'early-signal-relay-away',
    workflowId,
    async play(desk) {
      const undo = desk.sink.trouble({ at: 'mail', code: 451, times: 2 });
      const id = await raise(desk);
      await push(desk, id, 2 * MINUTE);
      undo();
      await act(desk, id, close, closing);
      return id;
    },
  },
  {
    name: 'early-signal-in-a-new-run',
    workflowId,
    suggestContinueAsNew: 20,
    async play(desk) {
      const id = await raise(desk);
      for (const minutes of [6, 6, 6, 31, 31]) await push(desk, id, minutes * MINUTE);
      await act(desk, id, close, closing);
      return id;
    },
  },
];
