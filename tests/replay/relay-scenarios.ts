import { mergePartners } from '../../db/stores/desk/partners.ts';
import { relayWorkflowId } from '../../workflows/contract.ts';
import { RELEASER } from '../support/desk-actions.ts';
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
    name: 'diffusion-declared',
    async play(desk) {
      const diffusion = { nature: 'diffusion', relayTo: ['samu'], acceptance: 'required' };
      const { id } = await desk.release({ ...to('ARS-84', 'ARS-53'), ...diffusion });
      const first = { relayed: 900, notReached: 40, means: 'liste régionale' };
      await desk.reply(id, 'ARS-84', 'progress', { percent: 70, declared: first });
      const whole = { relayed: 1204, reached: 1150, acknowledged: 800, notReached: 54 };
      await desk.reply(id, 'ARS-84', 'done', { comment: 'Diffusé.', declared: whole });
      const said = { organisation: 'ARS-53', kind: 'done', comment: 'Diffusé.', messageId: 'declared-1' };
      await desk.signal(id, { ...said, declared: { relayed: 10, reached: 11 } });
      await desk.signal(id, { ...said, declared: { relayed: 10, reached: 10 } });
      await desk.settle(id);
      await desk.command(id, { kind: 'accept', organisation: 'ARS-84', by: RELEASER });
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
