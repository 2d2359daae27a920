import { Type } from 'typebox';
import { createDraft, deleteDraft, updateDraft } from '../../db/stores/desk/drafts.ts';
import { accountOf, actorOf } from '../access/account.ts';
import type { ApiDeps } from '../deps.ts';
import type { RouteSet } from '../route-set.ts';
import { checkedDraft, draftOf, keepExercise, refuseDraft } from '../drafting.ts';
import { refuseFixedFields } from '../referring.ts';
import { ifMatch, setVersion } from '../plugins/etag.ts';
import { previewOf } from '../previewing.ts';
import { IdempotencyHeader, IdParams, IfMatch, problems } from '../schemas/common.ts';
import { DraftBody, DraftCreated, DraftPatch, InstructionDetail, Preview } from '../schemas/draft.ts';
import { readInstruction } from '../reading.ts';

const tags = ['Brouillons'];

const writingRoutes: RouteSet = (app, deps) => {
  app.post('/v1/instructions', {
    config: { permission: 'author', territory: 'none', idempotent: true },
    attachValidation: true,
    schema: {
      tags,
      summary: 'Write a draft',
      headers: IdempotencyHeader,
      body: DraftBody,
      response: { 201: DraftCreated, ...problems(400, 401, 403, 409, 413, 415, 422) },
    },
    handler: async (request, reply) => {
      const draft = await checkedDraft(deps, request, request.body, null);
      const made = await createDraft(deps.database, deps.keys, draft, {
        by: actorOf(accountOf(request)),
        now: deps.now(),
      });
      return setVersion(reply, made.version)
        .code(201)
        .header('location', `/v1/instructions/${made.id}`)
        .send({ ...made, status: 'draft' as const });
    },
  });

  app.patch('/v1/instructions/:id', {
    config: { permission: 'author', territory: 'instruction' },
    attachValidation: true,
    schema: {
      tags,
      summary: 'Change a draft',
      params: IdParams,
      headers: IfMatch,
      body: DraftPatch,
      response: { 200: InstructionDetail, ...problems(400, 401, 403, 404, 409, 412, 413, 415, 422) },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const version = ifMatch(request);
      const before = await draftOf(deps, request, id);
      if (before.refersTo !== null) refuseFixedFields(request.body);
      keepExercise(before.draft, request.body);
      const draft = await checkedDraft(deps, request, { ...before.draft, ...request.body }, id);
      const change = { id, version: version ?? before.version, draft };
      refuseDraft(
        await updateDraft(deps.database, deps.keys, change, { by: actorOf(accountOf(request)), now: deps.now() }),
      );
      const after = await readInstruction(deps, request, id);
      return setVersion(reply, after.version).send(after);
    },
  });
};

const removalAndCopyRoutes: RouteSet = (app, deps) => {
  app.delete('/v1/instructions/:id', {
    config: { permission: 'author', territory: 'instruction' },
    schema: {
      tags,
      summary: 'Delete a draft',
      params: IdParams,
      headers: IfMatch,
      response: { 204: Type.Null(), ...problems(401, 403, 404, 409, 412) },
    },
    handler: async (request, reply) => {
      const draft = { id: request.params.id, version: ifMatch(request) };
      refuseDraft(
        await deleteDraft(deps.database, deps.keys, draft, { by: actorOf(accountOf(request)), now: deps.now() }),
      );
      return reply.code(204).send(null);
    },
  });

  app.post('/v1/instructions/:id/duplicate', {
    config: { permission: 'author', territory: 'instruction', idempotent: true, bodyOptional: true },
    schema: {
      tags,
      summary: 'Copy an instruction, released or not, into a new draft',
      params: IdParams,
      headers: IdempotencyHeader,
      response: { 201: DraftCreated, ...problems(401, 403, 404, 409, 422) },
    },
    handler: async (request, reply) => {
      const { draft } = await readInstruction(deps, request, request.params.id);
      // Files belong to one instruction: the copy names none.
      const copy = { ...(draft as Parameters<typeof createDraft>[2]), attachments: [] };
      const act = { by: actorOf(accountOf(request)), now: deps.now(), copyOf: request.params.id };
      const made = await createDraft(deps.database, deps.keys, copy, act);
      return setVersion(reply, made.version)
        .code(201)
        .header('location', `/v1/instructions/${made.id}`)
        .send({ ...made, status: 'draft' as const });
    },
  });
};

const previewRoutes: RouteSet = (app, deps) => {
  app.get('/v1/instructions/:id/preview', {
    config: { permission: 'desk', territory: 'instruction' },
    schema: {
      tags,
      summary: 'The mail of one recipient, the recipients and their addresses',
      params: IdParams,
      querystring: Type.Object(
        { recipient: Type.Optional(Type.String({ maxLength: 40 })) },
        { additionalProperties: false },
      ),
      response: { 200: Preview, ...problems(401, 403, 404, 422) },
    },
    handler: async (request) => previewOf(deps, request, request.params.id, request.query.recipient),
  });

  app.post('/v1/instructions/:id/test', {
    config: { permission: 'desk', territory: 'instruction', idempotent: true, bodyOptional: true },
    schema: {
      tags,
      params: IdParams,
      headers: IdempotencyHeader,
      summary: 'Send a test of a draft to me',
      description:
        'Goes to the address of your account (claim `email`), else to the desk’s own box; answers when the relay has taken it.',
      response: { 200: Type.Object({ sentTo: Type.String() }), ...problems(401, 403, 404, 409, 422) },
    },
    handler: async (request) => {
      const preview = await previewOf(deps, request, request.params.id);
      const to = accountOf(request).email ?? (await deskAddress(deps));
      await deps.sendTest({ to, subject: `[ESSAI] ${preview.subject}`, text: preview.text, html: preview.html });
      return { sentTo: to };
    },
  });
};

async function deskAddress({ database, settings }: ApiDeps): Promise<string> {
  const row = await database.sql
    .selectFrom('contact')
    .select('address')
    .where('organisation_id', '=', 'CORRUSS')
    .where('kind', '=', 'desk')
    .where('channel', '=', 'mail')
    .orderBy('position')
    .executeTakeFirst();
  return row?.address ?? settings.mailFrom;
}

/** Writing what will be released: the desk's own rows, no workflow yet. */
export const draftRoutes: readonly RouteSet[] = [writingRoutes, removalAndCopyRoutes, previewRoutes];
