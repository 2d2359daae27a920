import { randomUUID } from 'node:crypto';
import { Type } from 'typebox';
import { parseRfc3339 } from '../../domain/rfc3339.ts';
import { mayReplyFor } from '../../domain/scope.ts';
import { accountOf, actorOf } from '../access/account.ts';
import { carryOut, checkedReply, recipientNow } from '../commanding.ts';
import { schemaErrors } from '../drafting.ts';
import { keyFor, keyOf } from '../plugins/idempotency.ts';
import { invalid } from '../problem.ts';
import type { RouteSet } from '../route-set.ts';
import { readInstruction } from '../reading.ts';
import { IdempotencyHeader, IdParams, problems, RecipientParams } from '../schemas/common.ts';
import { InstructionDetail } from '../schemas/draft.ts';
import {
  CallBody,
  CloseBody,
  DeadlineBody,
  EmptyBody,
  RecipientDetail,
  ReplyBody,
  ReturnBody,
} from '../schemas/recipient.ts';

const tags = ['Suivi'];
const headers = IdempotencyHeader;
const params = RecipientParams;
const response = { 200: RecipientDetail, ...problems(400, 401, 403, 404, 409, 413, 415, 422) };

const replyRoute: RouteSet = (app, deps) => {
  app.post('/v1/instructions/:id/recipients/:org/replies', {
    config: { permission: 'answer', territory: 'actForRecipient', idempotent: true },
    attachValidation: true,
    schema: {
      tags,
      headers,
      params,
      body: ReplyBody,
      response,
      summary: 'Reply for one recipient',
      description:
        'The Idempotency-Key is the reply’s own id: sent twice it counts once. CORRUSS replies on behalf, recorded as such.',
    },
    handler: async (request) => {
      const [account, { id, org }] = [accountOf(request), request.params];
      const key = keyOf(request);
      const behalf = mayReplyFor(account, org) === 'onBehalf' ? { onBehalfBy: account.sub } : {};
      const said = { ...request.body, organisation: org, from: account.sub, channel: 'api', verified: true, ...behalf };
      const messageId = `api:${account.sub}:${key ?? randomUUID()}`;
      const reply = await checkedReply(deps, { ...said, messageId }, schemaErrors(request));
      await carryOut(deps, id, { kind: 'reply', reply });
      return recipientNow(deps, request.params);
    },
  });
};

const returnAndAcceptRoutes: RouteSet = (app, deps) => {
  app.post('/v1/instructions/:id/recipients/:org/return', {
    config: { permission: 'desk', territory: 'recipient', idempotent: true },
    schema: {
      tags,
      headers,
      params,
      body: ReturnBody,
      response,
      summary: 'Return to a recipient with a reason: its clock starts again',
    },
    handler: async (request) => {
      const { reason, deadline } = request.body;
      const limit = deadline === undefined ? {} : { deadline: instantOf(deadline) };
      const by = actorOf(accountOf(request));
      await carryOut(
        deps,
        request.params.id,
        { kind: 'return', organisation: request.params.org, reason, ...limit, by },
        keyFor(request),
      );
      return recipientNow(deps, request.params);
    },
  });

  app.post('/v1/instructions/:id/recipients/:org/accept', {
    config: { permission: 'desk', territory: 'recipient', idempotent: true, bodyOptional: true },
    schema: {
      tags,
      headers,
      params,
      body: EmptyBody,
      response,
      summary: 'Accept a completion, where acceptance is required',
    },
    handler: async (request) => {
      const command = { kind: 'accept' as const, organisation: request.params.org, by: actorOf(accountOf(request)) };
      await carryOut(deps, request.params.id, command, keyFor(request));
      return recipientNow(deps, request.params);
    },
  });
};

const closeAndCallRoutes: RouteSet = (app, deps) => {
  app.post('/v1/instructions/:id/recipients/:org/close', {
    config: { permission: 'head', territory: 'recipient', idempotent: true },
    schema: { tags, headers, params, body: CloseBody, response, summary: 'End a follow-up that nothing else ends' },
    handler: async (request) => {
      const { org: organisation, id } = request.params;
      const command = {
        kind: 'close' as const,
        organisation,
        reason: request.body.reason,
        by: actorOf(accountOf(request)),
      };
      await carryOut(deps, id, command, keyFor(request));
      return recipientNow(deps, request.params);
    },
  });

  app.post('/v1/instructions/:id/recipients/:org/calls/:step', {
    config: { permission: 'desk', territory: 'recipient', idempotent: true },
    schema: {
      tags,
      headers,
      body: CallBody,
      response,
      summary: 'Tick a call that was made: its outcome and who answered',
      params: Type.Object({ id: Type.String(), org: Type.String(), step: Type.Integer({ minimum: 1, maximum: 100 }) }),
    },
    handler: async (request) => {
      const { id, org: organisation, step } = request.params;
      await carryOut(
        deps,
        id,
        { kind: 'recordCall', organisation, step, ...request.body, by: actorOf(accountOf(request)) },
        keyFor(request),
      );
      return recipientNow(deps, request.params);
    },
  });
};

const deadlineRoute: RouteSet = (app, deps) => {
  app.post('/v1/instructions/:id/deadline', {
    config: { permission: 'desk', territory: 'instruction', idempotent: true },
    schema: {
      tags,
      headers,
      params: IdParams,
      body: DeadlineBody,
      summary: 'Extend or shorten the deadline, of all or of some',
      response: { 200: InstructionDetail, ...problems(400, 401, 403, 404, 409, 413, 415, 422) },
    },
    handler: async (request) => {
      const { deadline } = request.body;
      const organisations: readonly string[] | 'all' = request.body.organisations ?? 'all';
      const command = {
        kind: 'moveDeadline' as const,
        organisations,
        deadline: instantOf(deadline),
        by: actorOf(accountOf(request)),
      };
      await carryOut(deps, request.params.id, command, keyFor(request));
      return readInstruction(deps, request, request.params.id);
    },
  });
};

function instantOf(text: string): number {
  const instant = parseRfc3339(text);
  if (instant !== null) return instant;
  throw invalid([
    { pointer: '/deadline', code: 'format', message: 'Date et heure avec décalage attendues (RFC 3339).' },
  ]);
}

/** The acts of persons upon an instruction in progress: each is one command, answered when it is recorded. */
export const commandRoutes: readonly RouteSet[] = [
  replyRoute,
  returnAndAcceptRoutes,
  closeAndCallRoutes,
  deadlineRoute,
];
