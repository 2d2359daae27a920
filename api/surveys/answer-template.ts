import { dueOf, type SurveyLink } from '../../db/read-models/survey-respondents.ts';
import { preparedForm } from '../../db/stores/desk/published-forms.ts';
import { answerBefore } from '../../db/stores/desk/survey-answer-reading.ts';
import { prefilled } from '../../domain/survey/check-answer.ts';
import { answerSheet, type TemplateMatter } from '../../domain/survey/sheet-template.ts';
import type { ApiDeps } from '../deps.ts';
import { type SheetFormat, sheetFile } from '../documents/sheets.ts';
import { moment } from '../pages/words.ts';
import { referenceOf } from './answer-file.ts';

/**
 * The sheet that one respondent fills, with what stands of its answer; where nothing does and `prefill` is asked, with what the
 * form allows to be taken over from its answer before.
 */
export async function templateOf(
  deps: ApiDeps,
  link: SurveyLink,
  { format, prefill }: { readonly format: SheetFormat; readonly prefill: boolean },
): Promise<Buffer> {
  const { form } = await preparedForm(deps.database.sql, link.formId, link.formVersion);
  const sheet = answerSheet({
    form,
    title: link.title,
    respondent: link.answer.name,
    until: moment(dueOf(link), link.timeZone),
    reference: { ...referenceOf(link), answerVersion: link.answer.version },
    content: await contentOf(deps, link, prefill),
  });
  return sheetFile(deps, format, [sheet]);
}

async function contentOf(
  { database }: ApiDeps,
  link: SurveyLink,
  prefill: boolean,
): Promise<TemplateMatter['content']> {
  const { answer } = link;
  if (!prefill || answer.submitted !== null || answer.isDraft) return answer;
  const previous = await answerBefore(database.sql, answer.respondent);
  const form = await preparedForm(database.sql, link.formId, link.formVersion);
  return { values: prefilled(form, previous), comments: {}, notConcerned: null };
}

/** Of the file, without its ending. */
export const templateName = ({ survey }: SurveyLink): string => `reponse-${survey.slice(0, 8)}`;
