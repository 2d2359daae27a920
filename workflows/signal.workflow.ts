import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  defineQuery,
  defineUpdate,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { SignalActivities, SignalMailActivities, SignalSending } from '../activities/contract.ts';
import type { EarlySignal, SignalAnswer, SignalCommand, SignalMessage } from '../domain/early-signal.ts';
import { isOver, nextDue, step } from '../domain/early-signal-step.ts';
import { NOTICE_SENDING, PATIENT_RECORDING, QUICK_RECORDING } from './activity-profiles.ts';
import { Alarm } from './alarm.ts';
import { COMMAND_UPDATE, PROCESS_QUERY, type EarlySignalInput } from './contract.ts';
import { Dispatcher, dispatchQueue } from './dispatcher.ts';
import { Inbox } from './inbox.ts';
import { fromTheDesk } from './listen.ts';
import { quickThenPatient } from './recording.ts';

const quick = proxyLocalActivities<SignalActivities>(QUICK_RECORDING);
const patient = proxyActivities<SignalActivities>(PATIENT_RECORDING);

const commandUpdate = defineUpdate<SignalAnswer, [SignalCommand]>(COMMAND_UPDATE);
const processQuery = defineQuery<EarlySignal | null>(PROCESS_QUERY);

const ENDED: SignalAnswer = {
  accepted: false,
  code: 'ended',
  detail: 'Ce signal n’est plus suivi : un fait nouveau est un nouveau signal.',
};

/**
 * One early signal of an ARS («signal précoce»), from its first lines until the desk has closed it or the ARS has withdrawn it, and
 * everybody has been told. Its words stay in PostgreSQL; what comes in here names them by their ids.
 */
export async function signal(input: EarlySignalInput): Promise<void> {
  // A later version than this code knows is left to a later code.
  if ((input.version as number) !== 1)
    throw ApplicationFailure.retryable(`EarlySignalInput of version ${String(input.version)}`);
  const story = new SignalStory(input);
  // A cancellation from outside ends no signal: the desk must still read it.
  await CancellationScope.nonCancellable(() => story.tell());
}

class SignalStory {
  private readonly inbox = new Inbox<SignalMessage, SignalAnswer>(ENDED);
  private readonly alarm = new Alarm();
  private readonly id: string;
  private signal: EarlySignal | null;

  constructor(input: EarlySignalInput) {
    this.signal = 'process' in input ? input.process : null;
    this.id = 'process' in input ? input.process.signal : input.signal;
    const ask = (command: SignalCommand) => this.inbox.ask({ kind: 'command', at: Date.now(), command });
    setHandler(commandUpdate, ask, { validator: fromTheDesk });
    setHandler(processQuery, () => this.signal);
  }

  async tell(): Promise<void> {
    const stored = this.signal ?? (await this.open());
    if (stored !== null) await this.followUntilTheEnd(stored);
    this.inbox.close();
    await condition(allHandlersFinished);
  }

  private open(): Promise<EarlySignal | null> {
    return quickThenPatient(
      () => quick.openSignal(this.id),
      () => patient.openSignal(this.id),
    );
  }

  private async followUntilTheEnd(stored: EarlySignal): Promise<void> {
    const dispatcher = this.openDispatcher();
    // Followed before, in another run: whatever that one may have left.
    if (stored.seq > 0) dispatcher.ask();
    let signal = await this.turn(stored, dispatcher);
    while (!(isOver(signal) && this.inbox.isEmpty)) {
      this.alarm.set(nextDue(signal), Date.now());
      await condition(() => !this.inbox.isEmpty || this.alarm.rang || this.mayContinueAsNew(dispatcher));
      if (this.inbox.isEmpty && !this.alarm.rang) await this.continueWith(signal);
      signal = await this.turn(signal, dispatcher);
    }
    await condition(() => dispatcher.isIdle);
  }

  /** Takes in everything that came and everything that is due, records it, and only then answers. */
  private async turn(before: EarlySignal, dispatcher: Dispatcher<SignalSending>): Promise<EarlySignal> {
    const batch = this.inbox.takeAll();
    const { signal, changes, answers, dispatch } = step(before, batch.messages, Date.now());
    this.signal = signal;
    if (changes !== null) {
      const nobody = await quickThenPatient(
        () => quick.recordSignal(changes),
        () => patient.recordSignal(changes),
      );
      if (nobody.length > 0) this.inbox.put({ kind: 'mails', at: Date.now(), reports: nobody, waiting: null });
    }
    // Only what is recorded can be sent.
    if (dispatch) dispatcher.ask();
    batch.settle(answers);
    return signal;
  }

  private openDispatcher(): Dispatcher<SignalSending> {
    const { sendSignalMails } = proxyActivities<SignalMailActivities>({
      ...NOTICE_SENDING,
      taskQueue: dispatchQueue(),
    });
    return new Dispatcher({
      send: () => sendSignalMails(this.id, Date.now()),
      givenUp: { reports: [], waiting: 1 },
      onResult: ({ reports, waiting }) => this.inbox.put({ kind: 'mails', at: Date.now(), reports, waiting }),
    });
  }

  /** When the history has grown long, and nothing is under way that a new run could not know of. */
  private mayContinueAsNew(dispatcher: Dispatcher<SignalSending>): boolean {
    return workflowInfo().continueAsNewSuggested && this.inbox.isEmpty && dispatcher.isIdle && allHandlersFinished();
  }

  private continueWith(process: EarlySignal): Promise<never> {
    return continueAsNew<typeof signal>({ version: 1, process });
  }
}
