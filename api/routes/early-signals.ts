import { Type } from 'typebox';
import { listSignals } from '../../db/read-models/early-signals.ts';
import { blankErrors, closingErrors, earlyErrors, questionErrors, termAt } from '../../domain/early-signal-input.ts';
import { accountOf } from '../access/account.ts';
import { actOnSignal, linkErrors, raiseSignal, readSignal, refuseWrong } from '../early-signals.ts';
import { rowRequest } from '../plugins/lists.ts';
import { timelinePage } from '../reading.ts';
import type { RouteSet } from '../route-set.ts';
import { IdempotencyHeader, IdParams, PageOf, PageQuery, problems } from '../schemas/common.ts';
import { TimelineItem } from '../schemas/desk.ts';
import {
  AcknowledgeBody,
  AnswerBody,
  ClosingBody,
  CompleteBody,
  QuestionBody,
  RequestParams,
  SignalBody,
  SignalCard,
  SignalDetail,
  SignalFilters,
  WithdrawalBody,
} from '../schemas/early-signals.ts';

const tags = ['Signaux précoces'];

const readingRoutes: RouteSet = (app, deps) => {
  app.get('/v1/signals', {
    config: { permission: 'readSignals', territory: 'none' },
    schema: {
      tags,
      summary: 'Early signals of my territory, newest first',
      querystring: SignalFilters,
      response: { 200: PageOf(SignalCard), ...problems(401, 403, 422) },
    },
    handler: async (request) => {
      const { limit: _limit, cursor: _cursor, ...filter } = request.query;
      return listSignals(deps.database.sql, request.scope, filter, rowRequest(request.query));
    },
  });

  app.get('/v1/signals/:id', {
    config: { permission: 'readSignals', territory: 'signal' },
    schema: {
      tags,
      summary: 'One early signal and all that came after it',
      params: IdParams,
      response: { 200: SignalDetail, ...problems(401, 403, 404) },
    },
    handler: async (request) => readSignal(deps, request, request.params.id),
  });

  app.get('/v1/signals/:id/timeline', {
    config: { permission: 'readSignals', territory: 'signal' },
    schema: {
      tags,
      summary: 'Everything that happened to a signal, oldest first',
      params: IdParams,
      querystring: Type.Object(PageQuery, { additionalProperties: false }),
      response: { 200: PageOf(TimelineItem), ...problems(401, 403, 404, 422) },
    },
    handler: async (request) => timelinePage(deps, request, `signal/${request.params.id}`, request.query),
  });
};

const raisingRoute: RouteSet = (app, deps) => {
  app.post('/v1/signals', {
    config: { permission: 'signal', territory: 'none', idempotent: true },
    attachValidation: true,
    schema: {
      tags,
      summary: 'Raise an early signal',
      description:
        'Stored before anything else; the desk is told by mail at once. While the engine is away the answer is 201 all the same, with the status `received`: ring the desk up.',
      headers: IdempotencyHeader,
      body: SignalBody,
      response: { 201: SignalDetail, ...problems(400, 401, 403, 409, 413, 415, 422) },
    },
    handler: async (request, reply) => {
      const now = deps.now();
      refuseWrong(request, earlyErrors(request.body, now));
      const { subject, urgency, exercise = false, complete, ...early } = request.body;
      const signal = { subject: subject.trim(), urgency, exercise, dueAt: termAt(complete, now), early };
      const found = await raiseSignal(deps, request, signal);
      return reply.code(201).header('location', `/v1/signals/${found.id}`).send(found);
    },
  });
};

const act = {
  tags,
  headers: IdempotencyHeader,
  params: IdParams,
  response: { 200: SignalDetail, ...problems(400, 401, 403, 404, 409, 413, 415, 422) },
};

