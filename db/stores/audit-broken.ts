/** Thrown inside a verification of the audit, answered outside: the first thing found wrong ends the reading. */
export class Broken extends Error {
  readonly subject: string;
  /** Null: the chain as a whole. */
  readonly position: number | null;
  constructor(subject: string, position: number | null, reason: string) {
    super(reason);
    this.subject = subject;
    this.position = position;
  }
}
