import { isGrpcServiceError, ServiceError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';

/** gRPC status codes (grpc/grpc `statuscodes.md`) that say «not now» and nothing about the request. */
const NOT_NOW: Readonly<Record<number, string>> = {
  1: 'CANCELLED',
  4: 'DEADLINE_EXCEEDED',
  8: 'RESOURCE_EXHAUSTED',
  14: 'UNAVAILABLE',
};
const NOT_FOUND = 5;
const FAILED_PRECONDITION = 9;
const ABORTED = 10;
const RESOURCE_EXHAUSTED = 8;
const UNAVAILABLE = 14;

/** Temporal did not answer in time, or at all. The API says 503 with `Retry-After`. */
export class EngineUnavailable extends Error {
  override readonly name = 'EngineUnavailable';
  readonly retryAfterSeconds: number;
  /** The request may have been taken: to be asked again with the same key, not taken for lost. */
  readonly outcomeUnknown: boolean;

  constructor(options: { retryAfterSeconds: number; outcomeUnknown: boolean; cause: unknown }) {
    super('Temporal is not available', { cause: options.cause });
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.outcomeUnknown = options.outcomeUnknown;
  }
}

/** No such workflow, or it has ended: an instruction listens 72 hours after its closing. */
export class NoSuchWorkflow extends Error {
  override readonly name = 'NoSuchWorkflow';
  readonly workflowId: string;

  constructor(workflowId: string, cause: unknown) {
    super(`No workflow ${workflowId} is running`, { cause });
    this.workflowId = workflowId;
  }
}

/** The gRPC status of an error of the SDK, or of what caused it. */
export function grpcCode(error: unknown): number | undefined {
  if (isGrpcServiceError(error)) return error.code;
  if (error instanceof Error && error.cause !== undefined) return grpcCode(error.cause);
  return undefined;
}

/** True when the call ran into its deadline or was cut: the engine may have taken it. */
export const isTimeout = (error: unknown): boolean =>
  error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || [1, 4].includes(grpcCode(error) ?? -1);

/**
 * True when an Update met the end of a run: its workflow task was thrown away with it (a message came while the workflow
 * continued as new or ended), or the run closed around it. The next run takes it.
 */
export function metTheEndOfARun(error: unknown): boolean {
  const code = grpcCode(error);
  if (code === ABORTED) return true;
  return code === FAILED_PRECONDITION && /workflow task|closing/i.test(detailsOf(error));
}

/**
 * What a caller gets for an error of the SDK: `NoSuchWorkflow`, `EngineUnavailable`, or the error itself when it is
 * neither (a defect of ours, to be seen).
 * @param changes whether the request may change something; then an outage leaves its outcome unknown
 */
export function engineError(error: unknown, workflowId: string, changes: boolean): unknown {
  const code = grpcCode(error);
  if (error instanceof WorkflowNotFoundError || code === NOT_FOUND) return new NoSuchWorkflow(workflowId, error);
  const timeout = isTimeout(error) || metTheEndOfARun(error);
  const unreachable = error instanceof ServiceError && code === undefined;
  if (!timeout && !unreachable && (code === undefined || NOT_NOW[code] === undefined)) return error;
  // Refused for load before anything was done; a broken connection or a passed deadline tells nothing.
  const surelyNotTaken = code === RESOURCE_EXHAUSTED;
  return new EngineUnavailable({
    retryAfterSeconds: code === UNAVAILABLE ? 5 : 2,
    outcomeUnknown: changes && !surelyNotTaken,
    cause: error,
  });
}

function detailsOf(error: unknown): string {
  if (isGrpcServiceError(error)) return error.details;
  return error instanceof Error ? detailsOf(error.cause) : '';
}
