import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { renderMarkdown } from '../../channels/markdown.ts';
import { readInstructionFile } from '../../db/read-models/instruction-file.ts';
import { readSituation } from '../../db/read-models/situation.ts';
import { accountOf } from '../access/account.ts';
import { exportOf } from '../documents/instruction-export.ts';
import { print } from '../documents/printing.ts';
import { notFound } from '../problem.ts';
import type { RouteSet } from '../route-set.ts';
import { IdParams, problems } from '../schemas/common.ts';
import { InstructionExport } from '../schemas/export.ts';

const Pdf = Type.Unsafe<Buffer>({ type: 'string', format: 'binary' });

/** What leaves Vigie on paper. */
export const documentRoutes: RouteSet = (app, deps) => {
  app.get('/v1/instructions/:id/export', {
    config: { permission: 'readInstructions', territory: 'instruction', cookie: true },
    schema: {
      tags: ['Instructions'],
      summary: 'Its whole file, as JSON',
      description:
        'Message, recipients, replies, timeline, SHA-256 of each file and end of its audit chain, as far as the reader may see them.',
      params: IdParams,
      response: { 200: InstructionExport, ...problems(401, 403, 404) },
    },
    handler: async (request, reply) => {
      const file = await readInstructionFile(deps.database.sql, deps.keys, request.scope, request.params.id);
      if (file === undefined) throw notFound();
      void reply.header('content-disposition', `attachment; filename="${nameOf(file.instruction)}.json"`);
      return exportOf(file, { by: accountOf(request).sub, now: deps.now() });
    },
  });

  app.get('/v1/instructions/:id/export.pdf', {
    config: { permission: 'readInstructions', territory: 'instruction', cookie: true },
    schema: {
      tags: ['Instructions'],
      summary: 'Its whole file, as PDF',
      params: IdParams,
      produces: ['application/pdf'],
      response: { 200: Pdf, ...problems(401, 403, 404) },
    },
    handler: async (request, reply) => {
      const file = await readInstructionFile(deps.database.sql, deps.keys, request.scope, request.params.id);
      if (file === undefined) throw notFound();
      const exported = exportOf(file, { by: accountOf(request).sub, now: deps.now() });
      const { text } = renderMarkdown(file.instruction.body);
      return sendPdf(reply, nameOf(file.instruction), await print({ kind: 'file', matter: { file: exported, text } }));
    },
  });

  app.get('/v1/situation.pdf', {
    config: { permission: 'readTasks', territory: 'none', cookie: true },
    schema: {
      tags: ['Bureau'],
      summary: 'The situation on one page, for a blackout',
      description:
        'Open instructions, whom to ring (late or unreachable, with the number of who is on call), next deadlines.',
      produces: ['application/pdf'],
      response: { 200: Pdf, ...problems(401, 403) },
    },
    handler: async (request, reply) => {
      const now = deps.now();
      const situation = await readSituation(deps.database.sql, now);
      const pdf = await print({ kind: 'situation', matter: { situation, now, by: accountOf(request).sub } });
      return sendPdf(reply, 'situation', pdf);
    },
  });
};

/** ASCII, for every client: `MINSANTE-2026_001`. */
const nameOf = ({ number, id }: { number: string | null; id: string }): string =>
  (number ?? `brouillon-${id}`).replace(/[^A-Za-z0-9_]+/g, '-');

const sendPdf = (reply: FastifyReply, name: string, pdf: Buffer) =>
  reply
    .header('content-disposition', `inline; filename="${name}.pdf"`)
    .header('cache-control', 'private, no-store')
    .type('application/pdf')
    .send(pdf);
