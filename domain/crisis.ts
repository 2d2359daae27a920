import type { InputReader } from './input.ts';

/** What a draft needs to know of the crisis (événement) that it names. */
export interface CrisisMark {
  readonly id: string;
  readonly exercise: boolean;
}

export const CRISIS_NAME_LIMIT = 200;
export const CRISIS_DESCRIPTION_LIMIT = 10_000;

/**
 * The crisis of a draft and its flag: a message of an exercise is an exercise, whatever it says; an exercise never stands among the
 * messages of a real crisis.
 * @param crisis the one of that id; undefined when there is none
 */
export function readCrisis(
  input: InputReader,
  crisis: CrisisMark | undefined,
): { readonly exercise: boolean; readonly crisisId?: string } {
  const exercise = input.flag('exercise');
  const named = input.text('crisisId', { max: 60 });
  if (named === null) return { exercise };
  if (crisis === undefined || crisis.id !== named.toLowerCase()) {
    input.fail('/crisisId', 'unknown', 'Cet événement n’existe pas.');
    return { exercise };
  }
  if (exercise && !crisis.exercise) {
    input.fail('/crisisId', 'exercise', 'Un exercice ne se rattache pas à un événement réel.');
  }
  return { exercise: exercise || crisis.exercise, crisisId: crisis.id };
}
