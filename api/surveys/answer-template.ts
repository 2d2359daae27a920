import { dueOf, type SurveyLink } from '../../db/read-models/survey-respondents.ts';
import { preparedForm } from '../../db/stores/desk/published-forms.ts';
import { answerSheet, type TemplateMatter } from '../../domain/survey/sheet-template.ts';
import type { ApiDeps } from '../deps.ts';
import { type SheetFormat, sheetFile } from '../documents/sheets.ts';
import { moment } from '../pages/words.ts';
import { referenceOf } from './answer-file.ts';
import { prefillOf } from './prefill.ts';

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

async function contentOf(deps: ApiDeps, { answer }: SurveyLink, prefill: boolean): Promise<TemplateMatter['content']> {
  if (!prefill || answer.submitted !== null || answer.isDraft) return answer;
  return { values: await prefillOf(deps, answer), comments: {}, notConcerned: null };
}

/** Of the file, without its ending. */
export const templateName = ({ survey }: SurveyLink): string => `reponse-${survey.slice(0, 8)}`;
