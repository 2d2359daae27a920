import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import type { KeyRing } from '../config/keys.ts';
import { createPayloadCodec } from './payload-codec.ts';

/** Goes into the workflow bundle too: the sandbox converts failures itself. */
export const FAILURE_CONVERTER_PATH = fileURLToPath(new URL('./failure-converter.cjs', import.meta.url));

/** One converter for every client and worker: JSON, sealed by the codec, failures included. */
export function createDataConverter(ring: KeyRing, isOurs?: (keyId: string) => Promise<boolean>): DataConverter {
  return { failureConverterPath: FAILURE_CONVERTER_PATH, payloadCodecs: [createPayloadCodec(ring, isOurs)] };
}
