import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseKeyRing } from '../../config/keys.ts';
import { keyUses } from '../../worker/key-uses.ts';
import { startInstructionDesk, type InstructionDesk } from '../support/instruction-desk.ts';
import { startOwnTemporal, type OwnTemporal } from '../support/own-temporal.ts';

const NEWER = 'the secret that replaces the one of the tests';
let temporal: OwnTemporal;
let desk: InstructionDesk;
beforeAll(async () => {
  temporal = await startOwnTemporal();
  desk = await startInstructionDesk({ temporalAddress: temporal.address });
});
afterAll(async () => {
  await desk.close();
  await temporal.close();
});

test('a key is needed while workflows, deliveries or audit entries stand on it, and a new one by nobody', async () => {
  await desk.release({ audience: { organisations: ['ARS-84', 'ARS-53'] } });
  const ring = [...parseKeyRing(NEWER), ...desk.keys] as unknown as typeof desk.keys;
  const [newer, used] = await keyUses(ring, desk.database.sql, desk.client);
  expect(newer).toMatchObject({ newest: true, workflows: 0, deliveries: 0, auditEntries: 0 });
  expect(used).toMatchObject({ newest: false, workflows: 1, deliveries: 2 });
  expect(used?.auditEntries).toBeGreaterThan(2);
});
