import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { RouteSet } from '../route-set.ts';
import { problems } from '../schemas/common.ts';

/** As the Temporal UI and CLI write a payload: bytes in base64. */
const Payload = Type.Object({
  metadata: Type.Optional(Type.Record(Type.String({ maxLength: 100 }), Type.String())),
  data: Type.Optional(Type.String()),
});
const Payloads = Type.Object({ payloads: Type.Array(Payload, { maxItems: 1000 }) });

const BODY_LIMIT = 16 * 1024 * 1024;

/**
 * Opens sealed payloads for the Temporal UI and CLI (Temporal's «remote codec» protocol): for supervisors only, by bearer
 * token or by the session of `/login`; browsers only from the UI's own origin.
 */
export const codecRoutes: RouteSet = (app, deps) => {
  const allowOrigin = (request: FastifyRequest, reply: FastifyReply): void => {
    const { origin } = request.headers;
    void reply.header('vary', 'origin');
    if (origin === undefined || origin !== deps.settings.temporalUiUrl) return;
    void reply
      .header('access-control-allow-origin', origin)
      .header('access-control-allow-credentials', 'true')
      .header('cross-origin-resource-policy', 'same-site');
  };
  // At the sending, so that refusals carry it as well and the UI can say why.
  app.addHook('onSend', async (request, reply) => allowOrigin(request, reply));

  app.options('/codec/decode', {
    config: { permission: 'public' },
    schema: { hide: true },
    handler: async (_request, reply) =>
      reply
        .header('access-control-allow-methods', 'POST')
        .header('access-control-allow-headers', 'authorization, content-type, x-namespace')
        .header('access-control-max-age', '600')
        .code(204)
        .send(),
  });

  app.post('/codec/decode', {
    config: { permission: 'supervisor', territory: 'none', cookie: true },
    bodyLimit: BODY_LIMIT,
    schema: {
      tags: ['Exploitation'],
      summary: 'Open payloads for the Temporal UI',
      body: Payloads,
      response: { 200: Payloads, ...problems(400, 401, 403, 413, 415, 422) },
    },
    handler: async (request) => {
      const sealed = request.body.payloads.map(({ metadata = {}, data = '' }) => ({
        metadata: Object.fromEntries(
          Object.entries(metadata).map(([name, value]) => [name, Buffer.from(value, 'base64')]),
        ),
        data: Buffer.from(data, 'base64'),
      }));
      const opened = await deps.decodePayloads(sealed);
      return { payloads: opened.map(toJson) };
    },
  });
};

const base64 = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString('base64');

const toJson = (payload: { metadata?: Record<string, Uint8Array> | null; data?: Uint8Array | null }) => ({
  metadata: Object.fromEntries(Object.entries(payload.metadata ?? {}).map(([name, value]) => [name, base64(value)])),
  data: base64(payload.data),
});
