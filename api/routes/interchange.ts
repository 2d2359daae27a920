import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { addresseesOf, announcedTerms } from '../../db/read-models/addressees.ts';
import { crisisOf } from '../../db/read-models/crises.ts';
import { isRecipientIn } from '../../db/read-models/recipients.ts';
import { noteDeletedUnread } from '../../db/stores/desk/hub-notices.ts';
import { firstDeadline } from '../../domain/terms.ts';
import { type Account, accountOf, actorOf } from '../access/account.ts';
import { carryOut, checkedReply, recipientNow } from '../commanding.ts';
import type { ApiDeps } from '../deps.ts';
import { capOf } from '../interchange/cap.ts';
import { edxlOf, instructionOfDistribution } from '../interchange/edxl.ts';
import { messagesFeed } from '../interchange/feed.ts';
import { pageOf, type ReleasedMessage } from '../interchange/message.ts';
import { invalid, notFound, Problem } from '../problem.ts';
import { readInstruction } from '../reading.ts';
import type { RouteSet } from '../route-set.ts';
import { IdParams, problems } from '../schemas/common.ts';
import { EdxlEnvelope, HubAck, HubAckTaken, Xml } from '../schemas/interchange.ts';

const tags = ['Interopérabilité'];

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
      description: 'For readers that cannot log in: a private link, `POST /v1/calendar/links` with `feed: "messages"`.',
      produces: ['application/atom+xml'],
      response: { 200: Xml, ...problems(401, 403) },
    },
    handler: async (request, reply) => xml(reply, 'application/atom+xml', await messagesFeed(deps, request.scope)),
  });
};

const acknowledgementRoute: RouteSet = (app, deps) => {
  app.post('/v1/hub/messages', {
    config: { permission: 'answer', territory: 'none' },
    schema: {
      tags,
      summary: 'Take an acknowledgement of the Hub Santé',
      description:
        'Of the recipient whose account sends it: `CONSULTE` counts as read, `RECU`, `INTEGRE` or none as received, and nothing once the recipient is closed; `SUPPRIME` is shown on the timeline and counts as nothing: deleted is not read; `refused` and `ERREUR` change nothing and are refused. The same `distributionID` counts once.',
      body: HubAck,
      response: { 200: HubAckTaken, ...problems(400, 401, 403, 404, 409, 413, 415, 422) },
    },
    handler: async (request) => {
      const [account, envelope] = [accountOf(request), request.body];
      const { distributionID, refused, step } = referenceOf(envelope);
      const id = instructionOfDistribution(distributionID, account.org);
      if (id === null || !(await isRecipientIn(deps.database.sql, id, account.org))) throw notFound();
      if (refused === true || step === 'ERREUR') throw refusedByHub();
      if (step === 'SUPPRIME') await noteDeleted(deps, account, id, envelope.distributionID);
      else await acknowledge(deps, account, id, { ...envelope, read: step === 'CONSULTE' });
      const { state } = await recipientNow(deps, { id, org: account.org });
      return { instruction: id, organisation: account.org, state };
    },
  });
};

/** What an acknowledgement is about; the schema has seen to it that there is exactly one content. */
const referenceOf = ({ content }: Static<typeof HubAck>) =>
  content[0]?.jsonContent.embeddedJsonContent.message.reference ?? { distributionID: '' };

const noteDeleted = (deps: ApiDeps, account: Account, instruction: string, distribution: string): Promise<void> =>
  noteDeletedUnread(deps.database, deps.keys, {
    instruction,
    organisation: account.org,
    distribution,
    by: actorOf(account),
    now: deps.now(),
  });

async function acknowledge(
  deps: ApiDeps,
  { org, sub }: Account,
  instruction: string,
  { distributionID, read }: { readonly distributionID: string; readonly read: boolean },
): Promise<void> {
  const said = { kind: read ? 'read' : 'received', organisation: org, from: sub, channel: 'api', verified: true };
  const reply = await checkedReply(deps, { ...said, messageId: `hub:${distributionID}` }, []);
  await carryOut(deps, instruction, { kind: 'reply', reply }).catch(unlessClosed);
}

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
  const terms = await announcedTerms(deps.database.sql, id);
  return {
    instruction: { ...instruction, number, releasedAt },
    addressees: await addresseesOf(deps.database.sql, request.scope, id),
    crisis: crisis?.name ?? null,
    deadline: terms === null ? null : firstDeadline(terms, Date.parse(releasedAt)),
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
