import type { KeyRing } from '../../../config/keys.ts';
import type { Database } from '../../database.ts';
import { groupCommit } from '../../group-commit.ts';
import { type AnswerOutcome, type AnswerWrite, writeAnswersIn } from './survey-answers.ts';
import { markAnswered } from './survey-watch.ts';

/** Of one survey one transaction at a time: two would wait for each other at the audit of their agencies (measured: 7.8 s instead of 5.8). */
const LANES = 1;
/** One transaction holds so many at most. */
const MOST_ANSWERS = 32;

type WriteAnswer = (write: AnswerWrite) => Promise<AnswerOutcome>;
const groups = new WeakMap<Database, WriteAnswer>();

/**
 * Writes a draft or submits an answer; committed once it resolves. In the last minutes before a closing everybody submits: answers
 * to one survey that come while others are being written are written together (ADR 0047).
 */
export function writeAnswer(database: Database, keys: KeyRing, write: AnswerWrite): Promise<AnswerOutcome> {
  const group = groups.get(database) ?? answerGroups(database, keys);
  groups.set(database, group);
  return group(write);
}

const answerGroups = (database: Database, keys: KeyRing): WriteAnswer =>
  groupCommit({
    lanes: LANES,
    nameOf: ({ survey }) => survey,
    together: answersTogether,
    commit: (writes) => writeAnswers(database, keys, writes),
  });

/** Two writers of one answer take turns: the second one comes with the next group. */
function answersTogether(waiting: readonly AnswerWrite[]): number {
  const seen = new Set<string>();
  const end = waiting.slice(0, MOST_ANSWERS).findIndex(({ respondent }) => seen.size === seen.add(respondent).size);
  return end === -1 ? MOST_ANSWERS : end;
}

async function writeAnswers(
  { sql }: Database,
  keys: KeyRing,
  writes: readonly AnswerWrite[],
): Promise<readonly AnswerOutcome[]> {
  const outcomes = await sql.transaction().execute((trx) => writeAnswersIn(trx, keys, writes));
  const watched = writes.filter((_, index) => {
    const outcome = outcomes[index];
    return outcome?.written === true && outcome.watched;
  });
  const [latest] = watched.toSorted((a, b) => b.now - a.now);
  if (latest !== undefined) await markAnswered(sql, latest.survey, latest.now);
  return outcomes;
}
