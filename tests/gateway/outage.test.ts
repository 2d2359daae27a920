import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseKeyRing } from '../../config/keys.ts';
import { connectGateway, type TemporalGateway } from '../../gateway/connection.ts';
import { EngineUnavailable, NoSuchWorkflow } from '../../gateway/engine-errors.ts';
import { checkEngine } from '../../gateway/health.ts';
import { instructionGateway, type InstructionGateway } from '../../gateway/instruction-gateway.ts';
import { startOwnTemporal, type OwnTemporal } from '../support/own-temporal.ts';
import { until } from '../support/wait.ts';

const ID = '0198c0de-0000-7000-8000-00000000abcd';
const by = { sub: 'corruss-valideur', organisation: 'CORRUSS', roles: ['releaser'] };
let temporal: OwnTemporal;
let gateway: TemporalGateway;
let instructions: InstructionGateway;

beforeAll(async () => {
  temporal = await startOwnTemporal();
  const keys = parseKeyRing('a secret of the tests of more than thirty-two characters');
  gateway = await connectGateway({ address: temporal.address, namespace: 'default', keys });
  instructions = instructionGateway(gateway);
});
afterAll(async () => {
  await gateway.close();
  await temporal.close();
});

const release = () => instructions.release({ instruction: ID, version: null, by, emergencyReason: null });
const accept = () => instructions.command(ID, { kind: 'accept', organisation: 'ARS-84', by });
/** Without deadlines a client hangs for 18 to 21 s; with them for 3. */
const promptly = <T>(call: Promise<T>): Promise<T> =>
  Promise.race([
    call,
    new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error('no answer within 12 s')), 12_000).unref();
    }),
  ]);

test('a workflow that was never started is no outage', async () => {
  await expect(accept()).rejects.toBeInstanceOf(NoSuchWorkflow);
  await expect(instructions.process(ID)).rejects.toBeInstanceOf(NoSuchWorkflow);
});

test('without a worker a release is told «outcome unknown» in good time, and health names the queues', async () => {
  await expect(promptly(release())).rejects.toMatchObject({ name: 'EngineUnavailable', outcomeUnknown: true });
  const queues = ['coordination', 'dispatch', 'mailing'];
  expect(await checkEngine(gateway)).toEqual({ reachable: true, queuesWithoutPoller: queues });
});

test('with Temporal away every call ends as unavailable in good time, and the same client works when it is back', async () => {
  await temporal.stop();
  const calls = [release(), accept(), instructions.process(ID), instructions.signalReply(ID, {})];
  for (const call of await Promise.allSettled(calls.map((call) => promptly<unknown>(call)))) {
    expect(call).toMatchObject({ status: 'rejected', reason: { name: 'EngineUnavailable' } });
    const reason: unknown = call.status === 'rejected' ? call.reason : undefined;
    expect(reason).toBeInstanceOf(EngineUnavailable);
    expect((reason as EngineUnavailable).retryAfterSeconds).toBeGreaterThan(0);
  }
  expect(await promptly(checkEngine(gateway))).toMatchObject({ reachable: false });
  await temporal.start();
  await until('the engine', async () => (await checkEngine(gateway)).reachable);
});
