import { Type } from 'typebox';
import type { Page } from '../../db/read-models/cursor.ts';
import { getInboundMail, getRawMail, listInboundMails } from '../../db/read-models/inbound-mails.ts';
import { listTasks, type TaskItem } from '../../db/read-models/tasks.ts';
import { closeContactReport } from '../../db/stores/desk/contact-reports.ts';
import { takeNoteOfNotice } from '../../db/stores/desk/duty-notices.ts';
import { markRead } from '../../db/stores/desk/inbound-reading.ts';
import { accountOf } from '../access/account.ts';
import type { ApiDeps } from '../deps.ts';
import { pageRequest, rowRequest } from '../plugins/lists.ts';
import { notFound } from '../problem.ts';
import { sharedReading, writtenOnce } from '../shared-readings.ts';
import type { RouteSet } from '../route-set.ts';
import { Id, PageOf, PageQuery, problems } from '../schemas/common.ts';
import { mailRoutes } from './mails.ts';
import { InboundMail, Task, TASK_FILTER } from '../schemas/desk.ts';

const tags = ['Bureau'];
const params = Type.Object({ id: Id() });

const taskRoutes: RouteSet = (app, deps) => {
  const shared = sharedReading<Page<TaskItem>>();
  app.get('/v1/tasks', {
    config: { permission: 'readTasks', territory: 'none' },
    schema: {
      tags,
      summary: 'All that waits for a person: urgent calls for support, then oldest first',
      description:
        'Refusals, unreachable recipients, acceptances and calls close by themselves when the follow-up moves on; `mailToRead` (an answer that Vigie could not read) and `mail` are closed by classifying or reading them, `contact` and `notice` (a mail of duty or of an early signal that nobody got) here, `surveyThreshold` by taking note of its crossing, `surveyNotOpened` (a series could not open its survey) by taking note of the opening, or by itself when the next one opens or the series is corrected or ended. Tasks of early signals (`signalToAcknowledge`, `signalLate`, `signalToClose`) close with what is done about the signal.',
      querystring: Type.Object(
        { ...PageQuery, kind: Type.Optional(Type.Enum(TASK_FILTER)) },
        { additionalProperties: false },
      ),
      response: { 200: PageOf(Task), ...problems(401, 403, 422) },
    },
    handler: async ({ scope, query }, reply) => {
      const page = pageRequest(query);
      return writtenOnce(
        reply,
        await shared({ scope, query }, () => listTasks(deps.database.sql, query.kind ?? null, page)),
      );
    },
  });

  app.post('/v1/inbound-mails/:id/read', {
    config: { permission: 'desk', territory: 'none', bodyOptional: true },
    schema: {
      tags,
      summary: 'Tick a received mail as read',
      params,
      response: { 200: InboundMail, ...problems(401, 403, 404) },
    },
    handler: async (request) => {
      const by = { sub: accountOf(request).sub, now: deps.now() };
      if (!(await markRead(deps.database, request.params.id, by))) throw notFound();
      return mailOf(deps, request.params.id);
    },
  });

  app.post('/v1/contact-reports/:id/close', {
    config: { permission: 'desk', territory: 'none', bodyOptional: true },
    schema: {
      tags,
      summary: 'Tick a reported contact as corrected',
      params,
      response: { 204: Type.Null(), ...problems(401, 403, 404) },
    },
    handler: async (request, reply) => {
      const by = { sub: accountOf(request).sub, now: deps.now() };
      if (!(await closeContactReport(deps.database, request.params.id, by))) throw notFound();
      return reply.code(204).send(null);
    },
  });
};

const noticeRoute: RouteSet = (app, deps) => {
  app.post('/v1/duty-notices/:id/close', {
    config: { permission: 'desk', territory: 'none', bodyOptional: true },
    schema: {
      tags,
      summary: 'Take note of a mail of duty that was not delivered',
      params,
      response: { 204: Type.Null(), ...problems(401, 403, 404) },
    },
    handler: async (request, reply) => {
      const by = { sub: accountOf(request).sub, now: deps.now() };
      if (!(await takeNoteOfNotice(deps.database.sql, request.params.id, by))) throw notFound();
      return reply.code(204).send(null);
    },
  });
};

const inboundMailRoutes: RouteSet = (app, deps) => {
  app.get('/v1/inbound-mails', {
    config: { permission: 'readTasks', territory: 'none' },
    schema: {
      tags,
      summary: 'Received mails, newest first',
      querystring: Type.Object(
        { ...PageQuery, unread: Type.Optional(Type.Boolean()), instruction: Type.Optional(Id()) },
        { additionalProperties: false },
      ),
      response: { 200: PageOf(InboundMail), ...problems(401, 403, 422) },
    },
    handler: async (request) => {
      const { unread, instruction } = request.query;
      const filter = {
        ...(unread === undefined ? {} : { unread }),
        ...(instruction === undefined ? {} : { instruction }),
      };
      return listInboundMails(deps.database.sql, filter, rowRequest(request.query));
    },
  });

  app.get('/v1/inbound-mails/:id', {
    config: { permission: 'readTasks', territory: 'none' },
    schema: { tags, summary: 'One received mail', params, response: { 200: InboundMail, ...problems(401, 403, 404) } },
    handler: async (request) => mailOf(deps, request.params.id),
  });

  app.get('/v1/inbound-mails/:id/raw', {
    config: { permission: 'readTasks', territory: 'none', cookie: true },
    schema: {
      tags,
      summary: 'The mail as it came, as a file',
      params,
      produces: ['message/rfc822'],
      response: { 200: Type.Unsafe({ type: 'string', format: 'binary' }), ...problems(401, 403, 404) },
    },
    handler: async (request, reply) => {
      const raw = await getRawMail(deps.database.sql, request.params.id);
      if (raw === undefined) throw notFound();
      return reply
        .header('content-disposition', `attachment; filename="message-${request.params.id}.eml"`)
        .header('cache-control', 'private, no-store')
        .type('message/rfc822')
        .send(raw);
    },
  });
};

async function mailOf(deps: ApiDeps, id: string) {
  const mail = await getInboundMail(deps.database.sql, id);
  if (mail === undefined) throw notFound();
  return { ...mail, envelopeTo: [...mail.envelopeTo] };
}

/** What waits for a person of the desk, and the mails that came in. */
export const deskRoutes: readonly RouteSet[] = [taskRoutes, noticeRoute, inboundMailRoutes, mailRoutes];
