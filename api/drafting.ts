import type { FastifyRequest } from 'fastify';
import { describeAttachments } from '../db/read-models/attachments.ts';
import type { InstructionDetail } from '../db/read-models/instructions.ts';
import { crisisOf } from '../db/read-models/crises.ts';
import { directory } from '../db/read-models/organisations.ts';
import type { DraftChange } from '../db/stores/desk/drafts.ts';
import { checkDraft, type NormalDraft } from '../domain/draft.ts';
import type { FieldError } from '../domain/field-error.ts';
import { isObject } from '../domain/input.ts';
import { CORRUSS } from '../domain/organisation.ts';
import { isUuid } from '../domain/uuid.ts';
import type { ApiDeps } from './deps.ts';
import { FieldsRefused, unique } from './plugins/validation.ts';
import { invalid, Problem, staleVersion } from './problem.ts';
import { readInstruction } from './reading.ts';

/**
 * The draft in its normal form: the schema and the domain both look at all of it, so that one answer names every wrong field.
 * @param id of the draft that is changed; null for a new one
 * @throws Problem 422
 */
export async function checkedDraft(
  deps: ApiDeps,
  request: FastifyRequest,
  raw: unknown,
  id: string | null,
): Promise<NormalDraft> {
  const organisations = await directory(deps.database.sql);
  const crisis = await crisisOf(deps.database.sql, raw);
  const { draft, errors } = checkDraft(raw, { now: deps.now(), organisations, crisis });
  const all = unique([
    ...errors,
    ...crisisErrors(request.body, draft, crisis),
    ...schemaErrors(request),
    ...(await attachmentErrors(deps, attachmentsOf(raw), id)),
  ]);
  if (all.length > 0) throw invalid(withoutParents(all));
  return draft;
}

/** What a request may not say of a crisis: join one that is closed, or take the flag of an exercise away. */
function crisisErrors(
  body: unknown,
  { exercise }: NormalDraft,
  crisis: { readonly closed: boolean } | undefined,
): FieldError[] {
  const said: { readonly crisisId?: unknown; readonly exercise?: unknown } = isObject(body) ? body : {};
  const closed = crisis?.closed === true && said.crisisId !== undefined;
  return [
    ...(closed ? [{ pointer: '/crisisId', code: 'closed', message: 'Cet événement est clos.' }] : []),
    ...(said.exercise === false && exercise ? [exerciseKept] : []),
  ];
}

const exerciseKept: FieldError = {
  pointer: '/exercise',
  code: 'notAllowed',
  message: 'Un exercice ne devient pas un message réel : rédigez un nouveau message.',
};

/** The flag of an exercise cannot be lost. @throws Problem 422 */
export function keepExercise(before: object, change: { readonly exercise?: boolean }): void {
  if (change.exercise === false && 'exercise' in before && before.exercise === true) throw invalid([exerciseKept]);
}

/** What the schema found on a route with `attachValidation`. @throws what is no matter of fields */
export function schemaErrors(request: FastifyRequest): readonly FieldError[] {
  const error: unknown = request.validationError;
  if (error === undefined || error === null) return [];
  if (error instanceof FieldsRefused) return error.errors;
  throw error as Error;
}

/** «This union does not fit» says nothing beside the error of the very field inside it. */
const withoutParents = (errors: readonly FieldError[]): FieldError[] =>
  errors.filter(
    (error) => error.code !== 'anyOf' || !errors.some((other) => other.pointer.startsWith(`${error.pointer}/`)),
  );

/** The draft that a change starts from. @throws Problem 409 when it has left the desk */
export async function draftOf(
  deps: ApiDeps,
  request: FastifyRequest,
  id: string,
): Promise<{ version: number; draft: object; refersTo: InstructionDetail['refersTo'] }> {
  const found: InstructionDetail = await readInstruction(deps, request, id);
  if (found.status !== 'draft') throw notDraft(found.status);
  return { version: found.version, draft: found.draft as object, refersTo: found.refersTo };
}

/** @throws Problem 409 or 412 */
export function refuseDraft(change: DraftChange): void {
  if (!('refused' in change)) return;
  throw change.refused === 'stale' ? staleVersion() : notDraft(change.status);
}

const STATUS_WORDS = {
  draft: 'un brouillon',
  releasing: 'en cours de diffusion',
  open: 'diffusée et en cours',
  closed: 'close',
  cancelled: 'annulée',
} as const;

export const notDraft = (status: keyof typeof STATUS_WORDS): Problem =>
  new Problem(
    409,
    'not-draft',
    `Cette instruction est ${STATUS_WORDS[status]} : seul un brouillon peut être modifié, supprimé ou diffusé. Vous pouvez la dupliquer.`,
  );

function attachmentsOf(raw: unknown): string[] {
  const named: unknown = typeof raw === 'object' && raw !== null && 'attachments' in raw ? raw.attachments : [];
  return Array.isArray(named) ? named.filter((id): id is string => typeof id === 'string') : [];
}

async function attachmentErrors(deps: ApiDeps, ids: readonly string[], draft: string | null): Promise<FieldError[]> {
  const known = await describeAttachments(
    deps.database.sql,
    ids.filter((id) => isUuid(id)),
  );
  const usable = known.filter(
    (file) => file.owner_organisation === CORRUSS && (file.instruction_id === null || file.instruction_id === draft),
  );
  return ids.flatMap((id, index) =>
    usable.some((file) => file.id === id.toLowerCase())
      ? []
      : [
          {
            pointer: `/attachments/${index}`,
            code: 'unknown',
            message: 'Cette pièce jointe n’existe pas ou appartient à une autre instruction.',
          },
        ],
  );
}
