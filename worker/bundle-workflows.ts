import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { FAILURE_CONVERTER_PATH } from '../gateway/data-converter.ts';

const WORKFLOWS = fileURLToPath(new URL('../workflows/index.ts', import.meta.url));

/**
 * The rules that workflows follow, with all that these import: loaded once for all workflows of a process, not once for each
 * (docs/adr/0024). They are pure, by the arrows of the architecture: nothing of one workflow stays in them for another.
 */
const SHARED_RULES = [
  'answers',
  'dispatch-delays',
  'early-signal-step',
  'events',
  'instant',
  'instruction-process',
  'relation',
  'reply',
  'sha256',
].map((name) => fileURLToPath(new URL(`../domain/${name}.ts`, import.meta.url)));

/** Bundles all workflows anew. @throws when workflow code imports a Node builtin */
export async function bundleWorkflows(): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: WORKFLOWS,
    failureConverterPath: FAILURE_CONVERTER_PATH,
    preloadModules: SHARED_RULES,
    logger: new DefaultLogger('WARN'),
    webpackConfigHook: (config) => ({ ...config, devtool: 'inline-nosources-source-map' }),
  });
  return code;
}
