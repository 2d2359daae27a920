import type { DeliveryReport, Message } from '../../../domain/events.ts';
import type { Instant } from '../../../domain/instant.ts';
import { step } from '../../../domain/instruction-process.ts';
import type { InstructionProcess } from '../../../domain/process.ts';
import { recordTurn } from './record.ts';
import type { Recorder } from './write-changes.ts';

/**
 * Takes in what the release itself found out (nobody to write to), turn by turn, until nothing new comes of it: the ladder
 * of a recipient without an alert box goes to its next contact at once. A ladder is finite, hence so is this.
 */
export async function recordSteps(
  recorder: Recorder,
  process: InstructionProcess,
  reports: readonly DeliveryReport[],
  now: Instant,
): Promise<InstructionProcess> {
  let current = process;
  let pending = reports;
  while (pending.length > 0) {
    const messages = pending.map((report): Message => ({ kind: 'delivery', at: now, report }));
    const next = step(current, messages, now);
    current = next.process;
    if (next.changes === null) return current;
    const result = await recordTurn(recorder, next.changes);
    if (result.outcome !== 'recorded') throw new Error(`A turn of the release itself was found ${result.outcome}`);
    pending = result.noContact;
  }
  return current;
}
