import type { Message } from '../domain/events.ts';
import type { Instant } from '../domain/instant.ts';
import type { Terms } from '../domain/instruction.ts';
import { parseForeignReply, parseReply, rubbishOf } from '../domain/reply.ts';
import { REPLY_SIGNAL, UNREADABLE_MARK, UNSEALED_MARK, type UnreadableValue, type UnsealedValue } from './contract.ts';

/** An argument as the payload codec handed it over. `base64` is kept for the audit where there is no value of ours. */
export type Argument =
  | { readonly sealed: true; readonly value: unknown }
  | { readonly sealed: false; readonly value: unknown; readonly base64: string }
  | { readonly sealed: false; readonly unreadable: string; readonly base64: string };

export function openArgument(raw: unknown): Argument {
  if (isUnsealed(raw)) return { sealed: false, ...raw[UNSEALED_MARK] };
  if (isUnreadable(raw)) {
    const { reason, base64 } = raw[UNREADABLE_MARK];
    return { sealed: false, unreadable: reason, base64 };
  }
  // No argument at all, or a null in clear, which the codec passes as it is: our keys sealed neither.
  if (raw === undefined || raw === null) return { sealed: false, value: raw, base64: '' };
  return { sealed: true, value: raw };
}

/**
 * A signal `reply` as a message of the loop: a reply like any other, or rubbish, which is audited and never obeyed.
 * Never throws, whatever comes: a throwing handler would wedge the workflow.
 */
export function readSignal(raw: unknown, at: Instant, terms: Terms | undefined): Message {
  const argument = openArgument(raw);
  const rubbish = (errors: readonly string[], base64: string): Message => ({
    kind: 'rubbish',
    at,
    door: REPLY_SIGNAL,
    errors,
    base64,
  });
  if ('unreadable' in argument) return rubbish([argument.unreadable], argument.base64);
  const { reply, errors } = argument.sealed
    ? parseReply(argument.value, terms)
    : parseForeignReply(argument.value, terms);
  if (reply !== undefined) return { kind: 'command', at, command: { kind: 'reply', reply } };
  const words = errors.map(({ pointer, message }) => `${pointer} ${message}`.trim());
  return rubbish(words, argument.sealed ? rubbishOf(argument.value) : argument.base64);
}

const isUnsealed = (raw: unknown): raw is UnsealedValue => isMarked(raw, UNSEALED_MARK);
const isUnreadable = (raw: unknown): raw is UnreadableValue => isMarked(raw, UNREADABLE_MARK);

const isMarked = (raw: unknown, mark: string): boolean =>
  typeof raw === 'object' && raw !== null && Object.hasOwn(raw, mark);
