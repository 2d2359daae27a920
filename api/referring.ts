import type { FastifyRequest } from 'fastify';
import type { InstructionDetail } from '../db/read-models/instructions.ts';
import { createDraft } from '../db/stores/desk/drafts.ts';
import type { NormalDraft } from '../domain/draft.ts';
import type { FieldError } from '../domain/field-error.ts';
import { fixedFieldErrors, mayBeReferredTo, relatedDraft } from '../domain/related-draft.ts';
import { SUPERSEDED_WORDS, type Relation } from '../domain/relation.ts';
import { STATUS_WORDS } from '../domain/wording.ts';
import { accountOf, actorOf } from './access/account.ts';
import type { ApiDeps } from './deps.ts';
import { checkedDraft } from './drafting.ts';
import { invalid, Problem } from './problem.ts';
import { readInstruction } from './reading.ts';

/**
 * Writes the draft of a message that amends, cancels or lifts a released one; it is released like any other, by somebody else.
 * @throws Problem 404, 409 (says the state and what is allowed), 422
 */
export async function draftReferring(
  deps: ApiDeps,
  request: FastifyRequest,
  { id, relation, said }: { readonly id: string; readonly relation: Relation; readonly said: object },
): Promise<{ readonly id: string; readonly version: number }> {
  const first = await readInstruction(deps, request, id);
  const number = requireReferable(first);
  const raw = relatedDraft(first.draft as NormalDraft, relation, said as Readonly<Record<string, unknown>>);
  const draft = await checkedDraft(deps, request, raw, null).catch((error: unknown) => {
    throw relation === 'amendment' ? error : inTheirWords(error);
  });
  const act = { by: actorOf(accountOf(request)), now: deps.now(), refersTo: { instruction: id, number, relation } };
  return createDraft(deps.database, deps.keys, draft, act);
}

/** A cancellation has a `reason`, which becomes the body of its message. */
function inTheirWords(error: unknown): unknown {
  if (!(error instanceof Problem) || error.errors.length === 0) return error;
  return invalid(
    error.errors.map((one) => (one.pointer === '/body' ? { ...one, pointer: '/reason' } : one)).filter(isNews),
  );
}

const isNews = (one: FieldError, index: number, all: readonly FieldError[]): boolean =>
  all.findIndex((other) => other.pointer === one.pointer && other.code === one.code) === index;

/** @returns its number */
function requireReferable({ status, number, supersededBy }: InstructionDetail): string {
  if (supersededBy !== null) {
    const { relation, number: other } = supersededBy;
    throw new Problem(
      409,
      'superseded',
      `Cette instruction a déjà été ${SUPERSEDED_WORDS[relation]} ${other} : c’est ce dernier message qui peut être modifié, annulé ou levé.`,
    );
  }
  if (number !== null && mayBeReferredTo(status)) return number;
  throw new Problem(
    409,
    'not-released',
    `Cette instruction est à l’état « ${STATUS_WORDS[status]} » : seul un message diffusé peut être modifié, annulé ou levé.`,
  );
}

/** @throws Problem 422 for what a message takes over from the one that it refers to */
export function refuseFixedFields(change: object): void {
  const errors = fixedFieldErrors(change);
  if (errors.length > 0) throw invalid(errors);
}
