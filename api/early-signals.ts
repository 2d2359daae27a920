import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { crisisOf } from '../db/read-models/crises.ts';
import { getSignal, type SignalDetail } from '../db/read-models/early-signals.ts';
import { dropEntry, storeEntry, storeSignal, type SignalWriting } from '../db/stores/desk/early-signals.ts';
import type { SignalCommand, SignalEntryKind, SignalOutcome, SignalWords } from '../domain/early-signal.ts';
import { ENDED } from '../domain/early-signal-commands.ts';
import type { FieldError } from '../domain/field-error.ts';
import { accountOf, actorOf } from './access/account.ts';
import type { ApiDeps } from './deps.ts';
import { schemaErrors } from './drafting.ts';
import { isEngineUnavailable } from './engine.ts';
import { keyFor, otherBody } from './plugins/idempotency.ts';
import { unique } from './plugins/validation.ts';
import { invalid, notFound, Problem } from './problem.ts';

/** One signal as recorded. @throws Problem 404 */
export async function readSignal(deps: ApiDeps, request: FastifyRequest, id: string): Promise<SignalDetail> {
  const found = await getSignal(deps.database.sql, request.scope, id);
  if (found === undefined) throw notFound();
  return found;
}

/** Every wrong field of a body, whoever found it: the schema or the domain. @throws Problem 422 */
export function refuseWrong(request: FastifyRequest, errors: readonly FieldError[]): void {
  const all = unique([...schemaErrors(request), ...errors]);
  if (all.length > 0) throw invalid(all);
}

/**
 * Stores an early signal, then has it followed. An engine that is away takes nothing back: the signal is there, its status says
 * `received`, and it is followed as soon as the engine is back.
 */
export async function raiseSignal(
  deps: ApiDeps,
  request: FastifyRequest,
  signal: Parameters<typeof storeSignal>[2],
): Promise<SignalDetail> {
  const stored = await storeSignal(deps.database, deps.keys, signal, writingOf(deps, request));
  if (!stored.same) throw otherBody();
  try {
    await deps.signals.command(stored.id, { kind: 'raise' }, `raise:${stored.id}`);
  } catch (error) {
    if (!isEngineUnavailable(error)) throw error;
    request.log.warn({ err: error, signal: stored.id }, 'signal stored and not followed yet');
  }
  return readSignal(deps, request, stored.id);
}

type Said = Exclude<SignalCommand, { readonly kind: 'raise' }>;
/** A command without what this file adds to it. */
type Wanted<Command = Said> = Command extends Said ? Omit<Command, 'entry' | 'by'> : never;

export interface SignalSaying<Kind extends SignalEntryKind = SignalEntryKind> {
  readonly kind: Kind;
  readonly content: SignalWords[Kind];
}

/**
 * Stores the words of an act, then has it carried out and recorded; the words of a refused one are dropped.
 * @throws Problem 404, 409 (says the state and what is allowed), 422; 503 through the gateway
 */
export async function actOnSignal<Kind extends SignalEntryKind>(
  deps: ApiDeps,
  request: FastifyRequest,
  { id, saying, command }: { readonly id: string; readonly saying: SignalSaying<Kind>; readonly command: Wanted },
): Promise<SignalDetail> {
  const writing = writingOf(deps, request);
  const entry = await storeEntry(deps.database, { signal: id, ...saying }, writing);
  if (!entry.same) throw otherBody();
  await refuseEnded(deps, request, id, entry.id);
  const by = actorOf(accountOf(request));
  const answer = await deps.signals.command(id, { ...command, entry: entry.id, by }, entry.id);
  if (answer.accepted) return readSignal(deps, request, id);
  await dropEntry(deps.database, entry.id);
  if (answer.code === 'unknownRequest') throw notFound();
  throw new Problem(409, answer.code, answer.detail);
}

/** What has ended stays so: nothing is started for it. An act that came through before its answer was lost is answered again. */
async function refuseEnded(deps: ApiDeps, request: FastifyRequest, id: string, entry: string): Promise<void> {
  const { status } = await readSignal(deps, request, id);
  if (status !== 'closed' && status !== 'withdrawn') return;
  const row = await deps.database.sql
    .selectFrom('early_signal')
    .select('state')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  if (row.state?.ending?.entry === entry) return;
  await dropEntry(deps.database, entry);
  throw new Problem(409, 'ended', ENDED[status]);
}

function writingOf(deps: ApiDeps, request: FastifyRequest): SignalWriting {
  const account = accountOf(request);
  return { by: { ...actorOf(account), name: account.name }, now: deps.now(), key: keyFor(request) ?? randomUUID() };
}

/** What a closing may link to: an open crisis and a message that are there, both exercises or both real like the signal. */
export async function linkErrors(
  deps: ApiDeps,
  { exercise }: SignalDetail,
  {
    outcome,
    crisisId,
    instructionId,
  }: { outcome: SignalOutcome; crisisId: string | null; instructionId: string | null },
): Promise<FieldError[]> {
  const crisis = await crisisOf(deps.database.sql, { crisisId });
  const errors: (FieldError | null)[] = [];
  if (crisisId !== null) errors.push(linkError('/crisisId', exercise, crisis));
  if (crisis?.closed === true)
    errors.push({ pointer: '/crisisId', code: 'closed', message: 'Cet événement est clos.' });
  if (outcome === 'instruction' && instructionId !== null) {
    const instruction = await deps.database.sql
      .selectFrom('instruction')
      .select('exercise')
      .where('id', '=', instructionId)
      .executeTakeFirst();
    errors.push(linkError('/instructionId', exercise, instruction));
  }
  return errors.filter((error) => error !== null);
}

function linkError(
  pointer: string,
  exercise: boolean,
  found: { readonly exercise: boolean } | undefined,
): FieldError | null {
  if (found === undefined) return { pointer, code: 'unknown', message: 'Inconnu de Vigie.' };
  if (found.exercise === exercise) return null;
  const message = exercise ? 'Un exercice ne mène qu’à un exercice.' : 'Un signal réel ne mène pas à un exercice.';
  return { pointer, code: 'exercise', message };
}
