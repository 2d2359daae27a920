import { listRecipients } from '../../db/read-models/recipients.ts';
import { readSession } from '../../db/stores/desk/sessions.ts';
import { accountOf } from '../access/account.ts';
import { SESSION_COOKIE, sessionAccount } from '../access/session.ts';
import type { RouteSet } from '../route-set.ts';
import { homePage } from '../pages/home.ts';
import { instructionPage } from '../pages/instruction-page.ts';
import { sendPage } from '../pages/send.ts';
import { readInstruction, tellTimeline } from '../reading.ts';
import { IdParams } from '../schemas/common.ts';

/** Everything of one instruction on one page. */
const ALL = 500;
const TIMELINE = 2_000;

/** Pages for persons, rendered here, without script. */
export const pageRoutes: RouteSet = (app, deps) => {
  app.get('/', {
    config: { permission: 'public', page: true },
    schema: { hide: true },
    handler: async (request, reply) => {
      const session = request.cookies[SESSION_COOKIE];
      const claims = session === undefined ? null : await readSession(deps.database.sql, session, deps.now());
      return sendPage(reply, 200, homePage(deps.settings, sessionAccount(claims)));
    },
  });

  app.get('/instructions/:id', {
    config: { permission: 'readInstructions', territory: 'instruction', page: true },
    schema: { hide: true, params: IdParams },
    handler: async (request, reply) => {
      const { id } = request.params;
      const instruction = await readInstruction(deps, request, id);
      const recipients = await listRecipients(deps.database.sql, request.scope, id, { limit: ALL, after: null });
      const told = await tellTimeline(deps, request, `instruction/${id}`, { limit: TIMELINE, after: 0 });
      const timeline = told.map(({ at, text }) => ({ at: Date.parse(at), text }));
      return sendPage(reply, 200, instructionPage({ instruction, recipients, timeline, account: accountOf(request) }));
    },
  });
};
