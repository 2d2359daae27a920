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
  showPrefilled,
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
      return showStored(deps, reply, found);
    },
  });

  app.post('/s/:token', {
    config,
    schema: { hide: true, params: Params, body: Fields },
    handler: async (request, reply) => {
      const found = await findLink(deps, request.params.token);
      if (found === undefined) return sendPage(reply, 404, unknownSurveyLink());
      const posted: Posted = request.body;
      const [action, version] = [postedOf(posted, 'action'), versionOf(posted)];
      const fill = FILLING.get(action);
      if (fill !== undefined && takesAnswer(found.link.answer, deps.now()))
        return fill(deps, reply, found, { posted, version });
      const submits = action === 'submit';
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
      const { notices } = outcome.checked;
      return showWritten(deps, reply, (await findLink(deps, request.params.token)) ?? found, { submits, notices });
    },
  });
};

/** What fills the page and stores nothing. */
const FILLING = new Map([
  ['reuse', showTakenOver],
  ['prefill', showPrefilled],
]);

/** What does not say what it has seen has seen nothing: a truncated or repeated request must not empty an answer. */
const versionOf = (posted: Posted): number => {
  const text = postedOf(posted, 'version');
  return /^\d{1,9}$/.test(text) ? Number(text) : 0;
};
