import type { FieldError } from '../field-error.ts';
import type { CellReading } from './sheet-cells.ts';

/** Lines told of a file that is wrong throughout. */
const MOST_TOLD = 200;

/** What is noted while a sheet is read: where each field stands, and what is wrong. */
export class SheetLedger {
  readonly lines = new Map<string, number>();
  readonly #problems: FieldError[] = [];

  /** Of a line as such. */
  wrong(line: number, code: string, message: string): void {
    this.#problems.push({ pointer: `/lines/${line}`, code, message });
  }

  /** Of a field, or of the sheet as a whole. */
  tell(pointer: string, code: string, message: string): void {
    this.#problems.push({ pointer, code, message });
  }

  /** A field that stands twice says two things: the second is told, and does not count. */
  once(pointer: string, line: number, act: () => void): void {
    const before = this.lines.get(pointer);
    if (before === undefined) {
      this.lines.set(pointer, line);
      act();
    } else this.wrong(line, 'duplicate', `Déjà à la ligne ${before} : gardez l’une des deux.`);
  }

  keep(reading: CellReading, pointer: string, keep: (value: unknown) => void): void {
    if ('value' in reading) keep(reading.value);
    else if ('problem' in reading) this.tell(pointer, ...reading.problem);
  }

  problems(): readonly FieldError[] {
    const left = this.#problems.length - MOST_TOLD;
    if (left <= 0) return this.#problems;
    const more = { pointer: '/lines', code: 'more', message: `Et ${left} autre(s) erreur(s).` };
    return [...this.#problems.slice(0, MOST_TOLD), more];
  }
}
