import { createRequire, registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

const GLOBALS = 'vigie.jest.globals';
/**
 * `@jest/globals`, which outside of Jest's own loader only throws. Loaded once, also by what test files share: whatever is
 * called belongs to the file that runs.
 */
const LIVE = `
const ofFile = () => globalThis[Symbol.for('${GLOBALS}')];
const live = (name) => new Proxy(() => undefined, {
  apply: (_function, self, given) => Reflect.apply(ofFile()[name], self, given),
  get: (_function, key) => ofFile()[name][key],
});
${['afterAll', 'afterEach', 'beforeAll', 'beforeEach', 'describe', 'expect', 'test']
  .map((name) => `export const ${name} = live('${name}');`)
  .join('\n')}
`;
const PACKAGE = pathToFileURL(createRequire(import.meta.url).resolve('@jest/globals')).href;
registerHooks({
  load: (url, context, next) =>
    url === PACKAGE ? { format: 'module', source: LIVE, shortCircuit: true } : next(url, context),
});

const setGlobal = (name: string, value: unknown): void => void Object.assign(globalThis, { [Symbol.for(name)]: value });

type Given = readonly [config: object, environment: object, resolver: object, transformer: object, files: object];

/**
 * What Jest's runner asks of a runtime, answered by Node itself: a worker loads each module once, by Node's own loader, and
 * not once for each test file by Jest's (docs/adr/0044). How tests run (hooks, limits of time, tries) is jest-circus's affair.
 */
export default class BareRuntime {
  readonly #require: NodeJS.Require;

  constructor(...[, , , , , , testFile]: [...Given, coverage: object, testFile: string]) {
    this.#require = createRequire(testFile);
    // As `jest.retryTimes(1, { logErrorsBeforeRetry: true })`. Whole systems on a busy machine: a test is tried a second time,
    // and its first failure stays in the output to be looked into.
    setGlobal('RETRY_TIMES', 1);
    setGlobal('LOG_ERRORS_BEFORE_RETRY', true);
  }

  /** jest-circus, anew for each file, whose tests it keeps in its module. */
  requireInternalModule(path: string): unknown {
    setGlobal('EVENT_HANDLERS', undefined);
    Reflect.deleteProperty(this.#require.cache, this.#require.resolve(path));
    return this.#require(path);
  }

  requireModule(path: string): unknown {
    return this.#require(path);
  }

  unstable_shouldLoadAsEsm(): boolean {
    return true;
  }

  /** Once in a worker: what changes while Jest watches is not read again. */
  async unstable_importModule(path: string): Promise<unknown> {
    return import(pathToFileURL(path).href);
  }

  setGlobalsForRuntime(globals: object): void {
    setGlobal(GLOBALS, globals);
  }

  /** None: Node strips types in place. */
  getSourceMaps(): ReadonlyMap<string, string> {
    return new Map();
  }

  getAllCoverageInfoCopy(): undefined {
    return undefined;
  }

  enterTestCode(): void {
    // For messages of Jest's own loader.
  }

  leaveTestCode(): void {
    // The same.
  }

  teardown(): void {
    // What was loaded stays for the files to come.
  }
}
