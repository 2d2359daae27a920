import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { Instant } from '../domain/instant.ts';
import type { InstructionProcess } from '../domain/process.ts';
import { SEARCH_ATTRIBUTES } from './contract.ts';

const KIND = defineSearchAttributeKey(SEARCH_ATTRIBUTES.kind, SearchAttributeType.KEYWORD);
const NATURE = defineSearchAttributeKey(SEARCH_ATTRIBUTES.nature, SearchAttributeType.KEYWORD);
const EXERCISE = defineSearchAttributeKey(SEARCH_ATTRIBUTES.exercise, SearchAttributeType.BOOL);
const DUE_AT = defineSearchAttributeKey(SEARCH_ATTRIBUTES.dueAt, SearchAttributeType.DATETIME);

/**
 * What the Temporal UI and CLI find an instruction by. Written only where the workflow was started with its kind: on a
 * server without these attributes an upsert would fail every workflow task.
 */
export class SearchIndex {
  show(process: InstructionProcess): void {
    const attributes = workflowInfo().typedSearchAttributes;
    if (attributes.get(KIND) === undefined) return;
    if (attributes.get(NATURE) === undefined) {
      upsertSearchAttributes([
        { key: NATURE, value: process.terms.nature },
        { key: EXERCISE, value: process.terms.exercise },
      ]);
    }
    const dueAt = earliestDeadline(process);
    if (dueAt === (attributes.get(DUE_AT)?.getTime() ?? null)) return;
    upsertSearchAttributes([{ key: DUE_AT, value: dueAt === null ? null : new Date(dueAt) }]);
  }
}

/** The next deadline of a recipient that is still waited for; null when none is. */
function earliestDeadline({ followUps }: InstructionProcess): Instant | null {
  const deadlines = followUps.flatMap(({ closed, deadline }) => (closed || deadline === null ? [] : [deadline]));
  return deadlines.length === 0 ? null : Math.min(...deadlines);
}
