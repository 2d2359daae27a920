import { randomUUID } from 'node:crypto';
import { DateTime } from 'luxon';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { hashToken } from '../../config/tokens.ts';
import { findLink, type LinkTarget } from '../../db/read-models/links.ts';
import { reportContact } from '../../db/stores/desk/contact-reports.ts';
import { parseReply } from '../../domain/reply.ts';
import { isBlank } from '../../domain/text.ts';
import { commandOrRefusal } from '../commanding.ts';
import type { ApiDeps } from '../deps.ts';
import { askByLink, type TypedRequest } from '../link-support.ts';
import { kindsFor } from '../pages/link-choices.ts';
import { declaredFrom, NOTHING_DECLARED } from '../pages/link-declared.ts';
import { type LinkForm, linkPage, recordedPage, refusedPage, reportedPage, supportPage } from '../pages/link-page.ts';
import { sendPage } from '../pages/send.ts';
import { Problem } from '../problem.ts';
import type { RouteSet } from '../route-set.ts';

const Params = Type.Object({ token: Type.String({ maxLength: 100 }) });
const Query = Type.Object({ intention: Type.Optional(Type.String({ maxLength: 40 })) }, { additionalProperties: true });
const Figure = Type.Optional(Type.String({ maxLength: 40 }));
/** Everything that the page's three forms send. */
const Form = Type.Object(
  {
    nonce: Type.String({ format: 'uuid' }),
    action: Type.Optional(Type.Enum(['wrongPerson', 'support'])),
    reason: Type.Optional(Type.String({ maxLength: 100_000 })),
    phone: Type.Optional(Type.String({ maxLength: 100 })),
    urgency: Type.Optional(Type.Literal('urgent')),
    kind: Type.Optional(Type.String({ maxLength: 40 })),
    percent: Type.Optional(Type.String({ maxLength: 10 })),
    comment: Type.Optional(Type.String({ maxLength: 100_000 })),
    until: Type.Optional(Type.String({ maxLength: 40 })),
    relayed: Figure,
    reached: Figure,
    acknowledged: Figure,
    notReached: Figure,
    means: Type.Optional(Type.String({ maxLength: 100_000 })),
  },
  { additionalProperties: false },
);

/** Reply links of mails: a GET shows a form and changes nothing (mail scanners follow links), a POST is the reply. */
export const linkRoutes: RouteSet = (app, deps) => {
  const config = { permission: 'link' as const, page: true };

  app.get('/r/:token', {
    config,
    schema: { hide: true, params: Params, querystring: Query },
    handler: async (request, reply) => {
      const target = await targetOf(deps, request.params.token);
      const { intention = '' } = request.query;
      const kinds: readonly string[] = kindsFor(target.terms.nature);
      const only = kinds.length === 1 ? (kinds[0] ?? '') : '';
      const kind = kinds.includes(intention) ? intention : only;
      return sendPage(reply, 200, linkPage(target, { ...EMPTY, kind, nonce: randomUUID() }));
    },
  });

  app.post('/r/:token', {
    config,
    schema: { hide: true, params: Params, body: Form },
    handler: async (request, reply) => {
      const target = await targetOf(deps, request.params.token);
      const { action, reason = '', phone = '', urgency, ...given } = request.body;
      const form = { ...EMPTY, ...given };
      if (action === 'wrongPerson') return report(deps, reply, target, form);
      if (action === 'support')
        return ask(deps, reply, { target, form, typed: { reason, phone, urgent: urgency === 'urgent' } });
      return answer(deps, reply, { target, form, token: request.params.token });
    },
  });
};

async function targetOf(deps: ApiDeps, token: string): Promise<LinkTarget> {
  const found = await findLink(deps.database.sql, hashToken(token), deps.now());
  if (found === undefined) {
    throw new Problem(
      404,
      'not-found',
      'Ce lien n’est pas (ou plus) valable. Utilisez celui du dernier message reçu, ou contactez le CORRUSS.',
    );
  }
  return found;
}

const EMPTY = { kind: '', percent: '', comment: '', until: '', ...NOTHING_DECLARED };
const ACTOR = { sub: 'lien', organisation: '' };

async function report(deps: ApiDeps, reply: FastifyReply, target: LinkTarget, form: LinkForm): Promise<FastifyReply> {
  const { organisation, instruction, delivery } = target;
  await reportContact(deps.database, deps.keys, {
    organisation,
    instruction,
    delivery,
    comment: form.comment.slice(0, 1000),
    nonce: form.nonce,
    by: { ...ACTOR, organisation },
    now: deps.now(),
  });
  return sendPage(reply, 200, reportedPage(target));
}

interface Asked {
  readonly target: LinkTarget;
  readonly form: LinkForm;
  readonly typed: TypedRequest;
}

async function ask(deps: ApiDeps, reply: FastifyReply, { target, form, typed }: Asked): Promise<FastifyReply> {
  const outcome = await askByLink(deps, target, typed, form.nonce);
  if ('asked' in outcome) return sendPage(reply, 200, supportPage(target));
  if ('refused' in outcome) return sendPage(reply, 409, refusedPage(target, outcome.refused, 'Votre demande d’aide'));
  return sendPage(reply, 422, linkPage(target, form, [], { ...typed, errors: outcome.errors }));
}

interface Answered {
  readonly target: LinkTarget;
  readonly form: LinkForm;
  readonly token: string;
}

async function answer(deps: ApiDeps, reply: FastifyReply, { target, form, token }: Answered): Promise<FastifyReply> {
  const parsed = parseReply(replyOf(target, form), target.terms);
  if (parsed.reply === undefined) return sendPage(reply, 422, linkPage(target, form, parsed.errors));
  // No key: the process itself knows the nonce, and tells a form sent again from a new reply.
  const outcome = await commandOrRefusal(deps, target.instruction, { kind: 'reply', reply: parsed.reply }, null);
  if ('replayed' in outcome) {
    return sendPage(reply, 200, recordedPage(await targetOf(deps, token), { ...outcome, correctUrl: `/r/${token}` }));
  }
  if (outcome.code === 'invalid') return sendPage(reply, 422, linkPage(target, form, outcome.errors ?? []));
  return sendPage(reply, 409, refusedPage(await targetOf(deps, token), outcome.detail));
}

/** The form as the one check of replies wants it: what was left empty is absent. */
function replyOf(target: LinkTarget, form: LinkForm): Record<string, unknown> {
  const { kind, percent, comment, until, nonce } = form;
  const given = { percent: percent.trim(), until: until.trim() };
  return {
    organisation: target.organisation,
    ...(kind === '' ? {} : { kind }),
    // A field of another answer than the one chosen was filled in by the way: only its own counts.
    ...(kind === 'progress' && given.percent !== '' ? { percent: Number(given.percent) } : {}),
    ...(isBlank(comment) ? {} : { comment: comment.replaceAll('\r\n', '\n') }),
    ...(kind === 'deferred' && given.until !== '' ? { until: localTime(given.until, target.timeZone) } : {}),
    // Figures are never dropped in silence: where they have no place, the check says so.
    ...declaredFrom(form),
    from: `lien (${target.organisation})`,
    channel: 'link',
    verified: true,
    messageId: `link:${target.delivery}:${nonce}`,
  };
}

/** `2026-11-24T14:30` of the recipient's own clock, as RFC 3339; what is no time stays as it is, for the check to refuse. */
function localTime(text: string, zone: string): string {
  const time = DateTime.fromISO(text, { zone });
  return time.isValid ? time.toISO() : text;
}