const agencyRoutes: RouteSet = (app, deps) => {
  const config = { permission: 'signal', territory: 'actForSignal', idempotent: true } as const;

  app.post('/v1/signals/:id/complete', {
    config,
    attachValidation: true,
    schema: { ...act, body: CompleteBody, summary: 'Give the complete signal' },
    handler: async (request) => {
      refuseWrong(request, blankErrors(request.body, ['situation', 'measures']));
      const content = { assessment: '', needs: '', ...request.body };
      const saying = { kind: 'complete', content } as const;
      return actOnSignal(deps, request, { id: request.params.id, saying, command: { kind: 'complete' } });
    },
  });

  app.post('/v1/signals/:id/details/:request', {
    config,
    attachValidation: true,
    schema: { ...act, params: RequestParams, body: AnswerBody, summary: 'Answer a request for details' },
    handler: async (request) => {
      refuseWrong(request, blankErrors(request.body, ['answer']));
      const { id, request: number } = request.params;
      const saying = { kind: 'answer', content: request.body } as const;
      return actOnSignal(deps, request, { id, saying, command: { kind: 'answerDetails', request: number } });
    },
  });

  app.post('/v1/signals/:id/withdraw', {
    config,
    attachValidation: true,
    schema: { ...act, body: WithdrawalBody, summary: 'Withdraw a signal with a reason: for good' },
    handler: async (request) => {
      refuseWrong(request, blankErrors(request.body, ['reason']));
      const saying = { kind: 'withdrawal', content: request.body } as const;
      return actOnSignal(deps, request, { id: request.params.id, saying, command: { kind: 'withdraw' } });
    },
  });
};

const deskRoutes: RouteSet = (app, deps) => {
  const config = { permission: 'desk', territory: 'signal', idempotent: true } as const;

  app.post('/v1/signals/:id/acknowledge', {
    config: { ...config, bodyOptional: true },
    attachValidation: true,
    schema: {
      ...act,
      body: AcknowledgeBody,
      summary: 'Acknowledge a signal by name',
      description:
        'Stops the reminders to the desk; the agency is told who has read it. Any other act of the desk does so as well.',
    },
    handler: async (request) => {
      refuseWrong(request, blankErrors(request.body, ['officer']));
      const { officer = accountOf(request).name, comment = '' } = request.body;
      const saying = { kind: 'acknowledgement', content: { officer, comment } } as const;
      return actOnSignal(deps, request, { id: request.params.id, saying, command: { kind: 'acknowledge' } });
    },
  });

  app.post('/v1/signals/:id/details', {
    config,
    attachValidation: true,
    schema: { ...act, body: QuestionBody, summary: 'Ask the agency for details' },
    handler: async (request) => {
      const now = deps.now();
      refuseWrong(request, questionErrors(request.body, now));
      const { question, within } = request.body;
      const command = { kind: 'askDetails', dueAt: termAt(within, now) } as const;
      const saying = { kind: 'question', content: { question } } as const;
      return actOnSignal(deps, request, { id: request.params.id, saying, command });
    },
  });

  app.post('/v1/signals/:id/close', {
    config,
    attachValidation: true,
    schema: { ...act, body: ClosingBody, summary: 'Close a signal with its outcome: for good' },
    handler: async (request) => {
      refuseWrong(request, closingErrors(request.body));
      const { id } = request.params;
      const { outcome, comment, crisisId = null, instructionId = null } = request.body;
      const links = await linkErrors(deps, await readSignal(deps, request, id), { outcome, crisisId, instructionId });
      refuseWrong(request, links);
      const command = { kind: 'close', outcome, crisis: crisisId, instruction: instructionId } as const;
      return actOnSignal(deps, request, { id, saying: { kind: 'closing', content: { comment } }, command });
    },
  });
};

/** Early signals («signaux précoces»): up from an ARS to the desk, which acknowledges, asks and closes. */
export const earlySignalRoutes: readonly RouteSet[] = [readingRoutes, raisingRoute, agencyRoutes, deskRoutes];
