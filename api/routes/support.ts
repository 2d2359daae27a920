import { Type } from 'typebox';
import { accountOf, actorOf } from '../access/account.ts';
import { carryOut, recipientNow } from '../commanding.ts';
import { keyFor } from '../plugins/idempotency.ts';
import type { RouteSet } from '../route-set.ts';
import { noteSupport } from '../supporting.ts';
import { IdempotencyHeader, problems, RecipientParams } from '../schemas/common.ts';
import { CallBody, RecipientDetail, SupportBody } from '../schemas/recipient.ts';

const shared = {
  tags: ['Suivi'],
  headers: IdempotencyHeader,
  response: { 200: RecipientDetail, ...problems(400, 401, 403, 404, 409, 413, 415, 422) },
};

/** A recipient asks for support: a call for the desk to make, until a person notes its outcome. */
export const supportRoutes: RouteSet = (app, deps) => {
  app.post('/v1/instructions/:id/recipients/:org/support', {
    config: { permission: 'answer', territory: 'actForRecipient', idempotent: true },
    schema: {
      ...shared,
      params: RecipientParams,
      body: SupportBody,
      summary: 'Ask the desk for support',
      description: 'The desk is told by mail at once and gets a task. It is no answer: reminders and deadline go on.',
    },
    handler: async (request) => {
      const { id, org: organisation } = request.params;
      const by = actorOf(accountOf(request));
      await carryOut(deps, id, { kind: 'askSupport', organisation, ...request.body, by }, keyFor(request));
      return recipientNow(deps, request.params);
    },
  });

  app.post('/v1/instructions/:id/recipients/:org/support/:request', {
    config: { permission: 'desk', territory: 'recipient', idempotent: true },
    schema: {
      ...shared,
      params: Type.Object({
        id: Type.String(),
        org: Type.String(),
        request: Type.Integer({ minimum: 1, maximum: 100_000 }),
      }),
      body: CallBody,
      summary: 'Note the outcome of a call for support',
      description: 'Also long after the instruction has ended: the task stays until then.',
    },
    handler: async (request) => {
      const { id, org: organisation, request: number } = request.params;
      const by = actorOf(accountOf(request));
      await noteSupport(deps, id, { organisation, request: number, ...request.body, by }, keyFor(request));
      return recipientNow(deps, request.params);
    },
  });
};
