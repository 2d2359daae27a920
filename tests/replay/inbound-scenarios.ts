import { sql } from 'kysely';
import pino from 'pino';
import { mailingReplyPart, replyLocalPart } from '../../config/tokens.ts';
import { HOUR } from '../../domain/instant.ts';
import { referenceText } from '../../domain/survey/sheet-codes.ts';
import { boundedStarter } from '../../intake/starting.ts';
import { mailTaker } from '../../intake/take.ts';
import { inboundWorkflowId } from '../../workflows/contract.ts';
import { eml, part } from '../corpus/eml.ts';
import type { InstructionDesk } from '../support/instruction-desk.ts';
import { until } from '../support/wait.ts';
import type { Scenario } from './scenario.ts';
import { answer, opened } from './survey-scenarios.ts';

const FROM = 'ars84-alerte@ars-84.example';

/** The reply address of ARS-84. */
async function replyAddress(desk: InstructionDesk, id: string): Promise<string> {
  const { id: delivery } = await desk.database.sql
    .selectFrom('delivery')
    .select('id')
    .where('instruction_id', '=', id)
    .where('organisation_id', '=', 'ARS-84')
    .executeTakeFirstOrThrow();
  return `${replyLocalPart(desk.keys[0], delivery)}@reply.vigie.example`;
}

/** Stores a mail as the intake does and starts its reading. @returns the id of the workflow that reads it */
async function take(desk: InstructionDesk, to: string, messageId: string): Promise<string> {
  const { database, keys, inbound } = desk;
  const starter = boundedStarter((mail) => inbound.start(mail));
  const take = mailTaker({ database, keys, log: pino({ level: 'silent' }), starter });
  const headers = { To: to, 'Message-ID': `<${messageId}>`, 'In-Reply-To': '' };
  await take({ raw: eml({ from: FROM, text: 'Fait à 60 %', headers }), envelopeFrom: FROM, envelopeTo: [to] });
  return inboundWorkflowId(messageId);
}

const ended = (desk: InstructionDesk, workflowId: string) =>
  until('the mail is read', async () => {
    try {
      const { status } = await desk.client.workflow.getHandle(workflowId).describe();
      return status.name === 'COMPLETED' ? true : null;
    } catch (error) {
      if (Error.isError(error) && error.name === 'WorkflowNotFoundError') return null;
      throw error;
    }
  });

/** These plays tell the workflow, not the instruction. */
const itself = (workflowId: string): string => workflowId;

const toLyon = { audience: { organisations: ['ARS-84'] } };

/** A filled sheet to the address of an agency's invitation: it is the last answer that is owed. */
async function takeSheet(desk: InstructionDesk, survey: string): Promise<string> {
  const { database, keys, inbound } = desk;
  const found = await sql<{ mail: string; respondent: string }>`
    select mail.id as mail, r.id as respondent from mailing_mail mail join survey_respondent r on r.id = mail.recipient
    where r.survey_id = ${survey}::uuid and r.key = 'ARS-84'`.execute(database.sql);
  const { mail = '', respondent = '' } = found.rows[0] ?? {};
  const to = `${mailingReplyPart(keys[0], mail)}@reply.vigie.example`;
  const reference = referenceText({ survey, formVersion: 1, respondent });
  const sheet = `vigie:reference;;${reference}\r\ninstalles;;10\r\noccupes;;5`;
  const parts = [part('text/csv; charset=utf-8', sheet, ['Content-Disposition: attachment; filename="lits.csv"'])];
  const taking = mailTaker({
    database,
    keys,
    log: pino({ level: 'silent' }),
    starter: boundedStarter((id) => inbound.start(id)),
  });
  const headers = { To: to, 'Message-ID': '<sheet@ars-84.example>', 'In-Reply-To': '' };
  const raw = eml({ from: FROM, headers, multipart: 'multipart/mixed', parts });
  await taking({ raw, envelopeFrom: FROM, envelopeTo: [to] });
  return inboundWorkflowId('sheet@ars-84.example');
}

/** Paths of `inboundMail`: told to its instruction, told to nobody, answered by a letter, nobody there to be told, the database away. */
export const INBOUND_SCENARIOS: readonly Scenario[] = [
  {
    name: 'inbound-told-to-its-instruction',
    workflowId: itself,
    async play(desk) {
      const { id } = await desk.release(toLyon);
      const workflowId = await take(desk, await replyAddress(desk, id), 'told@ars-84.example');
      await ended(desk, workflowId);
      await desk.settle(id);
      return workflowId;
    },
  },
  {
    name: 'inbound-nothing-to-tell',
    workflowId: itself,
    async play(desk) {
      const workflowId = await take(desk, 'corruss@reply.vigie.example', 'nothing@ars-84.example');
      await ended(desk, workflowId);
      return workflowId;
    },
  },
  {
    name: 'inbound-sheet-answered-by-a-letter',
    workflowId: itself,
    async play(desk) {
      const survey = await opened(desk);
      await answer(desk, survey, 'ARS-11');
      const workflowId = await takeSheet(desk, survey);
      await ended(desk, workflowId);
      return workflowId;
    },
  },
  {
    name: 'inbound-instruction-ended',
    workflowId: itself,
    async play(desk) {
      const { id } = await desk.release(toLyon);
      const address = await replyAddress(desk, id);
      await desk.reply(id, 'ARS-84', 'done');
      await desk.settle(id);
      await desk.advance(id, 73 * HOUR);
      const workflowId = await take(desk, address, 'late@ars-84.example');
      await ended(desk, workflowId);
      return workflowId;
    },
  },
  {
    name: 'inbound-database-away-and-back',
    workflowId: itself,
    async play(desk) {
      const { id } = await desk.release(toLyon);
      const address = await replyAddress(desk, id);
      await sql`alter table contact rename to contact_away`.execute(desk.owner);
      const workflowId = await take(desk, address, 'away@ars-84.example');
      await until('the patient reading', async () => {
        const { raw } = await desk.client.workflow.getHandle(workflowId).describe();
        return raw.pendingActivities?.some(({ activityType }) => activityType?.name === 'understandMail');
      });
      await sql`alter table contact_away rename to contact`.execute(desk.owner);
      await ended(desk, workflowId);
      await desk.settle(id);
      return workflowId;
    },
  },
];
