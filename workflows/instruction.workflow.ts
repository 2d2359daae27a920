import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { DispatchActivities, DispatchResult } from '../activities/contract.ts';
import type { CommandAnswer } from '../domain/answers.ts';
import type { Message } from '../domain/events.ts';
import { nextDue, step } from '../domain/instruction-process.ts';
import type { InstructionProcess } from '../domain/process.ts';
import { DISPATCH } from './activity-profiles.ts';
import { Alarm } from './alarm.ts';
import type { InstructionInput } from './contract.ts';
import { Dispatcher, dispatchQueue } from './dispatcher.ts';
import { Inbox } from './inbox.ts';
import { listen } from './listen.ts';
import { record, release } from './recording.ts';
import { ReleaseDesk } from './release-desk.ts';
import { SearchIndex } from './search-index.ts';
import { tellFirst } from './supersession.ts';

/**
 * One MINSANTE/CORRUSS message and the follow-up of each of its recipients, from its release until 72 h after the last
 * of them has closed. What happens is decided by the pure rules of `domain/`; here stands when, and what is done about it.
 */
export async function instruction(input: InstructionInput): Promise<void> {
  const story = new Story(input);
  // A cancellation from outside ends no instruction: its recipients are still waited for.
  await CancellationScope.nonCancellable(() => story.tell());
}

type Dispatching = Dispatcher<DispatchResult>;

const ENDED: CommandAnswer = {
  accepted: false,
  refusal: { code: 'ended', detail: 'Cette instruction n’est plus suivie : rédigez une nouvelle instruction.' },
};

class Story {
  private readonly inbox = new Inbox<Message, CommandAnswer>(ENDED);
  private readonly alarm = new Alarm();
  private readonly index = new SearchIndex();
  private readonly releases: ReleaseDesk;
  private process: InstructionProcess | null;

  constructor(input: InstructionInput) {
    const { process, release } = readInput(input);
    this.process = process;
    this.releases = new ReleaseDesk(process?.number ?? null);
    if (release !== null) this.releases.submit(release);
    listen({ inbox: this.inbox, releases: this.releases, process: () => this.process });
  }

  async tell(): Promise<void> {
    const process = this.process ?? (await this.releases.firstGranted(release));
    if (process !== null) await this.followUntilTheEnd(process);
    this.inbox.close();
    await condition(allHandlersFinished);
  }

  private async followUntilTheEnd(released: InstructionProcess): Promise<void> {
    this.process = released;
    await tellFirst(released);
    const dispatcher = this.openDispatcher(released.instruction);
    dispatcher.ask(); // the first mails; in a continuation, whatever the run before may have left
    for (let process = released; process.endedAt === undefined;) {
      this.index.show(process);
      this.alarm.set(nextDue(process), Date.now());
      await condition(() => !this.inbox.isEmpty || this.alarm.rang || this.mayContinueAsNew(dispatcher));
      if (this.inbox.isEmpty && !this.alarm.rang) await this.continueWith(process);
      process = await this.turn(process, dispatcher);
    }
    await condition(() => dispatcher.isIdle);
  }

  /** Takes in everything that came and everything that is due, records it, and only then answers. */
  private async turn(before: InstructionProcess, dispatcher: Dispatching): Promise<InstructionProcess> {
    const batch = this.inbox.takeAll();
    const { process, changes, answers, dispatch } = step(before, batch.messages, Date.now());
    this.process = process;
    if (changes !== null) {
      const recorded = await record(changes, process);
      for (const report of recorded.noContact) this.inbox.put({ kind: 'delivery', at: Date.now(), report });
    }
    // Only what is recorded can be sent: asked before, the dispatch would find nothing and be asked again.
    if (dispatch) dispatcher.ask();
    batch.settle(answers);
    return process;
  }

  private openDispatcher(instruction: string): Dispatching {
    const { dispatchInstruction } = proxyActivities<DispatchActivities>({ ...DISPATCH, taskQueue: dispatchQueue() });
    return new Dispatcher({
      send: () => dispatchInstruction(instruction, Date.now()),
      givenUp: { reports: [], waiting: 1 },
      onResult: ({ reports, waiting }) => this.inbox.put({ kind: 'dispatched', at: Date.now(), reports, waiting }),
    });
  }

  /** When the history has grown long, and nothing is under way that a new run could not know of. */
  private mayContinueAsNew(dispatcher: Dispatching): boolean {
    return workflowInfo().continueAsNewSuggested && this.inbox.isEmpty && dispatcher.isIdle && allHandlersFinished();
  }

  private continueWith(process: InstructionProcess): Promise<never> {
    const input: InstructionInput = { version: 1, process };
    return continueAsNew<typeof instruction>(input);
  }
}

function readInput(input: InstructionInput) {
  if ('process' in input) return { process: input.process, release: null };
  if ('release' in input) return { process: null, release: input.release };
  // Started by hand in plain JSON: nobody can say who releases.
  throw ApplicationFailure.nonRetryable('An instruction is released through the API only', 'UnknownInput');
}
