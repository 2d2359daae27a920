import { randomUUID } from 'node:crypto';
import { Type } from 'typebox';
import { hashToken } from '../../config/tokens.ts';
import { findRelayLink, type RelayLink } from '../../db/read-models/relay-links.ts';
import { acknowledgeRelay } from '../../db/stores/desk/relay-acknowledgements.ts';
import type { ApiDeps } from '../deps.ts';
import { partnerPage, unknownPartnerLink } from '../pages/partner-page.ts';
import { sendPage } from '../pages/send.ts';
import type { RouteSet } from '../route-set.ts';

const Params = Type.Object({ token: Type.String({ maxLength: 100 }) });
const Form = Type.Object({ nonce: Type.String({ format: 'uuid' }) }, { additionalProperties: false });

const find = (deps: ApiDeps, token: string): Promise<RelayLink | undefined> =>
  findRelayLink(deps.database.sql, hashToken(token));

/** Acknowledgement links of partners: a GET shows a form and changes nothing (mail scanners follow links). */
export const partnerLinkRoutes: RouteSet = (app, deps) => {
  const config = { permission: 'link' as const, page: true };

  app.get('/d/:token', {
    config,
    schema: { hide: true, params: Params },
    handler: async (request, reply) => {
      const link = await find(deps, request.params.token);
      if (link === undefined) return sendPage(reply, 404, unknownPartnerLink());
      return sendPage(reply, 200, partnerPage(link, { nonce: randomUUID() }));
    },
  });

  app.post('/d/:token', {
    config,
    schema: { hide: true, params: Params, body: Form },
    handler: async (request, reply) => {
      const link = await find(deps, request.params.token);
      if (link === undefined) return sendPage(reply, 404, unknownPartnerLink());
      await acknowledgeRelay(deps.database.sql, { mail: link.mail, nonce: request.body.nonce, now: deps.now() });
      const now = (await find(deps, request.params.token)) ?? link;
      return sendPage(reply, 200, partnerPage(now, { nonce: request.body.nonce }));
    },
  });
};
