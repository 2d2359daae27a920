import { DefaultLogger, Runtime } from '@temporalio/worker';
import { workflowBundle } from '../../worker/bundle.ts';
import { testCache } from './servers.ts';

/** The SDK's native part, telling errors only; to be shut down at the end of the file. */
export function quietRuntime(): void {
  const filter = { core: 'ERROR', other: 'ERROR' } as const;
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter } },
    shutdownSignals: [],
  });
}

/** The bundle of all workflows, made once for a run. */
export const testBundle = (): Promise<string> => workflowBundle(testCache());
