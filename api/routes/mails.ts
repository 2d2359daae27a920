import { Type } from 'typebox';
import { getMailSheet, type MailSheet } from '../../db/read-models/mails.ts';
import { accountOf, actorOf } from '../access/account.ts';
import { classify } from '../classifying.ts';
import type { ApiDeps } from '../deps.ts';
import { notFound } from '../problem.ts';
import type { RouteSet } from '../route-set.ts';
import { Id, IdempotencyHeader, problems } from '../schemas/common.ts';
import { ClassifyBody, Mail } from '../schemas/mails.ts';

const tags = ['Bureau'];
const params = Type.Object({ id: Id() });

/** Received mails as an officer reads them: beside the instruction, to be classified in one act. */
export const mailRoutes: RouteSet = (app, deps) => {
  app.get('/v1/mails/:id', {
    config: { permission: 'readTasks', territory: 'none' },
    schema: {
      tags,
      params,
      summary: 'One received mail beside the instruction it answers',
      description: 'Its text, its files, what Vigie understood and why, what the relay says of its sender.',
      response: { 200: Mail, ...problems(401, 403, 404) },
    },
    handler: async (request) => shown(await sheetOf(deps, request.params.id)),
  });

  app.post('/v1/mails/:id/classify', {
    config: { permission: 'desk', territory: 'none', idempotent: true },
    schema: {
      tags,
      params,
      headers: IdempotencyHeader,
      body: ClassifyBody,
      summary: 'Say what a mail answers: a reply on behalf of its organisation, with the mail’s Message-ID',
      description: 'The ladder of that organisation, which waits for a mail that Vigie could not read, goes on.',
      response: { 200: Mail, ...problems(400, 401, 403, 404, 409, 413, 415, 422) },
    },
    handler: async (request) => {
      const mail = await sheetOf(deps, request.params.id);
      await classify(deps, mail, request.body, actorOf(accountOf(request)));
      return shown(await sheetOf(deps, request.params.id));
    },
  });
};

async function sheetOf(deps: ApiDeps, id: string): Promise<MailSheet> {
  const mail = await getMailSheet(deps.database.sql, id);
  if (mail === undefined) throw notFound();
  return mail;
}

type Writable<T> = T extends object ? { -readonly [K in keyof T]: Writable<T[K]> } : T;

/** A copy of its own for the serialiser, which drops what the schema does not name. */
const shown = (mail: MailSheet): Writable<MailSheet> => structuredClone(mail) as Writable<MailSheet>;
