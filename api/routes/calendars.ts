import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { deadlinesOf } from '../../db/read-models/calendars.ts';
import { readRoster } from '../../db/read-models/duty.ts';
import { getOrganisation } from '../../db/read-models/organisations.ts';
import { readScope } from '../../db/read-models/scope.ts';
import {
  calendarLinksOf,
  makeCalendarLink,
  openCalendarLink,
  revokeCalendarLink,
  type CalendarLink,
  type LinkFeed,
} from '../../db/stores/desk/calendar-links.ts';
import { covers, type Scope } from '../../domain/scope.ts';
import { isOwnUuid } from '../../domain/uuid.ts';
import { accountOf } from '../access/account.ts';
import { grants } from '../access/permissions.ts';
import { sessionAccount } from '../access/session.ts';
import type { ApiDeps } from '../deps.ts';
import { deadlinesCalendar, dutyCalendar } from '../documents/calendars.ts';
import { messagesFeed } from '../interchange/feed.ts';
import { invalid, notFound } from '../problem.ts';
import type { RouteSet } from '../route-set.ts';
import { CalendarLinkBody, CalendarLinkMade, CalendarLinks, DutyFeedQuery, ICalendar } from '../schemas/calendars.ts';
import { IdParams, problems } from '../schemas/common.ts';

const tags = ['Calendriers'];

const feedRoutes: RouteSet = (app, deps) => {
  app.get('/v1/calendar/deadlines.ics', {
    config: { permission: 'readInstructions', territory: 'none' },
    schema: {
      tags,
      summary: 'Deadlines of the open instructions of my territory, as iCalendar',
      produces: ['text/calendar'],
      response: { 200: ICalendar, ...problems(401, 403) },
    },
    handler: async (request, reply) => sendCalendar(reply, await deadlines(deps, request.scope)),
  });

  app.get('/v1/calendar/duty.ics', {
    config: { permission: 'readInstructions', territory: 'none' },
    schema: {
      tags,
      summary: 'Duty shifts of an organisation of my territory (default: mine), as iCalendar',
      querystring: DutyFeedQuery,
      produces: ['text/calendar'],
      response: { 200: ICalendar, ...problems(401, 403, 404, 422) },
    },
    handler: async (request, reply) => {
      const { organisation = accountOf(request).org } = request.query;
      return sendCalendar(reply, await duty(deps, request.scope, organisation));
    },
  });

  app.get('/c/:token', {
    config: { permission: 'link', page: true },
    schema: { hide: true, params: Type.Object({ token: Type.String({ maxLength: 100 }) }) },
    handler: async (request, reply) => {
      const token = request.params.token.replace(/\.(?:ics|atom)$/, '');
      const link = await openCalendarLink(deps.database.sql, token, deps.now());
      const account = link === undefined ? null : sessionAccount(link.claims);
      // The rules of today over the rights of its owner when he made it.
      if (link === undefined || account === null || !grants('readInstructions', account)) throw notFound();
      const scope = await readScope(deps.database.sql, account);
      if (link.feed === 'messages')
        return sendAtom(reply, await messagesFeed(deps, scope, linkUrl(deps, link.feed, token)));
      const text =
        link.feed === 'deadlines'
          ? await deadlines(deps, scope)
          : await duty(deps, scope, link.organisation ?? account.org);
      return sendCalendar(reply, text);
    },
  });
};

const linkRoutes: RouteSet = (app, deps) => {
  app.post('/v1/calendar/links', {
    config: { permission: 'readInstructions', territory: 'none' },
    schema: {
      tags,
      summary: 'A private link to a feed, for calendars and feed readers that cannot log in',
      description:
        'Whoever has the link reads the feed: it lasts a year, shows what you may read and can be revoked. A GET of it changes nothing.',
      body: CalendarLinkBody,
      response: { 201: CalendarLinkMade, ...problems(400, 401, 403, 413, 415, 422) },
    },
    handler: async (request, reply) => {
      const account = accountOf(request);
      const { feed, organisation = account.org } = request.body;
      if (feed !== 'duty' && request.body.organisation !== undefined) {
        throw wrongOrganisation('notAllowed', 'Ce flux est celui de tout votre périmètre : sans organisation.');
      }
      if (feed === 'duty' && !(await isThere(deps, request.scope, organisation))) {
        throw wrongOrganisation('unknown', 'Cette organisation n’existe pas ou n’est pas dans votre périmètre.');
      }
      const { sub, name, org, roles } = account;
      const { token, made } = await makeCalendarLink(deps.database.sql, {
        feed,
        organisation: feed === 'duty' ? organisation : null,
        sub,
        claims: { sub, name, org, roles },
        now: deps.now(),
      });
      const url = linkUrl(deps, feed, token);
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ ...shown(made), url });
    },
  });

  app.get('/v1/calendar/links', {
    config: { permission: 'readInstructions', territory: 'none' },
    schema: { tags, summary: 'My links that are still open', response: { 200: CalendarLinks, ...problems(401, 403) } },
    handler: async (request) => ({
      items: (await calendarLinksOf(deps.database.sql, accountOf(request).sub, deps.now())).map(shown),
    }),
  });

  app.delete('/v1/calendar/links/:id', {
    // Only one's own: the handler asks by account.
    config: { permission: 'readInstructions', territory: 'none' },
    schema: {
      tags,
      summary: 'Revoke one of my links',
      params: IdParams,
      response: { 204: Type.Null(), ...problems(401, 403, 404) },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const mine = { id, sub: accountOf(request).sub, now: deps.now() };
      if (!isOwnUuid(id) || !(await revokeCalendarLink(deps.database.sql, mine))) throw notFound();
      return reply.code(204).send(null);
    },
  });
};

export const calendarRoutes: readonly RouteSet[] = [feedRoutes, linkRoutes];

const wrongOrganisation = (code: string, message: string) => invalid([{ pointer: '/organisation', code, message }]);

const isThere = async ({ database }: ApiDeps, scope: Scope, organisation: string): Promise<boolean> =>
  covers(scope, organisation) && (await getOrganisation(database.sql, organisation)) !== undefined;

async function deadlines({ database, settings, now }: ApiDeps, scope: Scope): Promise<string> {
  const found = await deadlinesOf(database.sql, scope);
  return deadlinesCalendar(found, { now: now(), publicUrl: settings.publicUrl });
}

/** @throws Problem 404 outside the scope */
async function duty({ database, settings, now }: ApiDeps, scope: Scope, organisation: string): Promise<string> {
  if (!covers(scope, organisation)) throw notFound();
  const [view, place] = await Promise.all([
    readRoster(database.sql, organisation),
    getOrganisation(database.sql, organisation),
  ]);
  if (view === undefined || place === undefined) throw notFound();
  return dutyCalendar(view, place.name, { now: now(), publicUrl: settings.publicUrl });
}

const shown = ({ createdAt, expiresAt, ...link }: CalendarLink) => ({
  ...link,
  createdAt: createdAt.toISOString(),
  expiresAt: expiresAt.toISOString(),
});

const linkUrl = ({ settings }: ApiDeps, feed: LinkFeed, token: string): string =>
  `${settings.publicUrl}/c/${token}.${feed === 'messages' ? 'atom' : 'ics'}`;

const sendAtom = (reply: FastifyReply, text: string) =>
  reply.header('cache-control', 'private, no-store').type('application/atom+xml; charset=utf-8').send(text);

const sendCalendar = (reply: FastifyReply, text: string) =>
  reply
    .header('cache-control', 'private, no-store')
    .header('content-disposition', 'inline; filename="vigie.ics"')
    .type('text/calendar; charset=utf-8')
    .send(text);
