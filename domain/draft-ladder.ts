import { parseDuration } from './duration.ts';
import { SECOND } from './instant.ts';
import { isObject, pointerTo, type InputReader } from './input.ts';
import { CHANNELS, LADDER_TARGETS, type Channel, type LadderTarget } from './instruction.ts';
import { wellFormed } from './text.ts';

export const LADDER_LIMIT = 20;

/** A ladder step as the desk writes it. */
export interface DraftStep {
  /** ISO 8601. */
  readonly after: string;
  readonly target: LadderTarget;
  readonly channel: Channel;
}

const FIELDS: readonly string[] = ['after', 'target', 'channel'];

/**
 * The ladder of a draft: at most 20 steps, each at least a second after the one before. `badDelay` tells what is wrong with a
 * delay and answers whether something is.
 */
export function readLadder(
  input: InputReader,
  badDelay: (pointer: string, value: unknown) => boolean,
): readonly DraftStep[] | null {
  const found = input.raw('ladder');
  if (found === undefined) return null;
  if (!Array.isArray(found)) {
    input.fail('/ladder', 'type', 'Liste d’étapes attendue.');
    return null;
  }
  if (found.length > LADDER_LIMIT) {
    input.fail('/ladder', 'tooLong', `${LADDER_LIMIT} étapes au plus (${found.length} reçues).`);
    return null;
  }
  const steps = found.map((one: unknown, index) => readStep(input, one, index, badDelay));
  refuseDisorder(input, steps);
  return steps.filter((step) => step !== null);
}

function readStep(
  input: InputReader,
  raw: unknown,
  index: number,
  badDelay: (pointer: string, value: unknown) => boolean,
): DraftStep | null {
  if (!isObject(raw)) {
    input.fail(pointerTo('ladder', index), 'type', 'Étape {after, target, channel} attendue.');
    return null;
  }
  const { after, target, channel } = raw;
  const bad = badDelay(pointerTo('ladder', index, 'after'), after);
  const knownTarget = LADDER_TARGETS.find((one) => one === target);
  const knownChannel = CHANNELS.find((one) => one === channel);
  if (knownTarget === undefined) {
    input.fail(pointerTo('ladder', index, 'target'), 'enum', `Attendu : ${LADDER_TARGETS.join(', ')}.`);
  }
  if (knownChannel === undefined) {
    input.fail(pointerTo('ladder', index, 'channel'), 'enum', `Attendu : ${CHANNELS.join(', ')}.`);
  }
  for (const field of Object.keys(raw).filter((one) => !FIELDS.includes(one))) {
    input.fail(pointerTo('ladder', index, wellFormed(field) ? field : '?'), 'unknown', 'Champ inconnu.');
  }
  if (bad || typeof after !== 'string' || knownTarget === undefined || knownChannel === undefined) return null;
  return { after, target: knownTarget, channel: knownChannel };
}

/** Steps in order and apart: two at the same instant would be two mails in one second. */
function refuseDisorder(input: InputReader, steps: readonly (DraftStep | null)[]): void {
  let latest = 0;
  steps.forEach((step, index) => {
    const after = step === null ? null : parseDuration(step.after);
    if (after === null) return;
    if (latest > 0 && after < latest + SECOND) {
      const message = 'Les étapes se suivent dans l’ordre, à une seconde d’écart au moins.';
      input.fail(pointerTo('ladder', index, 'after'), 'order', message);
    }
    latest = Math.max(latest, after);
  });
}
