import { Type } from 'typebox';
import { type Page, pageOf } from '../../db/read-models/cursor.ts';
import { type InstructionCard as InstructionCardView, listInstructions } from '../../db/read-models/instructions.ts';
import { listRecipients, type RecipientView } from '../../db/read-models/recipients.ts';
import { INSTRUCTION_STATUSES, NATURES } from '../../domain/instruction.ts';
import { instructionWorkflowId } from '../../workflows/contract.ts';
import { accountOf } from '../access/account.ts';
import { recipientNow } from '../commanding.ts';
import type { RouteSet } from '../route-set.ts';
import { ifMatch, setVersion } from '../plugins/etag.ts';
import { keyRequest, rowRequest } from '../plugins/lists.ts';
import { readInstruction, timelinePage, type Told } from '../reading.ts';
import { sharedReading, writtenOnce } from '../shared-readings.ts';
import { releaseProblem, requireReleasable } from '../releasing.ts';
import {
  Id,
  IdempotencyHeader,
  IdParams,
  IfMatch,
  PageOf,
  PageQuery,
  problems,
  RecipientParams,
} from '../schemas/common.ts';
import { TimelineItem } from '../schemas/desk.ts';
import { InstructionCard, InstructionDetail, Released, ReleaseBody } from '../schemas/draft.ts';
import { Recipient, RecipientDetail } from '../schemas/recipient.ts';

const tags = ['Instructions'];
const Filters = Type.Object(
  {
    ...PageQuery,
    status: Type.Optional(Type.Enum(INSTRUCTION_STATUSES)),
    nature: Type.Optional(Type.Enum(NATURES)),
    exercise: Type.Optional(Type.Boolean()),
    crisis: Type.Optional(Id('Messages of one crisis.')),
  },
  { additionalProperties: false },
);
const Pages = Type.Object(PageQuery, { additionalProperties: false });

const releaseRoute: RouteSet = (app, deps) => {
  app.post('/v1/instructions/:id/release', {
    config: { permission: 'releaser', territory: 'instruction', idempotent: true, bodyOptional: true },
    schema: {
      tags,
      params: IdParams,
      body: ReleaseBody,
      headers: Type.Object({ ...IfMatch.properties, ...IdempotencyHeader.properties }),
      summary: 'Release a draft',
      description:
        'By somebody who never edited it. Answers once the number is committed; every concurrent caller gets the same number or 409.',
      response: { 202: Released, ...problems(400, 401, 403, 404, 409, 412, 422) },
    },
    handler: async (request, reply) => {
      const [account, { id }] = [accountOf(request), request.params];
      const emergencyReason = request.body.emergencyReason ?? null;
      await requireReleasable(deps, { id, account, emergencyReason });
      const by = { sub: account.sub, organisation: account.org, roles: account.roles };
      const answer = await deps.gateway.release({ instruction: id, version: ifMatch(request), by, emergencyReason });
      if (!answer.released) throw releaseProblem(answer);
      return reply.code(202).send({ number: answer.number, workflowId: instructionWorkflowId(id) });
    },
  });
};

const readingRoutes: RouteSet = (app, deps) => {
  const shared = sharedReading<Page<InstructionCardView>>();
  app.get('/v1/instructions', {
    config: { permission: 'readInstructions', territory: 'none' },
    schema: {
      tags,
      summary: 'Instructions of my territory, newest first',
      querystring: Filters,
      response: { 200: PageOf(InstructionCard), ...problems(401, 403, 422) },
    },
    handler: async (request, reply) => {
      const { scope, query } = request;
      const { limit: _limit, cursor: _cursor, ...filter } = query;
      const page = rowRequest(query);
      const list = await shared({ scope, query }, () => listInstructions(deps.database.sql, scope, filter, page));
      return writtenOnce(reply, list);
    },
  });

  app.get('/v1/instructions/:id', {
    config: { permission: 'readInstructions', territory: 'instruction' },
    schema: {
      tags,
      summary: 'One instruction: status, counts, deadlines, late list',
      params: IdParams,
      response: { 200: InstructionDetail, ...problems(401, 403, 404) },
    },
    handler: async (request, reply) => {
      const found = await readInstruction(deps, request, request.params.id);
      return setVersion(reply, found.version).send(found);
    },
  });
};

const recipientRoutes: RouteSet = (app, deps) => {
  const recipients = sharedReading<Page<RecipientView>>();
  const timelines = sharedReading<Page<Told>>();
  app.get('/v1/instructions/:id/recipients', {
    config: { permission: 'readInstructions', territory: 'instruction' },
    schema: {
      tags,
      summary: 'Its recipients in my territory',
      params: IdParams,
      querystring: Pages,
      response: { 200: PageOf(Recipient), ...problems(401, 403, 404, 422) },
    },
    handler: async (request, reply) => {
      const { scope, query, params } = request;
      const { limit, after } = keyRequest(query);
      const read = async () => {
        const rows = await listRecipients(deps.database.sql, scope, params.id, { limit: limit + 1, after });
        return pageOf(
          rows,
          limit,
          (row) => ({ at: 0, id: row.organisation }),
          (row) => row,
        );
      };
      return writtenOnce(reply, await recipients({ scope, of: params.id, query }, read));
    },
  });

  app.get('/v1/instructions/:id/recipients/:org', {
    config: { permission: 'readInstructions', territory: 'recipient' },
    schema: {
      tags,
      summary: 'One recipient: ladder, replies, sendings',
      params: RecipientParams,
      response: { 200: RecipientDetail, ...problems(401, 403, 404) },
    },
    handler: async (request) => recipientNow(deps, request.params),
  });

  app.get('/v1/instructions/:id/timeline', {
    config: { permission: 'readInstructions', territory: 'instruction' },
    schema: {
      tags,
      summary: 'Everything that happened, oldest first',
      params: IdParams,
      querystring: Pages,
      response: { 200: PageOf(TimelineItem), ...problems(401, 403, 404, 422) },
    },
    handler: async (request, reply) => {
      const { scope, query, params } = request;
      const read = () => timelinePage(deps, request, `instruction/${params.id}`, query);
      return writtenOnce(reply, await timelines({ scope, of: params.id, query }, read));
    },
  });
};

/** Releasing, and every reading of what was released. */
export const instructionRoutes: readonly RouteSet[] = [releaseRoute, readingRoutes, recipientRoutes];
