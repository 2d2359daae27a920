import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import proto from '@temporalio/proto';
import { childEnvironment } from '../config/env.ts';
import { until } from './ports.ts';
import { type Command } from './processes.ts';

const { IndexedValueType } = proto.temporal.api.enums.v1;

/** Each key with its reason; measured on two cores. */
const DYNAMIC_CONFIG: Readonly<Record<string, unknown>> = {
  // Defaults of 20 reads a second cost 50 ms a step.
  'history.transferProcessorMaxPollRPS': 2000,
  'history.timerProcessorMaxPollRPS': 2000,
  'history.visibilityProcessorMaxPollRPS': 200,
  // Default 1 s: a timer of 1 ms takes a second.
  'history.timerProcessorMaxTimeShift': '1ms',
  // Default 10: 18 updates at once take 1.9 s instead of 47 ms.
  'history.maxInFlightUpdates': 100,
  // Default 1 s: continue-as-new gets a back-off, and a skipped clock goes wild.
  'history.workflowIdReuseMinimalInterval': '0s',
  // Exercises and tests push the clock of one workflow; only this embedded server lets them.
  'frontend.WorkflowTimeSkippingEnabled': true,
  'frontend.WorkflowTimeSkippingMaxSkipPerSession': 100_000,
};

/** Shown and searched in the Temporal UI and CLI; the desk's own lists never ask for them. */
export const SEARCH_ATTRIBUTES = {
  VigieKind: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  VigieNature: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  VigieTerritory: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  VigieDueAt: IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
  VigieExercise: IndexedValueType.INDEXED_VALUE_TYPE_BOOL,
} as const;

const RETENTION_MS = 90 * 86_400_000;

export interface TemporalServerOptions {
  readonly cli: string;
  readonly port: number;
  /** null: no web page. */
  readonly uiPort: number | null;
  /** null: in memory. */
  readonly file: string | null;
  /** 2 survives a power cut; 1 may lose the last commits in one and is faster. */
  readonly synchronous: 1 | 2;
}

export function temporalServerCommand(options: TemporalServerOptions): Command {
  const store =
    options.file === null
      ? []
      : [
          ...['--db-filename', options.file],
          ...['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', `synchronous=${options.synchronous}`],
        ];
  const ui =
    options.uiPort === null ? ['--headless'] : ['--ui-port', String(options.uiPort), '--ui-disable-news-fetch'];
  return {
    file: options.cli,
    args: [
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(options.port), '--log-level', 'warn'],
      ...ui,
      ...store,
      ...Object.entries(DYNAMIC_CONFIG).flatMap(([key, value]) => [
        '--dynamic-config-value',
        `${key}=${JSON.stringify(value)}`,
      ]),
    ],
    env: childEnvironment({}),
  };
}

/**
 * Until the server answers; then sets the namespace's retention (default 24 h) and adds the missing search attributes.
 * @param address host:port
 */
export async function readyTemporal(
  address: string,
  {
    namespace = 'default',
    limitMs = 30_000,
    signal,
  }: { namespace?: string; limitMs?: number; signal?: AbortSignal } = {},
): Promise<void> {
  const given = signal === undefined ? {} : { signal };
  const connection = await until('Temporal', () => Connection.connect({ address, connectTimeout: '1s' }), {
    limitMs,
    ...given,
  });
  try {
    await until('the namespace of Temporal', () => prepareNamespace(connection, namespace), { limitMs, ...given });
  } finally {
    await connection.close();
  }
}

/** Repeatable at every start. */
async function prepareNamespace(connection: Connection, namespace: string): Promise<boolean> {
  return connection.withDeadline(Date.now() + 5_000, async () => {
    await connection.workflowService.updateNamespace({
      namespace,
      config: { workflowExecutionRetentionTtl: msToTs(RETENTION_MS) },
    });
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    const missing = Object.entries(SEARCH_ATTRIBUTES).filter(([name]) => !(name in customAttributes));
    if (missing.length > 0) {
      await connection.operatorService.addSearchAttributes({
        namespace,
        searchAttributes: Object.fromEntries(missing),
      });
    }
    return true;
  });
}
