import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  continueAsNew,
  defineUpdate,
  getExternalWorkflowHandle,
  log,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { MailingSlice, RelayActivities, RelayStep } from '../activities/contract.ts';
import { DISPATCH_DELAYS } from '../domain/dispatch-delays.ts';
import type { RelayAnswer, RelayAsk } from '../domain/relay.ts';
import type { ReplyInput } from '../domain/reply-kinds.ts';
import { MAILING, PATIENT_RECORDING, QUICK_RECORDING } from './activity-profiles.ts';
import { instructionWorkflowId, RELAY_UPDATE, REPLY_SIGNAL, type RelayInput } from './contract.ts';
import { mailingQueue } from './mailing.ts';
import { isActivityTrouble, quickThenPatient } from './recording.ts';
import { fromTheDesk } from './sealed.ts';

const quick = proxyLocalActivities<RelayActivities>(QUICK_RECORDING);
const patient = proxyActivities<RelayActivities>(PATIENT_RECORDING);

const askUpdate = defineUpdate<RelayAnswer, [RelayAsk]>(RELAY_UPDATE);
/** Started without being asked anything: by hand. */
const NOBODY_ASKS = '1 minute';

/**
 * The relay of one «pour diffusion» by one ARS, as long as something is to be sent: each ask is an Update, the mails are rows
 * of PostgreSQL that an activity sends slice by slice, so that thousands of partners cost a handful of events.
 */
export async function relay(input: RelayInput): Promise<void> {
  // A later version than this code knows is left to a later code.
  if ((input.version as number) !== 1)
    throw ApplicationFailure.retryable(`RelayInput of version ${String(input.version)}`);
  const story = new RelayStory(input);
  setHandler(askUpdate, (ask) => story.take(ask), { validator: fromTheDesk });
  await story.tell();
}

class RelayStory {
  private readonly input: RelayInput;
  private relay: string | null;
  private wanted: boolean;
  private asked = false;
  private readonly said: ReplyInput[] = [];

  constructor(input: RelayInput) {
    this.input = input;
    this.relay = input.relay ?? null;
    this.wanted = this.relay !== null;
  }

  async take(ask: RelayAsk): Promise<RelayAnswer> {
    const { instruction, organisation } = this.input;
    const now = Date.now();
    const step: RelayStep = await quickThenPatient(
      () => quick.takeRelay(instruction, organisation, ask, now),
      () => patient.takeRelay(instruction, organisation, ask, now),
    );
    this.asked = true;
    if (step.answer.accepted) {
      this.relay = step.answer.relay;
      this.wanted = true;
    }
    if (step.reply !== null) this.said.push(step.reply);
    return step.answer;
  }

  async tell(): Promise<void> {
    if (!this.wanted) await condition(() => this.asked, NOBODY_ASKS);
    await condition(allHandlersFinished);
    for (let idle = 0; this.wanted && this.relay !== null;) {
      await this.report();
      this.wanted = false;
      const { tried, waiting } = await this.send(this.relay);
      idle = tried > 0 ? 0 : idle + 1;
      if (waiting > 0) await this.again(this.relay, idle);
      else await this.end(this.relay);
      await condition(allHandlersFinished);
    }
    await this.report();
  }

  private async send(relay: string): Promise<MailingSlice> {
    const { sendRelay } = proxyActivities<RelayActivities>({ ...MAILING, taskQueue: mailingQueue() });
    try {
      return await sendRelay(relay, Date.now());
    } catch (error) {
      if (!isActivityTrouble(error)) throw error;
      log.error('Relaying was given up, and is tried again', { error });
      return { tried: 0, waiting: 1 };
    }
  }

  /** Something is left: at once while mails leave, later when none did. */
  private async again(relay: string, idle: number): Promise<void> {
    const delay = DISPATCH_DELAYS[Math.min(idle, DISPATCH_DELAYS.length) - 1];
    if (delay !== undefined) await sleep(delay);
    this.wanted = true;
    if (!workflowInfo().continueAsNewSuggested || !allHandlersFinished()) return;
    await this.report();
    await continueAsNew<Relay>({ ...this.input, relay });
  }

  private async end(relay: string): Promise<void> {
    const now = Date.now();
    const reply = await quickThenPatient(
      () => quick.endRelay(relay, now),
      () => patient.endRelay(relay, now),
    );
    if (reply !== null) this.said.push(reply);
  }

  /** Tells the instruction, each reply once by its `messageId`; one that nobody follows any more needs no telling. */
  private async report(): Promise<void> {
    for (let reply = this.said.shift(); reply !== undefined; reply = this.said.shift()) {
      try {
        const handle = getExternalWorkflowHandle(instructionWorkflowId(this.input.instruction));
        await handle.signal<[ReplyInput]>(REPLY_SIGNAL, reply);
      } catch (error) {
        if (!isActivityTrouble(error)) throw error;
        log.warn('The instruction is not followed any more', { error });
      }
    }
  }
}

type Relay = typeof relay;
