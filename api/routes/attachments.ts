import { Type } from 'typebox';
import { oneLine } from '../../channels/address.ts';
import { acceptedKind } from '../../channels/file-kind.ts';
import { getAttachment } from '../../db/read-models/attachments.ts';
import { storeAttachment } from '../../db/stores/desk/attachments.ts';
import { accountOf } from '../access/account.ts';
import { invalid, notFound, Problem } from '../problem.ts';
import type { RouteSet } from '../route-set.ts';
import { Id, problems } from '../schemas/common.ts';
import { Attachment } from '../schemas/desk.ts';

const tags = ['Pièces jointes'];

/** Files of drafts and of replies; what they are is sniffed, never believed. */
export const attachmentRoutes: RouteSet = (app, deps) => {
  app.post('/v1/attachments', {
    config: { permission: 'upload', territory: 'none' },
    schema: {
      tags,
      summary: 'Upload a file',
      consumes: ['multipart/form-data'],
      description: 'One part `file`, 10 MB at most: PDF, Office, OpenDocument, ZIP, pictures, plain text.',
      response: { 201: Attachment, ...problems(400, 401, 403, 413, 415, 422) },
    },
    handler: async (request, reply) => {
      const account = accountOf(request);
      const part = await request.file();
      if (part?.fieldname !== 'file') throw noFile();
      const content = await part.toBuffer();
      const file = { name: fileName(part.filename), mediaType: await sniff(content), content };
      const stored = await storeAttachment(deps.database, {
        ...file,
        owner: account.org,
        uploadedBy: account.sub,
        now: deps.now(),
      });
      const { content: _content, ...facts } = file;
      return reply
        .code(201)
        .header('location', `/v1/attachments/${stored.id}`)
        .send({ ...stored, ...facts, size: content.length });
    },
  });

  app.get('/v1/attachments/:id', {
    config: { permission: 'readInstructions', territory: 'none', cookie: true },
    schema: {
      tags,
      summary: 'Download a file',
      params: Type.Object({ id: Id() }),
      response: { 200: Type.Unsafe({ type: 'string', format: 'binary' }), ...problems(401, 403, 404) },
    },
    handler: async (request, reply) => {
      const reader = { scope: request.scope, organisation: accountOf(request).org };
      const file = await getAttachment(deps.database.sql, reader, request.params.id);
      if (file === undefined) throw notFound();
      return reply
        .header('content-disposition', disposition(file.name))
        .header('x-content-type-options', 'nosniff')
        .header('cache-control', 'private, no-store')
        .type(file.mediaType)
        .send(file.content);
    },
  });
};

/** @throws Problem 415 for what the desk does not exchange */
async function sniff(content: Buffer): Promise<string> {
  const kind = await acceptedKind(content);
  if (kind !== null) return kind;
  throw new Problem(415, 'media-type', 'Ce type de fichier n’est pas accepté : PDF, bureautique, image, texte ou ZIP.');
}

const fileName = (given: string): string => {
  const name = oneLine(given.split(/[\\/]/).at(-1) ?? '')
    .toWellFormed()
    .slice(0, 150);
  return name === '' ? 'piece-jointe' : name;
};

/** RFC 6266: ASCII for old clients, RFC 8187 for accents. */
const disposition = (name: string): string =>
  `attachment; filename="${name.replace(/[^\x20-\x7e]|["\\%]/g, '_')}"; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)}`;

const noFile = () =>
  invalid([{ pointer: '/file', code: 'required', message: 'Un fichier est attendu dans la partie « file ».' }]);
