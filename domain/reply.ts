import { canonicalJson } from './canonical-json.ts';
import { declaredOf } from './declared-input.ts';
import type { FieldError } from './field-error.ts';
import type { Terms } from './instruction.ts';
import { pointerTo, readInput, type InputReader } from './input.ts';
import { REPLY_DOORS, REPLY_KINDS, type ReplyInput, type ReplyKind } from './reply-kinds.ts';
import { parseRfc3339 } from './rfc3339.ts';
import { sha256 } from './sha256.ts';
import { isBlank, isOneLine } from './text.ts';
import { isUuid } from './uuid.ts';

export { rubbishOf } from './rubbish.ts';

export const COMMENT_LIMIT = 4000;
export const EVIDENCE_LIMIT = 20;
const NAME_LIMIT = 320;
const MESSAGE_ID_LIMIT = 512;

const FIELDS = [
  'organisation',
  'kind',
  'percent',
  'comment',
  'until',
  'evidence',
  'declared',
  'from',
  'channel',
  'verified',
  'messageId',
  'onBehalfBy',
  'fromAlertBox',
] as const;

export type ParsedReply =
  | { readonly reply: ReplyInput; readonly errors?: never }
  | { readonly errors: readonly FieldError[]; readonly reply?: never };

/** What a door knows of the instruction: its evidence, and where it can its nature. */
type KnownTerms = Pick<Terms, 'evidence'> & Partial<Pick<Terms, 'nature'>>;

/**
 * The one check of every reply, whatever its door: the reply, or all that is wrong with it (pointers, French words). A door
 * adds `channel`, `verified`, `from`, `onBehalfBy` itself; missing they mean a signal from outside, unverified. A missing
 * `messageId` becomes the hash of the content. With the instruction's terms, a required evidence and the nature are checked as well.
 * Never throws, whatever comes.
 */
export function parseReply(raw: unknown, terms?: KnownTerms): ParsedReply {
  const input = readInput(raw);
  input.refuseUnknown(FIELDS);
  const organisation = name(input, 'organisation', NAME_LIMIT, true);
  const kind = kindOf(input);
  const percent = percentOf(input, kind);
  const comment = commentOf(input, kind, terms);
  const until = untilOf(input, kind);
  const evidence = evidenceOf(input);
  const declared = declaredOf(input, kind, terms?.nature);
  const from = name(input, 'from', NAME_LIMIT, false) ?? 'inconnu';
  const channel = input.oneOf('channel', REPLY_DOORS) ?? 'signal';
  const verified = input.flag('verified');
  const messageId = name(input, 'messageId', MESSAGE_ID_LIMIT, false);
  const onBehalfBy = name(input, 'onBehalfBy', NAME_LIMIT, false);
  if (input.errors.length > 0 || organisation === null || kind === null) return { errors: input.errors };
  const said = given({ percent, comment, until, evidence, declared, onBehalfBy });
  const box = input.flag('fromAlertBox') ? { fromAlertBox: true as const } : {};
  const content = { organisation, kind, ...said, from, channel, verified, ...box };
  return { reply: { ...content, messageId: messageId ?? `sha256:${sha256(canonicalJson(content))}` } };
}

/**
 * A signal whose payload no key of ours sealed: whatever it claims of its door, it is unverified, and nobody answers on
 * behalf of another by it.
 */
export function parseForeignReply(raw: unknown, terms?: KnownTerms): ParsedReply {
  const parsed = parseReply(raw, terms);
  if (parsed.reply === undefined) return parsed;
  const { onBehalfBy, ...reply } = parsed.reply;
  if (onBehalfBy === undefined) return { reply: { ...reply, channel: 'signal', verified: false } };
  const message = 'Un signal extérieur ne répond pas au nom d’un autre.';
  return { errors: [{ pointer: '/onBehalfBy', code: 'unknown', message }] };
}

function kindOf(input: InputReader): ReplyKind | null {
  if (!input.has('kind')) input.fail('/kind', 'required', 'Champ obligatoire.');
  return input.oneOf('kind', REPLY_KINDS);
}

type Optional = Pick<ReplyInput, 'percent' | 'comment' | 'until' | 'evidence' | 'declared' | 'onBehalfBy'>;

/** What was really said: fields that are null or empty are absent. */
function given(found: { readonly [K in keyof Optional]-?: Exclude<Optional[K], undefined> | null }): Optional {
  const entries = Object.entries(found).filter(
    ([, value]) => value !== null && !(Array.isArray(value) && value.length === 0),
  );
  return Object.fromEntries(entries);
}

function name(input: InputReader, field: string, max: number, required: boolean): string | null {
  const text = input.text(field, { max, required });
  if (text === null) return null;
  if (!isOneLine(text) || isBlank(text)) {
    input.fail(pointerTo(field), 'format', 'Texte d’une ligne attendu, sans caractère de contrôle.');
    return null;
  }
  return text;
}

function percentOf(input: InputReader, kind: ReplyKind | null): number | null {
  const percent = input.raw('percent');
  if (percent === undefined) return null;
  if (kind !== null && kind !== 'progress') {
    input.fail('/percent', 'notAllowed', 'Un pourcentage n’accompagne que « en cours » (progress).');
  }
  if (typeof percent === 'number' && Number.isInteger(percent) && percent >= 1 && percent <= 99) return percent;
  input.fail('/percent', 'range', 'Nombre entier de 1 à 99 attendu.');
  return null;
}

function commentOf(input: InputReader, kind: ReplyKind | null, terms?: Pick<Terms, 'evidence'>): string | null {
  const comment = input.text('comment', { max: COMMENT_LIMIT });
  const silent = comment === null ? !input.has('comment') : isBlank(comment);
  if (!silent) return comment;
  if (kind === 'refused' || kind === 'deferred') {
    input.fail('/comment', 'required', 'Un commentaire est obligatoire pour refuser ou reporter.');
  }
  const files = input.raw('evidence');
  const nothing = !Array.isArray(files) || files.length === 0;
  if (kind === 'done' && terms?.evidence === 'required' && nothing) {
    input.fail('/comment', 'required', 'Un justificatif est exigé : un commentaire ou un fichier.');
  }
  return null;
}

function untilOf(input: InputReader, kind: ReplyKind | null): string | null {
  const until = input.text('until', { max: 64 });
  if (!input.has('until')) {
    if (kind === 'deferred') input.fail('/until', 'required', 'La date du report est obligatoire.');
    return null;
  }
  if (kind !== null && kind !== 'deferred') {
    input.fail('/until', 'notAllowed', 'Une date n’accompagne qu’un report (deferred).');
  }
  if (until === null || parseRfc3339(until) !== null) return until;
  input.fail('/until', 'format', 'Date et heure avec décalage attendues (RFC 3339), ex. 2026-11-24T14:30:00+01:00.');
  return null;
}

function evidenceOf(input: InputReader): readonly string[] {
  const found = input.raw('evidence');
  if (found === undefined) return [];
  if (!Array.isArray(found) || found.length > EVIDENCE_LIMIT) {
    input.fail('/evidence', 'type', `Liste de ${EVIDENCE_LIMIT} pièces jointes au plus attendue.`);
    return [];
  }
  const ids = new Set<string>();
  found.forEach((id: unknown, index) => {
    const pointer = pointerTo('evidence', index);
    if (typeof id !== 'string' || !isUuid(id)) input.fail(pointer, 'format', 'Identifiant (UUID) attendu.');
    else if (ids.has(id.toLowerCase())) input.fail(pointer, 'duplicate', 'Pièce jointe nommée deux fois.');
    else ids.add(id.toLowerCase());
  });
  return [...ids];
}
