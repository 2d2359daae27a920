import { Type } from 'typebox';
import { pageOf } from '../../db/read-models/cursor.ts';
import { listRelayPartners, listRelays } from '../../db/read-models/relays.ts';
import { accountOf } from '../access/account.ts';
import { keyRequest } from '../plugins/lists.ts';
import { notFound } from '../problem.ts';
import { askRelay, previewRelay } from '../relaying.ts';
import type { RouteSet } from '../route-set.ts';
import { IdempotencyHeader, IdParams, PageOf, PageQuery, problems, RecipientParams } from '../schemas/common.ts';
import { EmptyBody } from '../schemas/recipient.ts';
import {
  Relay,
  RelayAccepted,
  RelayBody,
  RelayPartner,
  RelayPartnerQuery,
  RelayPreview,
  ResendParams,
} from '../schemas/relays.ts';

const tags = ['Diffusion'];
const headers = IdempotencyHeader;
const Pages = Type.Object(PageQuery, { additionalProperties: false });

const figureRoutes: RouteSet = (app, deps) => {
  app.get('/v1/instructions/:id/relays', {
    config: { permission: 'readInstructions', territory: 'instruction' },
    schema: {
      tags,
      summary: 'What each ARS of my territory has relayed: one figure an ARS',
      params: IdParams,
      querystring: Pages,
      response: { 200: PageOf(Relay), ...problems(401, 403, 404, 422) },
    },
    handler: async (request) => {
      const { limit, after } = keyRequest(request.query);
      const page = { limit: limit + 1, after };
      const rows = await listRelays(deps.database.sql, request.scope, request.params.id, page);
      return pageOf(
        rows,
        limit,
        (row) => ({ at: 0, id: row.organisation }),
        (row) => row,
      );
    },
  });

  app.get('/v1/instructions/:id/recipients/:org/relay', {
    config: { permission: 'readInstructions', territory: 'recipient' },
    schema: {
      tags,
      summary: 'The relay of one ARS',
      params: RecipientParams,
      response: { 200: Relay, ...problems(401, 403, 404) },
    },
    handler: async (request) => {
      const { id, org } = request.params;
      const [found] = await listRelays(deps.database.sql, request.scope, id, { limit: 1, after: null, only: org });
      if (found === undefined) throw notFound();
      return found;
    },
  });
};

const partnerRoutes: RouteSet = (app, deps) => {
  app.get('/v1/instructions/:id/recipients/:org/relay/partners', {
    config: { permission: 'relay', territory: 'actForRecipient' },
    schema: {
      tags,
      summary: 'My partners, each with where it stands',
      description:
        'For the ARS itself: the nation and the ARS de zone see figures. `?state=notReached` lists those to correct.',
      params: RecipientParams,
      querystring: RelayPartnerQuery,
      response: { 200: PageOf(RelayPartner), ...problems(401, 403, 404, 422) },
    },
    handler: async (request) => {
      const { limit, after } = keyRequest(request.query);
      const { state } = request.query;
      const recipient = { instruction: request.params.id, organisation: request.params.org };
      const page = { limit: limit + 1, after, ...(state === undefined ? {} : { state }) };
      const rows = await listRelayPartners(deps.database.sql, recipient, page);
      return pageOf(
        rows,
        limit,
        (row) => ({ at: 0, id: row.partner }),
        (row) => row,
      );
    },
  });

  app.get('/v1/instructions/:id/recipients/:org/relay/preview', {
    config: { permission: 'relay', territory: 'actForRecipient' },
    schema: {
      tags,
      summary: 'Exactly whom a relay asked for now would reach, and its words',
      params: RecipientParams,
      querystring: Type.Object(
        { ...PageQuery, note: Type.Optional(Type.String({ maxLength: 2000 })) },
        { additionalProperties: false },
      ),
      response: { 200: RelayPreview, ...problems(401, 403, 404, 409, 422) },
    },
    handler: async (request) =>
      previewRelay(deps, request.params, { ...keyRequest(request.query), note: request.query.note ?? '' }),
  });
};

const askingRoutes: RouteSet = (app, deps) => {
  const response = { 202: RelayAccepted, ...problems(400, 401, 403, 404, 409, 413, 415, 422) };

  app.post('/v1/instructions/:id/recipients/:org/relay', {
    config: { permission: 'relay', territory: 'actForRecipient', idempotent: true, bodyOptional: true },
    schema: {
      tags,
      headers,
      params: RecipientParams,
      body: RelayBody,
      response,
      summary: 'Relay to my partners through Vigie',
      description:
        'Mails leave in the name of the ARS, from its own address, and are answered to it. Asked twice: the same relay. ' +
        'The follow-up is in progress, then done once every partner is reached.',
    },
    handler: async (request, reply) => {
      const ask = { kind: 'relay', by: accountOf(request).sub, note: request.body.note ?? '' } as const;
      const { relay, partners, again } = await askRelay(deps, request, request.params, ask);
      return reply.code(202).send({ relay, partners, again });
    },
  });

  app.post('/v1/instructions/:id/recipients/:org/relay/partners/:partner/resend', {
    config: { permission: 'relay', territory: 'actForRecipient', idempotent: true, bodyOptional: true },
    schema: {
      tags,
      headers,
      params: ResendParams,
      body: EmptyBody,
      response,
      summary: 'Send it once more to one partner, at its corrected address',
      description:
        'Its former mail and link count no more. 409 while a mail is on its way, or once the partner has acknowledged.',
    },
    handler: async (request, reply) => {
      const { id, org, partner } = request.params;
      const ask = { kind: 'resend', by: accountOf(request).sub, partner } as const;
      const { relay, partners, again } = await askRelay(deps, request, { id, org }, ask);
      return reply.code(202).send({ relay, partners, again });
    },
  });
};

/** The cascade of a «pour diffusion»: each ARS to its partners, one figure an ARS for the nation. */
export const relayRoutes: readonly RouteSet[] = [figureRoutes, partnerRoutes, askingRoutes];
