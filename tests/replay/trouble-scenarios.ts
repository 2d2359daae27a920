import { sql } from 'kysely';
import { MINUTE } from '../../domain/instant.ts';
import { AUTHOR, releaseRequest } from '../support/desk-actions.ts';
import type { InstructionDesk } from '../support/instruction-desk.ts';
import { until } from '../support/wait.ts';
import { to, type Scenario } from './scenario.ts';

async function signalRaw(desk: InstructionDesk, id: string, encoding: string, data: string): Promise<void> {
  await desk.client.workflowService.signalWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId: `instruction/${id}` },
    signalName: 'reply',
    input: { payloads: [{ metadata: { encoding: Buffer.from(encoding) }, data: Buffer.from(data) }] },
  });
}

/** What goes wrong: rubbish, parts that are away, a turn that was lost. */
export const TROUBLE_SCENARIOS: readonly Scenario[] = [
  {
    name: 'rubbish-signals-and-cancellation',
    async play(desk) {
      const { id, workflowId } = await desk.release(to('ARS-53'));
      await signalRaw(desk, id, 'json/plain', '"bonjour"');
      await signalRaw(desk, id, 'json/plain', 'pas du JSON');
      await signalRaw(desk, id, 'binary/encrypted', 'x'.repeat(60));
      await signalRaw(desk, id, 'json/plain', '{"organisation":"ARS-53","kind":"done","from":"CLI","messageId":"1"}');
      await signalRaw(desk, id, 'json/plain', '{"organisation":"ARS-53","kind":"done","from":"CLI","messageId":"1"}');
      await desk.client.workflow.getHandle(workflowId).cancel();
      await until('the reply', async () => (await desk.followUp(id, 'ARS-53')).closed);
      await desk.settle(id);
      return id;
    },
  },
  {
    name: 'release-refused',
    async play(desk) {
      const id = await desk.draft(to('ARS-84'));
      await desk.gateway.release(releaseRequest(id, AUTHOR, ['author', 'releaser']));
      return id;
    },
  },
  {
    name: 'relay-away-and-back',
    async play(desk) {
      await desk.sink.stop();
      const { id } = await desk.release(to('ARS-11'));
      await desk.sink.start();
      await desk.advance(id, 2 * MINUTE);
      return id;
    },
  },
  {
    name: 'first-mail-refused',
    async play(desk) {
      const undo = desk.sink.refuse(/ars75-alerte/, 550);
      const { id } = await desk.release(to('ARS-75'));
      undo();
      await desk.advance(id, MINUTE);
      return id;
    },
  },
  {
    name: 'database-away-and-back',
    async play(desk) {
      const { id } = await desk.release(to('ARS-44'));
      await sql`alter table instruction_recipient rename to instruction_recipient_away`.execute(desk.owner);
      await desk.signal(id, { organisation: 'ARS-44', kind: 'done', from: 'essai', messageId: 'm1' });
      await until('the patient recording', async () => {
        const { raw } = await desk.client.workflow.getHandle(`instruction/${id}`).describe();
        return raw.pendingActivities?.some(({ activityType }) => activityType?.name === 'recordPatiently');
      });
      await sql`alter table instruction_recipient_away rename to instruction_recipient`.execute(desk.owner);
      await until('the reply recorded', async () => (await desk.projection(id, 'ARS-44')).state === 'done');
      await desk.settle(id);
      return id;
    },
  },
  {
    name: 'turn-taken-written-whole',
    async play(desk) {
      const { id } = await desk.release(to('ARS-76'));
      await sql`update instruction set seq = seq + 1, fingerprint = 'lost' where id = ${id}`.execute(desk.database.sql);
      await desk.reply(id, 'ARS-76', 'takenInCharge');
      await desk.settle(id);
      return id;
    },
  },
];
