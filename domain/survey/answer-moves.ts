import { numberAt, type AnswerValues } from './answer.ts';
import { exact, HUNDRED, inFrenchDigits } from './exact.ts';
import { isNumberQuestion, type Question } from './form.ts';
import { cellPath } from './scope.ts';

/** A number that has moved by more than its question allows without a word. */
export interface Move {
  readonly question: string;
  readonly message: string;
}

interface Watched {
  readonly path: string;
  readonly label: string;
  readonly percent: number;
}

/** What a comment is owed for, one move a question. From zero to anything else is a move of more than any percentage. */
export function movesOf(questions: Iterable<Question>, values: AnswerValues, previous: unknown): readonly Move[] {
  return [...questions].flatMap((question) => {
    const moved = watchedIn(question).flatMap((one) => moveOf(one, values, previous) ?? []);
    return moved.length === 0 ? [] : [{ question: question.code, message: moved.join(' ') }];
  });
}

function watchedIn(question: Question): readonly Watched[] {
  if (isNumberQuestion(question) || question.type === 'computed') {
    const { code, label, commentWhenMoves } = question;
    return commentWhenMoves === undefined ? [] : [{ path: code, label, percent: commentWhenMoves }];
  }
  if (question.type !== 'table') return [];
  return question.columns.flatMap((column) => {
    const percent = column.commentWhenMoves;
    if (percent === undefined) return [];
    return question.rows.map((row) => ({
      path: cellPath(question.code, row.code, column.code),
      label: `${row.label}, ${column.label}`,
      percent,
    }));
  });
}

function moveOf({ path, label, percent }: Watched, values: AnswerValues, previous: unknown): string | null {
  const [now, before] = [numberAt(values, path), numberAt(previous, path)];
  if (now === null || before === null) return null;
  const [from, to] = [exact(before), exact(now)];
  const allowed = from.abs().mul(exact(percent)).div(HUNDRED);
  if (to.sub(from).abs().compare(allowed) <= 0) return null;
  const limit = inFrenchDigits(exact(percent));
  return `${label} : de ${inFrenchDigits(from)} à ${inFrenchDigits(to)} depuis la dernière réponse (plus de ${limit}\u00A0%).`;
}
