/**
 * Does the work for each in turn: one that fails holds up none of those behind it.
 * @throws AggregateError when all had their turn, of those that failed
 */
export async function eachInTurn<T>(
  all: readonly T[],
  isStopped: () => boolean,
  work: (one: T) => Promise<void>,
): Promise<void> {
  const errors: unknown[] = [];
  for (const one of all) {
    if (isStopped()) break;
    try {
      await work(one);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length === 0) return;
  const words = errors.map((error) => (error instanceof Error ? error.message : String(error))).join('; ');
  throw new AggregateError(errors, `${errors.length} of ${all.length} failed: ${words}`);
}
