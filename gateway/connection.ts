import { Client, Connection, type ConnectionOptions } from '@temporalio/client';
import type { KeyRing } from '../config/keys.ts';
import type { TemporalAccess } from '../config/env.ts';
import { createDataConverter } from './data-converter.ts';

/** A plain call (signal, query, description) may last this long; an Update a second more. Clients hang 18–21 s otherwise. */
export const CALL_TIMEOUT_MS = 2_000;
export const UPDATE_TIMEOUT_MS = 3_000;
/**
 * How long a worker may think about one task. One that was killed with a task in hand holds its workflow for that long (10 s by
 * default); an honest task takes some 50 ms, and one that waits for a local activity asks for more time by itself.
 */
export const TASK_TIMEOUT = '3 s';

export interface GatewayOptions extends TemporalAccess {
  readonly keys: KeyRing;
  /** Whether an unknown key id was ever used by this desk (see `createPayloadCodec`). */
  readonly isOurs?: (keyId: string) => Promise<boolean>;
}

/** The one way to Temporal of everything outside the sandbox. */
export interface TemporalGateway {
  readonly client: Client;
  readonly namespace: string;
  close(): Promise<void>;
}

/**
 * Opens the client without touching the network: a role starts and serves its reads while Temporal is away.
 * Transport security and API key come with the options (`TEMPORAL_TLS_*`, `TEMPORAL_API_KEY`).
 */
export function connectGateway(options: GatewayOptions): Promise<TemporalGateway> {
  const connection = Connection.lazy(connectionOptions(options));
  const client = new Client({
    connection,
    namespace: options.namespace,
    dataConverter: createDataConverter(options.keys, options.isOurs),
  });
  return Promise.resolve({ client, namespace: options.namespace, close: () => connection.close() });
}

function connectionOptions({ address, apiKey, tls }: TemporalAccess): ConnectionOptions {
  return {
    address,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(tls === undefined ? {} : { tls }),
    connectTimeout: CALL_TIMEOUT_MS,
    channelArgs: {
      // gRPC's own default waits up to two minutes before it tries again a server that was away.
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.min_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': 1_000,
    },
  };
}
