import type { Instant } from './instant.ts';
import type { Nature } from './instruction.ts';
import type { Clock } from './mail-dates.ts';
import { readAcknowledgement } from './mail-intent-acknowledgement.ts';
import { readDeferral } from './mail-intent-deferral.ts';
import { readDone } from './mail-intent-done.ts';
import { readProgress } from './mail-intent-progress.ts';
import type { Reading } from './mail-intent-reading.ts';
import { readRefusal } from './mail-intent-refusal.ts';
import { readRelay } from './mail-intent-relay.ts';
import { asks, clauses } from './mail-text.ts';
import type { ReplyKind } from './reply-kinds.ts';

/**
 * Under this a mail goes to the desk. A wrong «done» silences the reminders of somebody who has done nothing, a mail too
 * many on the desk costs an officer a minute: so only plain statements (0.75 and above) pass, resemblances (0.6) don't.
 */
export const MAIL_INTENT_THRESHOLD = 0.7;

export type Unclear = 'empty' | 'question' | 'contradiction' | 'unfinished' | 'trouble' | 'unsure' | 'unknown' | 'long';

export interface MailIntentCandidate {
  readonly kind: ReplyKind;
  readonly confidence: number;
  readonly percent?: number;
  readonly until?: Instant;
}

export type MailIntent =
  | (MailIntentCandidate & {
      /** The writer's words, where they say more than the kind does. */
      readonly comment?: string;
      /** The words that decided, for the acknowledgement and the timeline. */
      readonly why: string;
    })
  | {
      readonly kind: 'unclear';
      readonly confidence: 0;
      readonly reason: Unclear;
      /** For the person who decides, best first. */
      readonly candidates: readonly MailIntentCandidate[];
      readonly why: string;
    };

/** Kinds that say more than the key does. */
const SURPASSED: Partial<Record<ReplyKind, readonly ReplyKind[]>> = {
  received: ['read', 'takenInCharge', 'progress', 'done', 'refused', 'deferred'],
  read: ['takenInCharge', 'progress', 'done', 'refused', 'deferred'],
  takenInCharge: ['progress', 'done', 'deferred'],
};
/** A mere resemblance to one of these is enough to doubt the key. */
const DOUBTS: Partial<Record<ReplyKind, readonly ReplyKind[]>> = {
  received: ['takenInCharge', 'progress', 'done', 'refused', 'deferred'],
  read: ['takenInCharge', 'progress', 'done', 'refused', 'deferred'],
  takenInCharge: ['refused', 'deferred'],
  progress: ['refused', 'deferred'],
  done: ['progress', 'refused', 'deferred'],
  deferred: ['done', 'refused'],
};
/** A short acknowledgement is no more than this many characters longer than its words. */
const ACKNOWLEDGEMENT_REST = 160;
const MAX_COMMENT = 2_000;
const QUESTION =
  /\?$|^(?:merci,? )?(?:pouvez-vous|pourriez-vous|pouvons-nous|peut-on|est-ce |faut-il|doit-on|devons-nous|que (?:faire|faut|devons)|quels? |quelles? |quand (?:faut|doit|devons|sera)|comment |combien |pourquoi |avez-vous|can you|could you|should we|do we|are we|is it|what |which |how |please (?:clarify|confirm|explain|tell|advise)|merci de (?:bien vouloir )?(?:nous |me )?(?:preciser|confirmer|indiquer|rappeler|dire|transmettre|renvoyer))/;

/**
 * What a person answers by mail, from the first lines of it (rules of `follow-up.md`: a question, a thing not yet done and
 * two contradictory statements are never an answer).
 * @param text the writer's own words: no quoted text, no signature
 * @param clock when the mail was received, and the zone of its writer
 * @param nature of the message that is answered: only of a «pour diffusion» has «diffusé aux établissements» done what was asked
 */
