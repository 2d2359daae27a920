import { getExternalWorkflowHandle } from '@temporalio/workflow';
import type { Message } from '../domain/events.ts';
import type { Instant } from '../domain/instant.ts';
import type { InstructionProcess } from '../domain/process.ts';
import { RELATIONS, type Supersession } from '../domain/relation.ts';
import { rubbishOf } from '../domain/reply.ts';
import { instructionWorkflowId, SUPERSEDED_SIGNAL } from './contract.ts';
import { isActivityTrouble } from './recording.ts';
import { openArgument } from './reply-signal.ts';

/**
 * Tells the first message that this one amends, cancels or lifts it, before anything else is sent. Told again (a new run), it changes
 * nothing. A first message that is followed no more has nothing left to stop: its row says by whom it was overtaken.
 */
export async function tellFirst({ instruction, number, terms }: InstructionProcess): Promise<void> {
  const { refersTo } = terms;
  if (refersTo === undefined) return;
  const by: Supersession = { instruction, number, relation: refersTo.relation, by: refersTo.by };
  const first = getExternalWorkflowHandle(instructionWorkflowId(refersTo.instruction));
  try {
    await first.signal<[Supersession]>(SUPERSEDED_SIGNAL, by);
  } catch (error) {
    if (!isActivityTrouble(error)) throw error;
  }
}

/** A signal `superseded` as a message of the loop: believed only when our own keys sealed it, else rubbish. Never throws. */
export function readSupersession(raw: unknown, at: Instant): Message {
  const argument = openArgument(raw);
  if (argument.sealed && isSupersession(argument.value)) return { kind: 'superseded', at, by: argument.value };
  const base64 = argument.sealed ? rubbishOf(argument.value) : argument.base64;
  const errors = ['Une modification, une annulation ou une fin d’alerte passe par l’API de Vigie.'];
  return { kind: 'rubbish', at, door: SUPERSEDED_SIGNAL, errors, base64 };
}

function isSupersession(value: unknown): value is Supersession {
  if (!isRecord(value) || !isRecord(value['by'])) return false;
  const { instruction, number, relation, by } = value;
  const named = [instruction, number, by['sub'], by['organisation']].every((one) => typeof one === 'string');
  return named && RELATIONS.some((one) => one === relation);
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
