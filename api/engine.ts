/** What the gateway throws when Temporal is away, told by its name so that a fake engine in a test counts as well. */
export function isEngineUnavailable(
  error: unknown,
): error is Error & { retryAfterSeconds: number; outcomeUnknown: boolean } {
  return Error.isError(error) && error.name === 'EngineUnavailable';
}

/** Never released, or ended 72 hours after its closing. */
export const isNoSuchWorkflow = (error: unknown): boolean => Error.isError(error) && error.name === 'NoSuchWorkflow';