export function readMailIntent(text: string, clock: Clock, nature: Nature = 'action'): MailIntent {
  const said = clauses(text);
  if (said.length === 0) return unclear('empty', [], 'aucun texte');
  const questions = said.filter((clause) => QUESTION.test(clause));
  const found = said.filter((clause) => !QUESTION.test(clause)).flatMap((clause) => readClause(clause, clock, nature));
  if (questions[0] !== undefined || asks(text)) return unclear('question', found, questions[0] ?? '');
  const trouble = found.find((one) => one.kind === 'trouble');
  if (trouble !== undefined) return unclear('trouble', found, trouble.words);
  return decide(found, text, said);
}

/** A percentage takes the sense of the participle beside it; a deferral or refusal explains itself. */
function readClause(clause: string, clock: Clock, nature: Nature): Reading[] {
  const progress = readProgress(clause);
  const statements = [...readRefusal(clause), ...readDeferral(clause, clock)];
  if (progress.length > 0) return [...progress, ...statements];
  const relay = nature === 'diffusion' ? readRelay(clause) : [];
  return [...statements, ...relay, ...readDone(clause), ...readAcknowledgement(clause)];
}

const isAnswer = (one: Reading): one is Reading & { kind: ReplyKind } =>
  one.kind !== 'unfinished' && one.kind !== 'trouble';

function decide(found: readonly Reading[], text: string, said: readonly string[]): MailIntent {
  const answers = found.filter(isAnswer);
  const strong = answers.filter((one) => one.confidence >= MAIL_INTENT_THRESHOLD);
  const lasting = strong.filter((one) => !strong.some((other) => SURPASSED[one.kind]?.includes(other.kind)));
  const [best, ...others] = lasting.toSorted((a, b) => b.confidence - a.confidence);
  const unfinished = found.find((one) => one.kind === 'unfinished');
  if (best === undefined) {
    if (unfinished !== undefined) return unclear('unfinished', found, unfinished.words);
    return unclear(answers.length > 0 ? 'unsure' : 'unknown', found, said[0] ?? '');
  }
  const other = others.find((one) => !agree(best, one));
  if (other !== undefined) return unclear('contradiction', found, `${best.words} / ${other.words}`);
  if (unfinished !== undefined && best.kind === 'done') return unclear('contradiction', found, unfinished.words);
  const doubt = answers.find((one) => one.confidence < MAIL_INTENT_THRESHOLD && DOUBTS[best.kind]?.includes(one.kind));
  if (doubt !== undefined) return unclear('unsure', found, doubt.words);
  if (isTooLong(best, said)) return unclear('long', found, best.words);
  return answer(best, text, said);
}

const agree = (one: Reading, other: Reading): boolean =>
  one.kind === other.kind && one.percent === other.percent && one.until === other.until;

const isTooLong = (best: Reading, said: readonly string[]): boolean =>
  (best.kind === 'received' || best.kind === 'read') &&
  said.join(' ').length - best.words.length > ACKNOWLEDGEMENT_REST;

function answer(best: Reading & { kind: ReplyKind }, text: string, said: readonly string[]): MailIntent {
  const comment = text.trim().slice(0, MAX_COMMENT).toWellFormed();
  const saysMore = said.join(' ').length > best.words.length + 3;
  const always = best.kind === 'refused' || best.kind === 'deferred';
  return { ...candidateOf(best), why: best.words, ...(always || saysMore ? { comment } : {}) };
}

const candidateOf = (one: Reading & { kind: ReplyKind }): MailIntentCandidate => ({
  kind: one.kind,
  confidence: one.confidence,
  ...(one.percent === undefined ? {} : { percent: one.percent }),
  ...(one.until === undefined ? {} : { until: one.until }),
});

function unclear(reason: Unclear, found: readonly Reading[], why: string): MailIntent {
  const kinds = new Map<string, MailIntentCandidate>();
  for (const one of found.filter(isAnswer).toSorted((a, b) => b.confidence - a.confidence)) {
    const key = `${one.kind} ${one.percent ?? ''} ${one.until ?? ''}`;
    if (!kinds.has(key)) kinds.set(key, candidateOf(one));
  }
  return { kind: 'unclear', confidence: 0, reason, candidates: [...kinds.values()], why: why.slice(0, 200) };
}
