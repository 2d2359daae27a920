import { Type } from 'typebox';
import { findAskedOrganisation, type SurveyLink } from '../../db/read-models/survey-respondents.ts';
import { readForm } from '../../db/stores/desk/published-forms.ts';
import { takesAnswer } from '../../domain/survey/campaign.ts';
import type { ApiDeps } from '../deps.ts';
import { asFile, SHEET_FORMATS } from '../documents/sheets.ts';
import { setVersion } from '../plugins/etag.ts';
import { invalid, notFound } from '../problem.ts';
import type { RouteSet } from '../route-set.ts';
import { IfMatch, problems, RecipientParams } from '../schemas/common.ts';
import { AnswerFileQuery, AnswerWritten, TemplateQuery } from '../schemas/surveys.ts';
import { accountWrite, notOpen, takenOf } from '../survey-answering.ts';
import { fileOf, writeAnswerFile } from '../surveys/answer-file.ts';
import { templateName, templateOf } from '../surveys/answer-template.ts';

const tags = ['Enquêtes'];
const Binary = Type.Unsafe<Buffer>({ type: 'string', format: 'binary' });

/** Answers as spreadsheets, of organisations with an account: a sheet to fill, and what is read from it. */
export const surveyFileRoutes: RouteSet = (app, deps) => {
  const config = { permission: 'readSurveys', territory: 'surveyRespondent' } as const;

  for (const format of SHEET_FORMATS) {
    app.get(`/v1/surveys/:id/answers/:org/template.${format}`, {
      config,
      schema: {
        tags,
        summary: `The sheet that a respondent fills, as ${format.toUpperCase()}`,
        description:
          'One line a question, a block of lines a table, the codes in the first column; it bears the reference of the survey, of the version of its form and of the respondent. What stands of the answer is in its cells.',
        params: RecipientParams,
        querystring: TemplateQuery,
        response: { 200: Binary, ...problems(401, 403, 404) },
      },
      handler: async ({ params, query }, reply) => {
        const link = await askedOf(deps, params);
        const file = await templateOf(deps, link, { format, prefill: query.prefill ?? false });
        asFile(reply, templateName(link), format);
        return reply.send(file);
      },
    });
  }

  app.put('/v1/surveys/:id/answers/:org/file', {
    config: { permission: 'answerSurveys', territory: 'answerSurvey' },
    schema: {
      tags,
      summary: 'Answer by a filled sheet',
      consumes: ['multipart/form-data'],
      description:
        'One part `file`: the filled template, .xlsx or .csv, 2 MB at most and 20 MB inflated; no macro, no password. It is written like any answer: wholly right, or nothing of it. 422 tells every error with its line.',
      params: RecipientParams,
      querystring: AnswerFileQuery,
      headers: IfMatch,
      response: { 200: AnswerWritten, ...problems(400, 401, 403, 404, 409, 412, 413, 415, 422) },
    },
    handler: async (request, reply) => {
      const link = await askedOf(deps, request.params);
      // Before the file is looked at, which is the work of seconds; the writing decides, for the survey may close meanwhile.
      if (!takesAnswer(link.answer, deps.now())) throw await notOpen(deps, request.params.id);
      const form = await readForm(deps.database.sql, link.formId, link.formVersion);
      const done = await writeAnswerFile(deps, { link, form }, await fileOf(request), {
        ...accountWrite(deps, request),
        respondent: link.answer.respondent,
        mode: request.query.submit === true ? 'submit' : 'draft',
      });
      if (!done.read) throw invalid([done.error]);
      const taken = await takenOf(deps, request.params.id, done.outcome, done.tell);
      return setVersion(reply, taken.version).send(taken);
    },
  });
};

async function askedOf({ database }: ApiDeps, { id, org }: { id: string; org: string }): Promise<SurveyLink> {
  const found = await findAskedOrganisation(database.sql, id, org);
  if (found === undefined) throw notFound();
  return found;
}
