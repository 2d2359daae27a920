/** The rows read have changed before they were written: another of the same instruction came in between. */
export const AGAIN = Symbol('again');

/**
 * What PostgreSQL says of two transactions that met: unique violation (of the audit's position), deadlock, serialisation, and
 * of whatever is asked afterwards in the same transaction.
 */
const MET: ReadonlySet<unknown> = new Set(['23505', '40P01', '40001', '25P02']);
/** Each of them means that somebody else came through, so this many in a row are somebody who never stops. */
const ATTEMPTS = 20;

/**
 * Does a unit of work again, from its reading, when another one came in between.
 * @throws the last error, or Error when it never came through
 */
export async function retrying<T>(work: () => Promise<T | typeof AGAIN>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const result = await work();
      if (result !== AGAIN) return result;
      if (attempt === ATTEMPTS) throw new Error('Others kept recording the same instruction in between');
    } catch (error) {
      if (attempt === ATTEMPTS || !hasMet(error)) throw error;
    }
  }
}

const hasMet = (error: unknown): boolean => error instanceof Error && 'code' in error && MET.has(error.code);
