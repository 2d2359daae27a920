import {
  allHandlersFinished,
  condition,
  defineSignal,
  defineUpdate,
  getExternalWorkflowHandle,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';

export interface BareActivities {
  release(): Promise<number>;
  record(): Promise<void>;
  send(): Promise<void>;
}

const local = proxyLocalActivities<BareActivities>({ startToCloseTimeout: '4 s' });

/**
 * The shape of an instruction and nothing of its content: an Update awaits the release, one dispatch sends the first
 * mails and its report is recorded, each of the recipients confirms by an Update that answers when recorded and has its
 * echo sent and recorded, a last dispatch sends the result and is recorded.
 */
export async function bare(recipients: number): Promise<void> {
  const { send } = proxyActivities<BareActivities>({
    taskQueue: workflowInfo().taskQueue.replace('coordination', 'dispatch'),
    startToCloseTimeout: '1 minute',
    heartbeatTimeout: '8 s',
  });
  let released = 0;
  const inbox: (() => void)[] = [];
  let confirmed = 0;
  setHandler(defineUpdate<number>('released'), async () => {
    await condition(() => released > 0);
    return released;
  });
  setHandler(defineUpdate<undefined, [object]>('command'), async () => {
    await new Promise<void>((resolve) => inbox.push(resolve));
    return undefined;
  });
  released = await local.release();
  await send();
  await local.record();
  while (confirmed < recipients) {
    await condition(() => inbox.length > 0);
    const batch = inbox.splice(0);
    await local.record();
    confirmed += batch.length;
    for (const answer of batch) answer();
    await send(); // the echo to the alert box
    await local.record();
  }
  await send();
  await local.record();
  await condition(allHandlersFinished);
}

const heard = defineSignal('heard');

/** The shape of a follow-up that hears of its mails: as many signals as it expects, recorded turn by turn. */
export async function bareListener(expected: number): Promise<void> {
  let waiting = 0;
  setHandler(heard, () => void (waiting += 1));
  for (let recorded = 0; recorded < expected;) {
    await condition(() => waiting > 0);
    recorded += waiting;
    waiting = 0;
    await local.record();
  }
}

/** The shape of a received mail: one local activity, one signal. */
export async function bareMail(listener: string): Promise<void> {
  await local.record();
  await getExternalWorkflowHandle(listener).signal(heard);
}
