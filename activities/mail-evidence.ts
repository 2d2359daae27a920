import { acceptedKind } from '../channels/file-kind.ts';
import type { ReceivedAttachment } from '../channels/inbound/received-mail.ts';
import { newId } from '../db/database.ts';
import type { KeptFile } from '../db/stores/process/inbound-mail.ts';
import type { MailFile } from '../domain/mail-reading.ts';
import { EVIDENCE_LIMIT } from '../domain/reply.ts';

/**
 * The files of a mail that count as evidence: what they are is sniffed, archives stay closed, pictures of a signature are
 * none. What is not kept stays in the raw mail, and is listed with the reason.
 */
export async function sortFiles(
  attachments: readonly ReceivedAttachment[],
): Promise<{ readonly kept: readonly KeptFile[]; readonly listed: readonly MailFile[] }> {
  const kept: KeptFile[] = [];
  const listed: MailFile[] = [];
  for (const { name, mediaType, size, content, inline } of attachments) {
    const facts = { name, mediaType, size };
    if (inline) listed.push({ ...facts, id: null, reason: 'notAnEvidence' });
    else if (content === null) listed.push({ ...facts, id: null, reason: 'tooLarge' });
    else if (kept.length >= EVIDENCE_LIMIT) listed.push({ ...facts, id: null, reason: 'tooMany' });
    else {
      const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
      const kind = await acceptedKind(bytes);
      const id = kind === null ? null : newId();
      if (kind !== null && id !== null) kept.push({ id, name, mediaType: kind, content: bytes });
      listed.push({ ...facts, mediaType: kind ?? mediaType, id, reason: kind === null ? 'mediaType' : null });
    }
  }
  return { kept, listed };
}
