import { sql } from 'kysely';
import pino from 'pino';
import { replyLocalPart } from '../../config/tokens.ts';
import { HOUR } from '../../domain/instant.ts';
import { boundedStarter } from '../../intake/starting.ts';
import { mailTaker } from '../../intake/take.ts';
import { inboundWorkflowId } from '../../workflows/contract.ts';
import { eml } from '../corpus/eml.ts';
import type { InstructionDesk } from '../support/instruction-desk.ts';
import { until } from '../support/wait.ts';
import type { Scenario } from './scenario.ts';

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

/** Paths of `inboundMail`: told to its instruction, told to nobody, nobody there to be told, the database away. */
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
