import { Type } from 'typebox';
import { writeAnswer } from '../../db/stores/desk/survey-answer-groups.ts';
import { takesAnswer } from '../../domain/survey/campaign.ts';
import { sendPage } from '../pages/send.ts';
import { unknownSurveyLink } from '../pages/survey-page.ts';
import type { RouteSet } from '../route-set.ts';
import { nudgeWhenComplete } from '../survey-answering.ts';
import {
  findLink,
  linkWrite,
  showClosed,
  showRefused,
  showStored,
  showTakenOver,
  showWritten,
} from '../surveys/link-answer.ts';
import { answerOfForm, type Posted, postedOf } from '../surveys/page-form.ts';
import { takenOf } from '../surveys/page-reuse.ts';

const Params = Type.Object({ token: Type.String({ maxLength: 100 }) });
/** A name and a value for each field of the questionnaire, whichever it is: the check of answers reads what it knows. */
const Fields = Type.Record(Type.String(), Type.Union([Type.String(), Type.Array(Type.String())]));

/** The page of a respondent without account. A GET shows and changes nothing (mail scanners follow links). */
export const surveyLinkRoutes: RouteSet = (app, deps) => {
  const config = { permission: 'link' as const, page: true };

  app.get('/s/:token', {
    config,
    schema: { hide: true, params: Params },
    handler: async (request, reply) => {
      const found = await findLink(deps, request.params.token);
      if (found === undefined) return sendPage(reply, 404, unknownSurveyLink());
      if (!takesAnswer(found.link.answer, deps.now())) return showClosed(deps, reply, found, 200);
      return showStored(reply, 200, found, null);
    },
  });

  app.post('/s/:token', {
    config,
    schema: { hide: true, params: Params, body: Fields },
    handler: async (request, reply) => {
      const found = await findLink(deps, request.params.token);
      if (found === undefined) return sendPage(reply, 404, unknownSurveyLink());
      const posted: Posted = request.body;
      if (postedOf(posted, 'action') === 'reuse' && takesAnswer(found.link.answer, deps.now()))
        return showTakenOver(reply, found, posted, versionOf(posted));
      const submits = postedOf(posted, 'action') === 'submit';
      const version = versionOf(posted);
      const outcome = await writeAnswer(deps.database, deps.keys, {
        ...linkWrite(found, deps.now()),
        mode: submits ? 'submit' : 'draft',
        raw: answerOfForm(found.form, posted),
        reused: takenOf(posted),
        version,
        door: 'link',
      });
      if (!outcome.written) return showRefused(deps, reply, found, { outcome, posted, version });
      await nudgeWhenComplete(deps, found.link.survey, outcome);
      return showWritten(reply, (await findLink(deps, request.params.token)) ?? found, submits);
    },
  });
};

const versionOf = (posted: Posted): number | null => {
  const text = postedOf(posted, 'version');
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
};
