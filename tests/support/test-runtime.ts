import { DefaultLogger, Runtime } from '@temporalio/worker';
import { workflowBundle } from '../../worker/bundle.ts';
import { testCache } from './servers.ts';

let runs = false;

/**
 * The SDK's native part, telling errors only; to be ended at the end of the file. Of a file that could not end it the next one
 * of its worker takes it over.
 */
export function quietRuntime(): void {
  if (runs) return;
  const filter = { core: 'ERROR', other: 'ERROR' } as const;
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter } },
    shutdownSignals: [],
  });
  runs = true;
}

export async function endRuntime(): Promise<void> {
  await Runtime.instance().shutdown();
  runs = false;
}

/** The bundle of all workflows, made once for a run. */
export const testBundle = (): Promise<string> => workflowBundle(testCache());
