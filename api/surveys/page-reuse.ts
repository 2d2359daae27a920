import type { AnswerValues } from '../../domain/survey/answer.ts';
import { type Form, questionsOf } from '../../domain/survey/form.ts';
import { costsAFigure } from '../../domain/survey/load.ts';
import { MOST_REUSED, type ReuseOffer } from '../../domain/survey/reuse.ts';
import { invalid } from '../problem.ts';
import { chosenOf, formOfAnswer, openQuestions, type Posted } from './page-form.ts';

/** The codes of the values that a page says to be taken over. @throws Problem 422 when they are more than any page has */
export function takenOf(posted: Posted): readonly string[] {
  const codes = chosenOf(posted, 'reused');
  if (codes.length > MOST_REUSED) throw invalid([{ pointer: '/reused', code: 'maxItems', message: TOO_MANY }]);
  return codes;
}

const TOO_MANY = `Réponses reprises\u00a0: ${MOST_REUSED} au plus.`;

interface TakenOver {
  readonly posted: Posted;
  readonly taken: readonly string[];
  /** Something was there to be taken over. */
  readonly filled: boolean;
}

/** Fills what was left open with what is offered; what was typed stays. */
export function takeOver(form: Form, posted: Posted, offers: readonly ReuseOffer[]): TakenOver {
  const open = openQuestions(form, posted);
  const ready = offers.filter(({ question }) => open.includes(question));
  const values = Object.fromEntries(ready.map(({ question, value }) => [question, value]));
  const named = new Set([...takenOf(posted), ...Object.keys(values)]);
  const taken = questionsOf(form).filter((question) => costsAFigure(question) && named.has(question.code));
  return {
    posted: { ...posted, ...fieldsOf(form, values) },
    taken: taken.map(({ code }) => code),
    filled: ready.length > 0,
  };
}

/** The codes that are still open of what the answer before would fill; what a recent answer is offered for bears its date. */
export const prefillable = (
  form: Form,
  posted: Posted,
  before: AnswerValues,
  offers: readonly ReuseOffer[],
): readonly string[] =>
  openQuestions(form, posted).filter(
    (code) => Object.hasOwn(before, code) && !offers.some(({ question }) => question === code),
  );

/** Fills these with the answer before; what was typed stays. */
export function prefill(form: Form, posted: Posted, before: AnswerValues, codes: readonly string[]): Posted {
  const values = Object.fromEntries(Object.entries(before).filter(([code]) => codes.includes(code)));
  return { ...posted, ...fieldsOf(form, values) };
}

function fieldsOf(form: Form, values: AnswerValues): Posted {
  const { notConcerned: _own, ...fields } = formOfAnswer(form, { values, comments: {}, notConcerned: null });
  return fields;
}
