import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { type Crisis as CrisisView, getCrisis, listCrises, readCrisisTimeline } from '../../db/read-models/crises.ts';
import { pageOf } from '../../db/read-models/cursor.ts';
import { changeCrisis, closeCrisis, type CrisisChange, openCrisis } from '../../db/stores/desk/crises.ts';
import { isBlank, isOneLine } from '../../domain/text.ts';
import { describe } from '../../domain/timeline.ts';
import { accountOf, actorOf } from '../access/account.ts';
import type { ApiDeps } from '../deps.ts';
import { ifMatch, setVersion } from '../plugins/etag.ts';
import { pageRequest, rowRequest } from '../plugins/lists.ts';
import { invalid, notFound, Problem, staleVersion } from '../problem.ts';
import type { RouteSet } from '../route-set.ts';
import { IdempotencyHeader, IdParams, IfMatch, PageOf, PageQuery, problems } from '../schemas/common.ts';
import {
  Crisis,
  CrisisBody,
  CrisisClosing,
  CrisisFilters,
  CrisisPatch,
  CrisisTimelineItem,
} from '../schemas/crises.ts';

const tags = ['Événements'];

const readingRoutes: RouteSet = (app, deps) => {
  app.get('/v1/crises', {
    config: { permission: 'readInstructions', territory: 'none' },
    schema: {
      tags,
      summary: 'Crises of my territory, newest first',
      querystring: CrisisFilters,
      response: { 200: PageOf(Crisis), ...problems(401, 403, 422) },
    },
    handler: async (request) => {
      const { limit: _limit, cursor: _cursor, ...filter } = request.query;
      return listCrises(deps.database.sql, request.scope, filter, rowRequest(request.query));
    },
  });

  app.get('/v1/crises/:id', {
    config: { permission: 'readInstructions', territory: 'crisis' },
    schema: {
      tags,
      summary: 'One crisis and its figures',
      params: IdParams,
      response: { 200: Crisis, ...problems(401, 403, 404) },
    },
    handler: async (request, reply) => {
      const found = await readCrisis(deps, request, request.params.id);
      return setVersion(reply, found.version).send(found);
    },
  });

  app.get('/v1/crises/:id/timeline', {
    config: { permission: 'readInstructions', territory: 'crisis' },
    schema: {
      tags,
      summary: 'Everything that happened in a crisis, all its messages together, oldest first',
      params: IdParams,
      querystring: Type.Object(PageQuery, { additionalProperties: false }),
      response: { 200: PageOf(CrisisTimelineItem), ...problems(401, 403, 404, 422) },
    },
    handler: async (request) => {
      const page = pageRequest(request.query);
      const rows = await readCrisisTimeline(deps.database.sql, request.scope, request.params.id, page);
      return pageOf(
        rows,
        page.limit,
        ({ fact, key }) => ({ at: fact.at, id: key }),
        ({ fact, instruction, number }) => ({
          at: new Date(fact.at).toISOString(),
          kind: fact.kind,
          instruction,
          number,
          organisation: fact.organisation,
          actor: fact.actor,
          text: describe(fact),
        }),
      );
    },
  });
};

const writingRoutes: RouteSet = (app, deps) => {
  app.post('/v1/crises', {
    config: { permission: 'author', territory: 'none', idempotent: true },
    schema: {
      tags,
      summary: 'Open a crisis',
      description: 'Drafts name it (`crisisId`). The flag of an exercise is given here, once and for ever.',
      headers: IdempotencyHeader,
      body: CrisisBody,
      response: { 201: Crisis, ...problems(400, 401, 403, 409, 413, 415, 422) },
    },
    handler: async (request, reply) => {
      const { name, description = '', exercise = false } = request.body;
      const crisis = { name: oneLine(name), description, exercise };
      const { id } = await openCrisis(deps.database, deps.keys, crisis, actOf(deps, request));
      const found = await readCrisis(deps, request, id);
      return setVersion(reply, found.version).code(201).header('location', `/v1/crises/${id}`).send(found);
    },
  });

  app.patch('/v1/crises/:id', {
    config: { permission: 'author', territory: 'crisis' },
    schema: {
      tags,
      summary: 'Change the name or the description of a crisis',
      params: IdParams,
      headers: IfMatch,
      body: CrisisPatch,
      response: { 200: Crisis, ...problems(400, 401, 403, 404, 409, 412, 413, 415, 422) },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const { name, ...rest } = request.body;
      const change = { id, version: ifMatch(request), ...rest, ...(name === undefined ? {} : { name: oneLine(name) }) };
      refuse(await changeCrisis(deps.database, deps.keys, change, actOf(deps, request)));
      const found = await readCrisis(deps, request, id);
      return setVersion(reply, found.version).send(found);
    },
  });

  app.post('/v1/crises/:id/close', {
    config: { permission: 'desk', territory: 'crisis', idempotent: true },
    schema: {
      tags,
      summary: 'Close a crisis of which no message is open any more',
      params: IdParams,
      headers: IdempotencyHeader,
      body: CrisisClosing,
      response: { 200: Crisis, ...problems(400, 401, 403, 404, 409, 413, 415, 422) },
    },
    handler: async (request) => {
      const { id } = request.params;
      const closing = { id, reason: request.body.reason };
      refuse(await closeCrisis(deps.database, deps.keys, closing, actOf(deps, request)));
      return readCrisis(deps, request, id);
    },
  });
};

const actOf = (deps: ApiDeps, request: FastifyRequest) => ({ by: actorOf(accountOf(request)), now: deps.now() });

async function readCrisis(deps: ApiDeps, request: FastifyRequest, id: string): Promise<CrisisView> {
  const found = await getCrisis(deps.database.sql, request.scope, id);
  if (found === undefined) throw notFound();
  return found;
}

function oneLine(name: string): string {
  if (isOneLine(name) && !isBlank(name)) return name.trim();
  throw invalid([
    { pointer: '/name', code: 'format', message: 'Le nom tient sur une ligne, sans caractère de contrôle.' },
  ]);
}

/** @throws Problem 409 (says the state and what is allowed) or 412 */
function refuse(change: CrisisChange): void {
  if (!('refused' in change)) return;
  if (change.refused === 'stale') throw staleVersion();
  if (change.refused === 'closed')
    throw new Problem(409, 'crisis-closed', 'Cet événement est clos : rien n’y change plus.');
  const detail = `Cet événement a encore ${change.messages} message(s) en cours : clôturez-les, ou diffusez leur fin d’alerte, d’abord.`;
  throw new Problem(409, 'crisis-open', detail);
}

/** Crises (événements): what ties messages together. */
export const crisisRoutes: readonly RouteSet[] = [readingRoutes, writingRoutes];
