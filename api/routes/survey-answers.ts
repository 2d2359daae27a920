import type { FastifyRequest } from 'fastify';
import { askedRespondent } from '../../db/read-models/survey-asked.ts';
import { getAnswer, type AnswerView } from '../../db/read-models/survey-respondents.ts';
import { writeAnswer } from '../../db/stores/desk/survey-answers.ts';
import { accountOf, actorOf } from '../access/account.ts';
import { readerOf } from '../access/survey-reader.ts';
import type { ApiDeps } from '../deps.ts';
import { ifMatch, setVersion } from '../plugins/etag.ts';
import { notFound } from '../problem.ts';
import type { RouteSet } from '../route-set.ts';
import { IfMatch, problems, RecipientParams } from '../schemas/common.ts';
import { Answer, AnswerBody, AnswerWritten } from '../schemas/surveys.ts';
import { nudgeWhenComplete, refusalOf, writtenOf } from '../survey-answering.ts';
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
      response: { 200: Answer, ...problems(401, 403, 404) },
    },
    handler: async (request, reply) => {
      const found = await answerOf(deps, request.params);
      const { respondent: _respondent, name: _name, marks: _marks, offering: _offering, ...answer } = found;
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
      const { id, org } = request.params;
      const { submit = false, reused, ...raw } = request.body;
      const account = accountOf(request);
      const respondent = await respondentOf(deps, request);
      const outcome = await writeAnswer(deps.database, deps.keys, {
        survey: id,
        respondent,
        mode: submit ? 'submit' : 'draft',
        raw,
        ...(reused === undefined ? {} : { reused }),
        version: ifMatch(request),
        door: 'api',
        by: actorOf(account),
        onBehalf: account.org !== org,
        now: deps.now(),
      });
      if (!outcome.written) throw await refusalOf(deps, id, outcome);
      await nudgeWhenComplete(deps, id, outcome);
      return setVersion(reply, outcome.version).send(writtenOf(outcome));
    },
  });
};

const isoOf = (instant: number | null): string | null => (instant === null ? null : new Date(instant).toISOString());

async function respondentOf({ database }: ApiDeps, request: FastifyRequest): Promise<string> {
  const { id, org } = request.params as { id: string; org: string };
  const asked = await askedRespondent(database.sql, readerOf(request), id, org);
  if (asked === undefined) throw notFound();
  return asked.respondent;
}

async function answerOf(deps: ApiDeps, { id, org }: { id: string; org: string }): Promise<AnswerView> {
  const found = await getAnswer(deps.database.sql, id, org);
  if (found === undefined) throw notFound();
  return found;
}
