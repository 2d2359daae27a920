import { dirname, join } from 'node:path';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { readTestServersFile } from '../../config/env.ts';
import { workflowBundle } from '../../worker/bundle.ts';

/** The SDK's native part, telling errors only; to be shut down at the end of the file. */
export function quietRuntime(): void {
  const filter = { core: 'ERROR', other: 'ERROR' } as const;
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter } },
    shutdownSignals: [],
  });
}

/** The bundle of all workflows, once for a run: beside its servers, so that it goes with them. */
export function testBundle(): Promise<string> {
  const file = readTestServersFile();
  if (file === null) throw new Error('The desk of the tests runs only under Jest');
  return workflowBundle(join(dirname(file), 'bundles'));
}
