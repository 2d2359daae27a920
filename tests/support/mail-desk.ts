import { randomUUID } from 'node:crypto';
import nodemailer from 'nodemailer';
import pino from 'pino';
import { startIntake } from '../../intake/server.ts';
import { boundedStarter } from '../../intake/starting.ts';
import { mailTaker, type TakeMail } from '../../intake/take.ts';
import { inboundWorkflowId } from '../../workflows/contract.ts';
import { eml, type MailSpec } from '../corpus/eml.ts';
import { type ApiDesk, startApiDesk } from './api-desk.ts';
import type { Released } from './desk-actions.ts';
import type { ReceivedMail } from './mail-sink.ts';
import { until } from './wait.ts';

export interface Letter extends MailSpec {
  readonly to: string;
  /** Envelope sender; default: the address of `from`; '' is the null sender. */
  readonly sender?: string;
}

/** The API over a real desk with its SMTP intake: mails of the sink can be answered. */
export interface MailDesk extends ApiDesk {
  readonly take: TakeMail;
  /** Posts one mail to the intake, and waits until it is read and its instruction has heard of it. Returns the row's id. */
  post(letter: Letter): Promise<string>;
  /** The same, of raw bytes. */
  postRaw(raw: Buffer, to: string, sender?: string): Promise<string>;
  row(id: string): Promise<MailRow>;
  /** The first mail of an instruction to an ARS's alert box. */
  firstMail(instruction: Released, ars: string): Promise<ReceivedMail>;
}

export type MailRow = Awaited<ReturnType<typeof rowOf>>;

export const boxOf = (ars: string, box = 'alerte'): string => {
  const code = ars.slice(4);
  return `ars${code}-${box}@ars-${code}.example`;
};

export async function startMailDesk(): Promise<MailDesk> {
  const api = await startApiDesk();
  const { desk } = api;
  const { database, keys } = desk;
  const log = pino({ level: 'silent' });
  const take = mailTaker({ database, keys, log, starter: boundedStarter((mail) => desk.inbound.start(mail)) });
  const intake = await startIntake({ take, host: '127.0.0.1', port: 0, mailReplyDomain: 'reply.vigie.example', log });
  const transport = nodemailer.createTransport({
    host: '127.0.0.1',
    port: intake.port,
    secure: false,
    ignoreTLS: true,
  });
  const row = (id: string) => rowOf(desk.database.sql, id);
  const postRaw = async (raw: Buffer, to: string, sender = 'x@ars.example'): Promise<string> => {
    const before = await lastId(database.sql);
    await transport.sendMail({ raw, envelope: { from: sender, to: [to] } });
    const id = await until('the mail is stored', async () => {
      const last = await lastId(database.sql);
      return last === before ? null : last;
    });
    const { message_id: messageId } = await row(id);
    // The row first: of a mail that comes twice, the workflow of its first coming may have ended long ago.
    await until('the mail is understood', async () => (await row(id)).understood_at);
    await until('the mail is read', () => ended(api, inboundWorkflowId(messageId)));
    const { instruction_id: instruction } = await row(id);
    if (instruction !== null) await desk.settle(instruction);
    return id;
  };
  return {
    ...api,
    take,
    postRaw,
    row,
    post({ to, sender, ...spec }) {
      const from = spec.from ?? 'x@ars.example';
      const headers = { To: to, 'Message-ID': `<${randomUUID()}@mail.example>`, 'In-Reply-To': '', ...spec.headers };
      return postRaw(eml({ ...spec, headers }), to, sender ?? from.replace(/^.*<|>$/g, ''));
    },
    async firstMail({ number }, ars) {
      const [mail] = await desk.sink.waitFor((one) => one.subject.includes(number) && one.to === boxOf(ars));
      if (mail === undefined) throw new Error('no mail');
      return mail;
    },
    async close() {
      transport.close();
      await intake.close();
      await api.close();
    },
  };
}

type Sql = ApiDesk['desk']['database']['sql'];

const rowOf = (sql: Sql, id: string) =>
  sql.selectFrom('inbound_mail').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

async function lastId(sql: Sql): Promise<string | null> {
  const row = await sql.selectFrom('inbound_mail').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst();
  return row?.id ?? null;
}

/** Completed: its only signal has been handed over. */
async function ended({ desk }: ApiDesk, workflowId: string): Promise<true | null> {
  try {
    const { status } = await desk.client.workflow.getHandle(workflowId).describe();
    return status.name === 'COMPLETED' ? true : null;
  } catch (error) {
    if (error instanceof Error && error.name === 'WorkflowNotFoundError') return null;
    throw error;
  }
}
