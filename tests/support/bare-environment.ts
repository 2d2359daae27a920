/** No world of its own for a test file: it runs in the Node of its worker, as the programs do (docs/adr/0044). */
export default class BareEnvironment {
  /** Where Jest lays out what tests may use without importing it; ours import it. */
  readonly global = {};

  getVmContext(): null {
    return null;
  }

  setup(): void {
    // Nothing.
  }

  teardown(): void {
    // Nothing.
  }
}
