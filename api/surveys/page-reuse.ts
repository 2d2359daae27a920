import type { Form } from '../../domain/survey/form.ts';
import type { ReuseOffer } from '../../domain/survey/reuse.ts';
import { chosenOf, formOfAnswer, openQuestions, type Posted } from './page-form.ts';

/** The codes of the values that a page says to be taken over. */
export const takenOf = (posted: Posted): readonly string[] => chosenOf(posted, 'reused');

interface TakenOver {
  readonly posted: Posted;
  readonly taken: readonly string[];
}

/** Fills what was left open with what is offered; what was typed stays. */
export function takeOver(form: Form, posted: Posted, offers: readonly ReuseOffer[]): TakenOver {
  const open = openQuestions(form, posted);
  const ready = offers.filter(({ question }) => open.includes(question));
  const values = Object.fromEntries(ready.map(({ question, value }) => [question, value]));
  const { notConcerned: _own, ...fields } = formOfAnswer(form, { values, comments: {}, notConcerned: null });
  const taken = [...new Set([...takenOf(posted), ...Object.keys(values)])];
  return { posted: { ...posted, ...fields }, taken };
}
