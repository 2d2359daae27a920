import { createHash } from 'node:crypto';
import type { InstructionFile } from '../../db/read-models/instruction-file.ts';
import { canonicalJson } from '../../domain/canonical-json.ts';
import { describe } from '../../domain/timeline.ts';

/** The file of an instruction as it is handed over. */
export type ExportedFile = ReturnType<typeof exportOf>;

/**
 * The file with its own SHA-256: of its JSON in canonical form (sorted keys, no spaces) without `digest`.
 * @param by who asked, `sub` of the account
 */
export function exportOf(file: InstructionFile, { by, now }: { readonly by: string; readonly now: number }) {
  const { instruction, recipients, relays, files, audit } = file;
  const timeline = file.timeline.map(({ position, recordedAt, fact }) => ({
    position,
    at: new Date(fact.at).toISOString(),
    recordedAt: new Date(recordedAt).toISOString(),
    kind: fact.kind,
    organisation: fact.organisation,
    actor: fact.actor,
    text: describe(fact),
    data: { ...fact.data },
  }));
  const told = {
    exportedAt: new Date(now).toISOString(),
    exportedBy: by,
    instruction,
    recipients,
    relays,
    timeline,
    files,
    audit,
  };
  return { ...told, digest: createHash('sha256').update(canonicalJson(told)).digest('hex') };
}
