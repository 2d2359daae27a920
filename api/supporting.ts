import type { Actor, Command } from '../domain/events.ts';
import { noteLateCall } from '../db/stores/desk/support-calls.ts';
import { commandOrRefusal, problemOfRefusal } from './commanding.ts';
import type { ApiDeps } from './deps.ts';
import { invalid, Problem } from './problem.ts';

type Call = Extract<Command, { kind: 'recordSupport' }>;

/**
 * Notes the outcome of a call for support: by the workflow while it follows the instruction, else beside it.
 * @throws Problem 409, 422; 503 through the gateway
 */
export async function noteSupport(
  deps: ApiDeps,
  instruction: string,
  call: Omit<Call, 'kind' | 'by'> & { readonly by: Actor },
  key: string | null,
): Promise<void> {
  const command: Call = { kind: 'recordSupport', ...call };
  const outcome = await commandOrRefusal(deps, instruction, command, key);
  if ('replayed' in outcome) return;
  if (outcome.code !== 'ended') throw problemOfRefusal(outcome, command);
  const noted = await noteLateCall(deps.database, deps.keys, { instruction, ...call, now: deps.now() });
  if (noted === 'notEnded') throw problemOfRefusal(outcome, command);
  if (noted === 'given') throw new Problem(409, 'not-allowed', 'Cette demande de soutien a déjà été traitée.');
  if (noted === 'unknown')
    throw invalid([{ pointer: '/request', code: 'unknown', message: 'Aucune demande de ce numéro.' }]);
}
