import { Type } from 'typebox';
import { formOfRaw } from '../surveys/page-form.ts';
import { asFile, SHEET_FORMATS } from '../documents/sheets.ts';
import { takesAnswer } from '../../domain/survey/campaign.ts';
import { linkFileLimit } from '../plugins/limits.ts';
import { sendPage } from '../pages/send.ts';
import { fileRefused } from '../pages/survey-files.ts';
import { unknownSurveyLink } from '../pages/survey-page.ts';
import type { RouteSet } from '../route-set.ts';
import { nudgeWhenComplete } from '../survey-answering.ts';
import { fileOf, writeAnswerFile } from '../surveys/answer-file.ts';
import { templateName, templateOf } from '../surveys/answer-template.ts';
import { findLink, linkWrite, showClosed, showRefused, showStored, showWritten } from '../surveys/link-answer.ts';

const token = Type.String({ maxLength: 100 });
const Prefill = Type.Object({ prefill: Type.Optional(Type.Boolean()) }, { additionalProperties: false });
const Sending = Type.Object(
  {
    version: Type.Optional(Type.Integer({ minimum: 0, maximum: 999_999_999 })),
    draft: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);

/** Sheets to fill and filled ones, by the page of a respondent without account; a form of the page works without JavaScript. */
export const surveyLinkFileRoutes: RouteSet = (app, deps) => {
  const config = { permission: 'link' as const, page: true };
  const countFile = linkFileLimit(app, deps);

  for (const format of SHEET_FORMATS) {
    app.get(`/s/:token/modele.${format}`, {
      config,
      schema: { hide: true, params: Type.Object({ token }), querystring: Prefill },
      handler: async (request, reply) => {
        const found = await findLink(deps, request.params.token);
        if (found === undefined) return sendPage(reply, 404, unknownSurveyLink());
        if (!takesAnswer(found.link.answer, deps.now())) return showClosed(deps, reply, found, 409);
        const file = await templateOf(deps, found.link, { format, prefill: request.query.prefill ?? false });
        asFile(reply, templateName(found.link), format);
        return reply.send(file);
      },
    });
  }

  app.post('/s/:token/fichier', {
    config,
    schema: { hide: true, params: Type.Object({ token }), querystring: Sending },
    handler: async (request, reply) => {
      const found = await findLink(deps, request.params.token);
      if (found === undefined) return sendPage(reply, 404, unknownSurveyLink());
      // Before the file is looked at: to read one is the work of seconds that a closed link must not ask for.
      if (!takesAnswer(found.link.answer, deps.now())) return showClosed(deps, reply, found, 409);
      await countFile(request);
      const { version = null, draft = false } = request.query;
      const done = await writeAnswerFile(deps, found, await fileOf(request), {
        ...linkWrite(found, deps.now()),
        mode: draft ? 'draft' : 'submit',
        version,
      });
      if (!done.read) return showStored(deps, reply, found, { status: 422, notice: fileRefused(done.error) });
      const { outcome, raw, tell } = done;
      if (!outcome.written)
        return showRefused(deps, reply, found, { outcome, posted: formOfRaw(found.form, raw), version, tell });
      await nudgeWhenComplete(deps, found.link.survey, outcome);
      const { notices } = outcome.checked;
      return showWritten(deps, reply, (await findLink(deps, request.params.token)) ?? found, {
        submits: !draft,
        notices,
      });
    },
  });
};
