import type { FastifyRequest } from 'fastify';
import type { AskedRespondent } from '../../db/read-models/survey-asked.ts';
import { getAnswer, type AnswerView } from '../../db/read-models/survey-respondents.ts';
import { writeAnswer } from '../../db/stores/desk/survey-answer-groups.ts';
import type { ApiDeps } from '../deps.ts';
import { setVersion } from '../plugins/etag.ts';
import { notFound } from '../problem.ts';
import type { RouteSet } from '../route-set.ts';
import { IfMatch, problems, RecipientParams } from '../schemas/common.ts';
import { Answer, AnswerBody, AnswerWritten, TemplateQuery } from '../schemas/surveys.ts';
import { accountWrite, takenOf } from '../survey-answering.ts';
import { prefillOf } from '../surveys/prefill.ts';
import { offersTo, shownOffers, shownReused, sourcesOf } from '../surveys/reuse-view.ts';

const tags = ['Enquêtes'];

/** Answers of organisations, agencies and establishments: committed before the answer is 200. */
export const surveyAnswerRoutes: RouteSet = (app, deps) => {
  app.get('/v1/surveys/:id/answers/:org', {
    config: { permission: 'readSurveys', territory: 'surveyRespondent' },
    schema: {
      tags,
      summary: 'The answer of one organisation: its draft, else what it has submitted',
      params: RecipientParams,
      querystring: TemplateQuery,
      response: { 200: Answer, ...problems(401, 403, 404, 422) },
    },
    handler: async (request, reply) => {
      const found = await answerOf(deps, request.params);
      const prefilled = request.query.prefill === true ? await prefillOf(deps, found) : {};
      const { respondent: _respondent, name: _name, status: _status, marks: _marks, ...kept } = found;
      const { offering: _offering, ...answer } = { ...kept, values: { ...prefilled, ...kept.values } };
      const offers = await offersTo(deps, found);
      const reuse = { reused: shownReused(sourcesOf(found, offers)), reusable: shownOffers(offers) };
      const [submittedAt, unlockedUntil] = [isoOf(found.submittedAt), isoOf(found.unlockedUntil)];
      return setVersion(reply, found.version).send({ ...answer, ...reuse, submittedAt, unlockedUntil });
    },
  });

  app.put('/v1/surveys/:id/answers/:org', {
    config: { permission: 'answerSurveys', territory: 'answerSurvey' },
    schema: {
      tags,
      summary: 'Save a draft of an answer, or submit it',
      description:
        'What is submitted is a version, kept for ever. 409 once the survey is closed: the order of commits decides. ' +
        '412 tells each field where what was sent is not what stands there. The same content sent again changes nothing.',
      params: RecipientParams,
      headers: IfMatch,
      body: AnswerBody,
      response: { 200: AnswerWritten, ...problems(400, 401, 403, 404, 409, 412, 413, 415, 422) },
    },
    handler: async (request, reply) => {
      const { submit = false, reused, ...raw } = request.body;
      const outcome = await writeAnswer(deps.database, deps.keys, {
        ...accountWrite(deps, request),
        respondent: askedOf(request).respondent,
        mode: submit ? 'submit' : 'draft',
        raw,
        ...(reused === undefined ? {} : { reused }),
        door: 'api',
      });
      const taken = await takenOf(deps, request.params.id, outcome);
      return setVersion(reply, taken.version).send(taken);
    },
  });
};

const isoOf = (instant: number | null): string | null => (instant === null ? null : new Date(instant).toISOString());

/** @throws Error when the route's territory is none of a respondent: a guard, not an answer to a caller */
function askedOf({ asked, routeOptions }: FastifyRequest): AskedRespondent {
  if (asked === null) throw new Error(`${routeOptions.url} has no respondent`);
  return asked;
}

async function answerOf(deps: ApiDeps, { id, org }: { id: string; org: string }): Promise<AnswerView> {
  const found = await getAnswer(deps.database.sql, id, org);
  if (found === undefined) throw notFound();
  return found;
}
