import type { FieldError } from '../field-error.ts';
import { pointerTo } from '../input.ts';
import type { SheetCell, SheetGrid } from '../sheet.ts';
import type { RawAnswer } from './check-answer.ts';
import { questionsOf, type Form, type Question, type TableQuestion } from './form.ts';
import { isEmpty, readCell, readTextCell, textOf } from './sheet-cells.ts';
import {
  commentCode,
  NOT_CONCERNED,
  READ_ONLY,
  readReference,
  REFERENCE,
  referenceText,
  rowCode,
  type SheetReference,
} from './sheet-codes.ts';
import { SheetLedger } from './sheet-ledger.ts';
import { readHead, readTableRow, type TableHead } from './sheet-tables.ts';

/** What a filled sheet says. */
export interface SheetReading {
  /** All that could be read, to be checked like any answer. */
  readonly raw: RawAnswer;
  /** What is wrong with the sheet itself. Pointers as those of `checkAnswer`; of a line that names nothing: `/lines/12`. */
  readonly problems: readonly FieldError[];
  /** The line of each field that the sheet has, by its pointer. */
  readonly lines: ReadonlyMap<string, number>;
  /** Of the answer that its template was made of; null: its reference does not say. */
  readonly answerVersion: number | null;
}

/** Reads a sheet made by `answerSheet`, whatever a person has done with it since. Never throws. */
export function readSheet(form: Form, grid: SheetGrid, expected: SheetReference): SheetReading {
  const reader = new SheetReader(form, expected);
  grid.forEach((cells, index) => reader.take(cells, index + 1));
  return reader.end();
}

class SheetReader {
  readonly #ledger = new SheetLedger();
  readonly #expected: string;
  readonly #questions: ReadonlyMap<string, Question>;
  readonly #rows = new Map<string, { readonly table: TableQuestion; readonly row: string }>();
  readonly #commented = new Map<string, string>();
  readonly #heads = new Map<string, TableHead>();
  readonly #values = new Map<string, unknown>();
  readonly #comments = new Map<string, unknown>();
  #notConcerned: unknown;
  #referenced = false;
  #answerVersion: number | null = null;

  constructor(form: Form, expected: SheetReference) {
    const questions = questionsOf(form);
    this.#expected = referenceText(expected);
    this.#questions = new Map(questions.map((question) => [question.code, question]));
    for (const question of questions) {
      this.#commented.set(commentCode(question.code), question.code);
      if (question.type !== 'table') continue;
      for (const { code } of question.rows)
        this.#rows.set(rowCode(question.code, code), { table: question, row: code });
    }
  }

  take(cells: readonly SheetCell[], line: number): void {
    const [first = null, , answer = null] = cells;
    const code = first === null ? '' : textOf(first);
    if (code === READ_ONLY) return;
    if (code === '') {
      if (!isEmpty(answer))
        this.#ledger.wrong(line, 'noCode', 'Cette ligne porte une réponse sans code : partez du modèle.');
      return;
    }
    if (code === REFERENCE) this.#takeReference(answer);
    else if (code === NOT_CONCERNED)
      this.#takeText('/notConcerned', line, answer, (reason) => (this.#notConcerned = reason));
    else this.#takeField(code, cells, line);
  }

  end(): SheetReading {
    const { lines } = this.#ledger;
    if (!this.#referenced) this.#ledger.tell('/reference', 'reference', NO_REFERENCE);
    if (lines.size === 0) this.#ledger.tell('/lines', 'empty', 'Aucune question de l’enquête n’est dans ce fichier.');
    const raw = {
      values: Object.fromEntries(this.#values),
      comments: Object.fromEntries(this.#comments),
      ...(this.#notConcerned === undefined ? {} : { notConcerned: this.#notConcerned }),
    };
    return { raw, problems: this.#ledger.problems(), lines, answerVersion: this.#answerVersion };
  }

  #takeReference(found: SheetCell): void {
    this.#referenced = true;
    const { whose: given, answerVersion } = readReference(found === null ? '' : textOf(found));
    if (given === this.#expected) this.#answerVersion = answerVersion;
    else this.#ledger.tell('/reference', 'reference', mismatch(given, this.#expected));
  }

  #takeText(pointer: string, line: number, found: SheetCell, keep: (text: unknown) => void): void {
    this.#ledger.once(pointer, line, () => this.#ledger.keep(readTextCell(found), pointer, keep));
  }

  #takeField(code: string, cells: readonly SheetCell[], line: number): void {
    const row = this.#rows.get(code);
    const commented = this.#commented.get(code);
    const question = this.#questions.get(code);
    if (row !== undefined) this.#takeRow(row.table, row.row, cells, line);
    else if (question !== undefined) this.#takeQuestion(question, cells, line);
    else if (commented !== undefined) {
      const keep = (text: unknown): void => void this.#comments.set(commented, text);
      this.#takeText(pointerTo('comments', commented), line, cells[2] ?? null, keep);
    } else this.#ledger.wrong(line, 'unknown', `Code inconnu de ce questionnaire : « ${code.slice(0, 80)} ».`);
  }

  #takeQuestion(question: Question, cells: readonly SheetCell[], line: number): void {
    const { code } = question;
    const pointer = pointerTo('values', code);
    this.#ledger.once(pointer, line, () => {
      if (question.type === 'table') this.#heads.set(code, readHead(question, cells, line, this.#ledger));
      else this.#ledger.keep(readCell(question, cells[2]), pointer, (value) => this.#values.set(code, value));
    });
  }

  #takeRow(table: TableQuestion, row: string, cells: readonly SheetCell[], line: number): void {
    const head = this.#heads.get(table.code);
    if (head === undefined) {
      this.#ledger.wrong(line, 'noHead', `La ligne des codes du tableau (« ${table.code} ») manque au-dessus.`);
      return;
    }
    this.#ledger.once(pointerTo('values', table.code, row), line, () => {
      const values = readTableRow({ table, row, head, cells, line }, this.#ledger);
      if (values === null) return;
      const rows = (this.#values.get(table.code) ?? {}) as Record<string, unknown>;
      this.#values.set(table.code, { ...rows, [row]: values });
    });
  }
}

const NO_REFERENCE =
  'La référence de l’enquête manque : repartez du modèle à télécharger depuis votre lien, sans changer sa première colonne.';

function mismatch(given: string, expected: string): string {
  const [survey, version] = given.split('/');
  const [own, ownVersion] = expected.split('/');
  if (survey !== own) return 'Ce fichier est celui d’une autre enquête : repartez du modèle de celle-ci.';
  if (version !== ownVersion) return 'Ce fichier suit une autre version du questionnaire : repartez du modèle actuel.';
  return 'Ce fichier est celui d’un autre répondant : repartez du vôtre.';
}
