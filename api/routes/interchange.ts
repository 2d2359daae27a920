import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { addresseesOf } from '../../db/read-models/addressees.ts';
import { crisisOf } from '../../db/read-models/crises.ts';
import { listInstructions } from '../../db/read-models/instructions.ts';
import { isRecipientIn } from '../../db/read-models/recipients.ts';
import { accountOf } from '../access/account.ts';
import { carryOut, checkedReply, recipientNow } from '../commanding.ts';
import type { ApiDeps } from '../deps.ts';
import { atomOf } from '../interchange/atom.ts';
import { capOf } from '../interchange/cap.ts';
import { edxlOf, instructionOfDistribution } from '../interchange/edxl.ts';
import { pageOf, type ReleasedMessage } from '../interchange/message.ts';
import { invalid, notFound, Problem } from '../problem.ts';
import { readInstruction } from '../reading.ts';
import type { RouteSet } from '../route-set.ts';
import { IdParams, problems } from '../schemas/common.ts';
import { EdxlEnvelope, HubAck, HubAckTaken, Xml } from '../schemas/interchange.ts';

const tags = ['Interopérabilité'];
const FEED_LENGTH = 50;

const messageRoutes: RouteSet = (app, deps) => {
  app.get('/v1/instructions/:id/cap', {
    config: { permission: 'readInstructions', territory: 'instruction' },
    schema: {
      tags,
      summary: 'A released message as a CAP 1.2 alert',
      params: IdParams,
      produces: ['application/cap+xml'],
      response: { 200: Xml, ...problems(401, 403, 404, 409) },
    },
    handler: async (request, reply) => {
      const message = await releasedMessage(deps, request, request.params.id);
      return xml(reply, 'application/cap+xml', capOf(message));
    },
  });

  app.get('/v1/instructions/:id/edxl', {
    config: { permission: 'readInstructions', territory: 'instruction' },
    schema: {
      tags,
      summary: 'A released message in the envelope of the Hub Santé (EDXL-DE as JSON)',
      description: 'An envelope has one addressee: yours, or the one that you name.',
      params: IdParams,
      querystring: Type.Object(
        { recipient: Type.Optional(Type.String({ maxLength: 40 })) },
        { additionalProperties: false },
      ),
      response: { 200: EdxlEnvelope, ...problems(401, 403, 404, 409, 422) },
    },
    handler: async (request) => {
      const message = await releasedMessage(deps, request, request.params.id);
      const wanted = request.query.recipient ?? ownOf(request, message);
      if (message.addressees.some(({ organisation }) => organisation === wanted)) return edxlOf(message, wanted);
      throw invalid([
        { pointer: '/recipient', code: 'unknown', message: 'Cette organisation n’est pas destinataire de ce message.' },
      ]);
    },
  });

  app.get('/v1/feed.atom', {
    config: { permission: 'readInstructions', territory: 'none' },
    schema: {
      tags,
      summary: 'The newest released messages of my territory, as an Atom feed',
      produces: ['application/atom+xml'],
      response: { 200: Xml, ...problems(401, 403) },
    },
    handler: async (request, reply) => {
      const page = { limit: FEED_LENGTH, after: null };
      const { items } = await listInstructions(deps.database.sql, request.scope, { released: true }, page);
      return xml(reply, 'application/atom+xml', atomOf(items, { publicUrl: deps.settings.publicUrl, now: deps.now() }));
    },
  });
};

const acknowledgementRoute: RouteSet = (app, deps) => {
  app.post('/v1/hub/messages', {
    config: { permission: 'answer', territory: 'none' },
    schema: {
      tags,
      summary: 'Take an acknowledgement of the Hub Santé',
      description:
        'Of the recipient whose account sends it: `CONSULTE` counts as read, any other step as received, and nothing once the recipient is closed; `refused` and `ERREUR` change nothing and are refused. The same `distributionID` counts once.',
      body: HubAck,
      response: { 200: HubAckTaken, ...problems(400, 401, 403, 404, 409, 413, 415, 422) },
    },
    handler: async (request) => {
      const [account, envelope] = [accountOf(request), request.body];
      const reference = envelope.content[0]?.jsonContent.embeddedJsonContent.message.reference;
      const id = instructionOfDistribution(reference?.distributionID ?? '', account.org);
      if (id === null || !(await isRecipientIn(deps.database.sql, id, account.org))) throw notFound();
      if (reference?.refused === true || reference?.step === 'ERREUR') throw refusedByHub();
      const kind = reference?.step === 'CONSULTE' ? 'read' : 'received';
      const said = { kind, organisation: account.org, from: account.sub, channel: 'api', verified: true };
      const reply = await checkedReply(deps, { ...said, messageId: `hub:${envelope.distributionID}` }, []);
      await carryOut(deps, id, { kind: 'reply', reply }).catch(unlessClosed);
      const { state } = await recipientNow(deps, { id, org: account.org });
      return { instruction: id, organisation: account.org, state };
    },
  });
};

/** A hub acknowledges when it can: after the answer it has nothing more to say, and did nothing wrong. */
function unlessClosed(error: unknown): void {
  if (!(error instanceof Problem) || error.status !== 409) throw error;
}

const refusedByHub = () =>
  invalid([
    {
      pointer: '/content/0/jsonContent/embeddedJsonContent/message/reference',
      code: 'refused',
      message: 'Le message n’a pas été intégré : un refus ne vaut pas accusé de réception.',
    },
  ]);

/** @throws Problem 404; 409 for a draft, which never leaves */
async function releasedMessage(deps: ApiDeps, request: FastifyRequest, id: string): Promise<ReleasedMessage> {
  const instruction = await readInstruction(deps, request, id);
  const { number, releasedAt } = instruction;
  if (number === null || releasedAt === null) {
    throw new Problem(
      409,
      'not-released',
      'Ce message est à l’état « brouillon » : un brouillon ne sort jamais de Vigie.',
    );
  }
  const crisis = await crisisOf(deps.database.sql, { crisisId: instruction.crisisId });
  return {
    instruction: { ...instruction, number, releasedAt },
    addressees: await addresseesOf(deps.database.sql, request.scope, id),
    crisis: crisis?.name ?? null,
    url: pageOf(deps.settings.publicUrl, id),
    sender: deps.settings.mailFrom,
  };
}

/** The reader's own organisation where it is a recipient, else the first that the reader sees. */
function ownOf(request: FastifyRequest, { addressees }: ReleasedMessage): string {
  const { org } = accountOf(request);
  const own = addressees.find(({ organisation }) => organisation === org) ?? addressees[0];
  return own?.organisation ?? org;
}

const xml = (reply: FastifyReply, type: string, text: string): FastifyReply =>
  reply.type(`${type}; charset=utf-8`).send(text);

/** How other systems read and acknowledge what the desk has released. */
export const interchangeRoutes: readonly RouteSet[] = [messageRoutes, acknowledgementRoute];
