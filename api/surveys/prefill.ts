import type { AnswerView } from '../../db/read-models/survey-respondents.ts';
import { preparedForm } from '../../db/stores/desk/published-forms.ts';
import { answerBefore } from '../../db/stores/desk/survey-answer-reading.ts';
import { takesAnswer } from '../../domain/survey/campaign.ts';
import type { AnswerValues } from '../../domain/survey/answer.ts';
import { mayPrefill, prefilled } from '../../domain/survey/check-answer.ts';
import type { ApiDeps } from '../deps.ts';

/**
 * What the form allows to be taken over from the answer before, on demand: of a question that says `prefill`, what still fits it.
 * Without a statement where no question does, or no answer is taken; nothing where the answer has begun.
 */
export async function prefillOf({ database, now }: ApiDeps, answer: AnswerView): Promise<AnswerValues> {
  const { formId, formVersion } = answer.offering;
  if (answer.submitted !== null || answer.isDraft || !takesAnswer(answer, now())) return {};
  const form = await preparedForm(database.sql, formId, formVersion);
  return mayPrefill(form.form) ? prefilled(form, await answerBefore(database.sql, answer.respondent)) : {};
}
