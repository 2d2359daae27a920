import type { FastifyRequest } from 'fastify';
import { describeAttachments } from '../db/read-models/attachments.ts';
import { getRecipient, type RecipientDetail } from '../db/read-models/recipients.ts';
import type { Command } from '../domain/events.ts';
import type { FieldError } from '../domain/field-error.ts';
import type { InstructionStatus } from '../domain/instruction.ts';
import { parseReply } from '../domain/reply.ts';
import type { ReplyInput } from '../domain/reply-kinds.ts';
import { isUuid } from '../domain/uuid.ts';
import type { Refusal } from '../workflows/contract.ts';
import type { ApiDeps } from './deps.ts';
import { isNoSuchWorkflow } from './engine.ts';
import { invalid, notFound, Problem } from './problem.ts';

/**
 * Has a command carried out by the instruction's workflow and recorded.
 * @param key the same key is carried out once, whatever became of the first answer
 * @returns whether it had been counted before
 * @throws Problem 404, 409 (says the state and what is allowed), 422; 503 through the gateway
 */
export async function carryOut(
  deps: ApiDeps,
  instruction: string,
  command: Command,
  key: string | null = null,
): Promise<{ readonly replayed: boolean }> {
  const refusal = await commandOrRefusal(deps, instruction, command, key);
  if ('replayed' in refusal) return refusal;
  throw problemOfRefusal(refusal, command);
}

/** The same, with a refusal as an answer: pages put it into words of their own. */
export async function commandOrRefusal(
  deps: ApiDeps,
  instruction: string,
  command: Command,
  key: string | null,
): Promise<Refusal | { readonly replayed: boolean }> {
  try {
    const answer = await deps.gateway.command(instruction, command, ...(key === null ? [] : [key]));
    return answer.accepted ? { replayed: answer.replayed } : answer.refusal;
  } catch (error) {
    if (!isNoSuchWorkflow(error)) throw error;
    return { code: 'ended', detail: endedDetail(await statusOf(deps, instruction)) };
  }
}

/** A refusal of the process as the caller of the API is told it. */
export function problemOfRefusal({ code, detail, errors = [] }: Refusal, command: Command): Problem {
  if (code === 'notRecipient' && command.kind !== 'moveDeadline') return notFound();
  if (code === 'notRecipient') return invalid([{ pointer: '/organisations', code: 'unknown', message: detail }]);
  if (code !== 'invalid') return new Problem(409, code === 'notAllowed' ? 'not-allowed' : code, detail);
  return errors.length > 0 ? invalid(errors) : new Problem(422, 'invalid', detail);
}

async function statusOf(deps: ApiDeps, id: string): Promise<InstructionStatus | undefined> {
  const row = await deps.database.sql
    .selectFrom('instruction')
    .select('status')
    .where('id', '=', id)
    .executeTakeFirst();
  return row?.status;
}

const endedDetail = (status: InstructionStatus | undefined): string =>
  status === 'draft' || status === 'releasing'
    ? 'Cette instruction n’est pas encore diffusée : rien ne peut encore y répondre.'
    : 'Cette instruction est close depuis plus de 72 heures et n’écoute plus : rédigez une nouvelle instruction (vous pouvez dupliquer celle-ci).';

/**
 * A reply of the API in its normal form, checked like that of any other door.
 * @param known what the schema found wrong already
 * @throws Problem 422 with all wrong fields
 */
export async function checkedReply(
  deps: ApiDeps,
  raw: Readonly<Record<string, unknown>> & { readonly organisation: string },
  known: readonly FieldError[] = [],
): Promise<ReplyInput> {
  const parsed = parseReply(raw);
  const errors = [
    ...(parsed.errors ?? []),
    ...known,
    ...(await evidenceErrors(deps, raw['evidence'], raw.organisation)),
  ];
  const first = new Map(errors.map((error) => [error.pointer, error] as const).reverse());
  if (parsed.reply === undefined || first.size > 0) throw invalid([...first.values()].reverse());
  return parsed.reply;
}

/** Evidence is a file that the organisation (or the desk, on its behalf) has uploaded. */
async function evidenceErrors(deps: ApiDeps, evidence: unknown, organisation: string): Promise<FieldError[]> {
  const ids = Array.isArray(evidence)
    ? evidence.filter((id): id is string => typeof id === 'string' && isUuid(id))
    : [];
  const files = await describeAttachments(deps.database.sql, ids);
  const usable = files.filter((file) => [organisation, 'CORRUSS'].includes(file.owner_organisation));
  return ids.flatMap((id, index) =>
    usable.some((file) => file.id === id.toLowerCase())
      ? []
      : [{ pointer: `/evidence/${index}`, code: 'unknown', message: 'Cette pièce jointe n’existe pas.' }],
  );
}

/** The recipient as recorded. @throws Problem 404 */
export async function recipientNow(
  deps: ApiDeps,
  { id, org }: { readonly id: string; readonly org: string },
): Promise<RecipientDetail> {
  const found = await getRecipient(deps.database.sql, id, org);
  if (found === undefined) throw notFound();
  return found;
}

export const paramsOf = (request: FastifyRequest): { readonly id: string; readonly org: string } =>
  request.params as { id: string; org: string };
