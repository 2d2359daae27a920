import type { Actor, Command } from './events.ts';
import type { FieldError } from './field-error.ts';
import { DAY, type Instant, type Millis } from './instant.ts';
import { isObject, pointerTo, readInput, type InputReader } from './input.ts';
import { parseReply } from './reply.ts';

/** Reasons and outcomes of calls: as long as a comment. */
export const REASON_LIMIT = 4000;
const NAME_LIMIT = 320;
/** An instruction of more than a year is a mistake of typing. */
export const FARTHEST_DEADLINE: Millis = 366 * DAY;

const KINDS = ['reply', 'return', 'accept', 'close', 'moveDeadline', 'recordCall'] as const;
const FIELDS: Readonly<Record<(typeof KINDS)[number], readonly string[]>> = {
  reply: ['reply'],
  return: ['organisation', 'reason', 'deadline', 'by'],
  accept: ['organisation', 'by'],
  close: ['organisation', 'reason', 'by'],
  moveDeadline: ['organisations', 'deadline', 'by'],
  recordCall: ['organisation', 'step', 'answeredBy', 'outcome', 'by'],
};

/** What is wrong with a new deadline set at `now`. */
export function deadlineErrors(deadline: Instant, now: Instant): readonly FieldError[] {
  const pointer = '/deadline';
  if (deadline <= now) return [{ pointer, code: 'past', message: 'L’échéance est passée.' }];
  if (deadline <= now + FARTHEST_DEADLINE) return [];
  return [{ pointer, code: 'tooLate', message: 'L’échéance est à plus d’un an.' }];
}

export type ParsedCommand =
  | { readonly command: Command; readonly errors?: never }
  | { readonly errors: readonly FieldError[]; readonly command?: never };

/**
 * The check of a command as it comes to the workflow: the command, or all that is wrong with it. Rules of state are not looked
 * at (`step` does). Never throws, whatever comes: an Update can be sent from the command line.
 */
export function parseCommand(raw: unknown): ParsedCommand {
  const input = readInput(raw);
  const kind = input.oneOf('kind', KINDS);
  if (kind === null) {
    if (!input.has('kind')) input.fail('/kind', 'required', 'Champ obligatoire.');
    return { errors: input.errors };
  }
  input.refuseUnknown(['kind', ...FIELDS[kind]]);
  if (kind === 'reply') return replyCommand(input);
  const command = { kind, ...commandFields(input, kind), by: actorOf(input) };
  return input.errors.length > 0 ? { errors: input.errors } : { command: command as Command };
}

function replyCommand(input: InputReader): ParsedCommand {
  const parsed = parseReply(input.raw('reply'));
  if (parsed.reply === undefined) return { errors: [...input.errors, ...parsed.errors] };
  return input.errors.length > 0 ? { errors: input.errors } : { command: { kind: 'reply', reply: parsed.reply } };
}

function commandFields(input: InputReader, kind: Exclude<Command['kind'], 'reply'>): Record<string, unknown> {
  if (kind === 'moveDeadline') return { organisations: organisationsOf(input), deadline: deadlineOf(input, true) };
  const organisation = input.text('organisation', { max: NAME_LIMIT, required: true });
  if (kind === 'accept') return { organisation };
  if (kind === 'recordCall') {
    const step = input.raw('step');
    if (!Number.isInteger(step)) input.fail('/step', 'type', 'Numéro d’étape attendu.');
    const answeredBy = input.text('answeredBy', { max: NAME_LIMIT, required: true });
    return { organisation, step, answeredBy, outcome: input.text('outcome', { max: REASON_LIMIT, required: true }) };
  }
  const reason = input.text('reason', { max: REASON_LIMIT, required: true });
  if (kind === 'close') return { organisation, reason };
  const deadline = deadlineOf(input, false);
  return deadline === undefined ? { organisation, reason } : { organisation, reason, deadline };
}

function deadlineOf(input: InputReader, required: boolean): unknown {
  const deadline = input.raw('deadline');
  if (deadline === undefined && !required) return undefined;
  if (!Number.isSafeInteger(deadline)) input.fail('/deadline', 'type', 'Instant attendu (millisecondes).');
  return deadline;
}

function organisationsOf(input: InputReader): unknown {
  const found = input.raw('organisations');
  if (found === 'all') return found;
  const right =
    Array.isArray(found) && found.length > 0 && found.length <= 500 && found.every((one) => typeof one === 'string');
  if (!right) input.fail('/organisations', 'type', '« all » ou liste d’organisations attendue.');
  return found;
}

function actorOf(input: InputReader): Actor | null {
  const by = input.raw('by');
  if (!isObject(by)) {
    input.fail('/by', 'required', 'Auteur attendu.');
    return null;
  }
  const actor = readInput(by);
  const sub = actor.text('sub', { max: NAME_LIMIT, required: true });
  const organisation = actor.text('organisation', { max: NAME_LIMIT, required: true });
  actor.refuseUnknown(['sub', 'organisation']);
  for (const { pointer, code, message } of actor.errors) input.fail(`${pointerTo('by')}${pointer}`, code, message);
  return sub === null || organisation === null ? null : { sub, organisation };
}
