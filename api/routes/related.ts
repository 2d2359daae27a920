import type { FastifyReply } from 'fastify';
import { setVersion } from '../plugins/etag.ts';
import { draftReferring } from '../referring.ts';
import type { RouteSet } from '../route-set.ts';
import { IdempotencyHeader, IdParams, problems } from '../schemas/common.ts';
import { AmendBody, DraftCreated, OvertakeBody } from '../schemas/draft.ts';

const shared = {
  tags: ['Brouillons'],
  params: IdParams,
  headers: IdempotencyHeader,
  response: { 201: DraftCreated, ...problems(400, 401, 403, 404, 409, 413, 415, 422) },
};
const DESCRIPTION =
  'Writes the draft of a new message that refers to this one: same recipients, own number, released by somebody else. Its release ends every open follow-up of this message.';

const OVERTAKING = [
  ['/v1/instructions/:id/cancel', 'cancellation', 'Cancel a released message: write the cancellation'],
  ['/v1/instructions/:id/all-clear', 'allClear', 'End the alert of a released message: write the all-clear'],
] as const;

/** Amendment, cancellation, all-clear: each a message of its own. */
export const relatedRoutes: RouteSet = (app, deps) => {
  app.post('/v1/instructions/:id/amend', {
    config: { permission: 'author', territory: 'instruction', idempotent: true },
    attachValidation: true,
    schema: {
      ...shared,
      body: AmendBody,
      summary: 'Amend a released message: write what takes its place',
      description: `${DESCRIPTION} The recipients answer to the amended message.`,
    },
    handler: async (request, reply) => {
      const asked = { id: request.params.id, relation: 'amendment', said: request.body } as const;
      return created(reply, await draftReferring(deps, request, asked));
    },
  });

  for (const [path, relation, summary] of OVERTAKING) {
    app.post(path, {
      config: { permission: 'author', territory: 'instruction', idempotent: true },
      attachValidation: true,
      schema: { ...shared, body: OvertakeBody, summary, description: DESCRIPTION },
      handler: async (request, reply) => {
        const { reason, ...said } = request.body;
        const asked = { id: request.params.id, relation, said: { ...said, body: reason } };
        return created(reply, await draftReferring(deps, request, asked));
      },
    });
  }
};

const created = (reply: FastifyReply, made: { readonly id: string; readonly version: number }): FastifyReply =>
  setVersion(reply, made.version)
    .code(201)
    .header('location', `/v1/instructions/${made.id}`)
    .send({ ...made, status: 'draft' });
