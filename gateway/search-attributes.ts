import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import { SEARCH_ATTRIBUTES } from '../workflows/contract.ts';
import type { TemporalGateway } from './connection.ts';

const KIND = defineSearchAttributeKey(SEARCH_ATTRIBUTES.kind, SearchAttributeType.KEYWORD);
const ASK_AGAIN_AFTER_MS = 60_000;

/**
 * The attributes with which a workflow is started, or none where the server does not have ours: an unknown one would
 * refuse the start. The workflow adds the others when it finds this one on itself.
 */
export function startAttributes(
  gateway: TemporalGateway,
): (kind: string) => Promise<TypedSearchAttributes | undefined> {
  let present = false;
  let asked = 0;
  return async (kind) => {
    if (!present && Date.now() - asked > ASK_AGAIN_AFTER_MS) {
      present = await hasOurs(gateway);
      asked = Date.now();
    }
    return present ? new TypedSearchAttributes([{ key: KIND, value: kind }]) : undefined;
  };
}

async function hasOurs(gateway: TemporalGateway): Promise<boolean> {
  try {
    const { customAttributes } = await gateway.client.connection.operatorService.listSearchAttributes({
      namespace: gateway.namespace,
    });
    return Object.values(SEARCH_ATTRIBUTES).every((name) => name in customAttributes);
  } catch {
    // Temporal Cloud does not open this service; an outage shows in the start that follows. Either way: without.
    return false;
  }
}
