import { mergePartners } from '../../db/stores/desk/partners.ts';
import { relayWorkflowId } from '../../workflows/contract.ts';
import type { InstructionDesk } from '../support/instruction-desk.ts';
import { until } from '../support/wait.ts';
import { to, type Scenario } from './scenario.ts';

/** Makes these the only active partners of an ARS, all of them SAMU. */
async function partnersOf(desk: InstructionDesk, organisation: string, ...names: string[]): Promise<void> {
  await desk.database.sql.updateTable('partner').set({ active: false }).execute();
  const entries = names.map((name) => ({
    category: 'samu' as const,
    name: `SAMU ${name}`,
    address: `${name}@samu.example`,
    finess: null,
    department: null,
    phone: null,
  }));
  const by = { organisation, by: { sub: organisation.toLowerCase(), organisation }, now: Date.now() };
  await mergePartners(desk.database, desk.keys, entries, by);
}

async function resendTo(desk: InstructionDesk, id: string, org: string, name: string): Promise<void> {
  const { id: partner } = await desk.database.sql
    .selectFrom('partner')
    .select('id')
    .where('organisation_id', '=', org)
    .where('address', '=', `${name}@samu.example`)
    .executeTakeFirstOrThrow();
  await desk.relays.ask({ id, org }, { kind: 'resend', by: 'ars-84', partner });
}

/** An ARS relays a «pour diffusion» to its partners: the instruction’s side, and the relay’s own. */
export const RELAY_SCENARIOS: readonly Scenario[] = [
  {
    name: 'diffusion-relayed',
    async play(desk) {
      await partnersOf(desk, 'ARS-84', 'a', 'faux', 'c');
      const undo = desk.sink.refuse(/^faux@/, 550);
      const { id } = await desk.release({ ...to('ARS-84', 'ARS-53'), nature: 'diffusion', relayTo: ['samu'] });
      await desk.relays.ask({ id, org: 'ARS-84' }, { kind: 'relay', by: 'ars-84', note: '' });
      await until('the relay told', async () => (await desk.followUp(id, 'ARS-84')).percent === 66);
      undo();
      await resendTo(desk, id, 'ARS-84', 'faux');
      await until('the diffusion done', async () => (await desk.followUp(id, 'ARS-84')).closed);
      await desk.reply(id, 'ARS-53', 'done', { comment: 'Diffusé par nos listes à 212 destinataires.' });
      await desk.settle(id);
      return id;
    },
  },
  {
    name: 'relay',
    workflowId: (id) => relayWorkflowId(id, 'ARS-84'),
    async play(desk) {
      await partnersOf(desk, 'ARS-84', 'b', 'd');
      const { id } = await desk.release({ ...to('ARS-84'), nature: 'diffusion', relayTo: ['samu'] });
      await desk.sink.stop();
      const ask = { kind: 'relay', by: 'ars-84', note: 'Merci.' } as const;
      await desk.relays.ask({ id, org: 'ARS-84' }, ask);
      await desk.relays.ask({ id, org: 'ARS-84' }, ask);
      await desk.sink.start();
      await until('the diffusion done', async () => (await desk.followUp(id, 'ARS-84')).closed);
      return id;
    },
  },
];
