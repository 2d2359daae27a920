import type { Instant } from '../domain/instant.ts';
import type { InstructionMatter, SentAttachment } from '../domain/instruction-matter.ts';
import { compileInstruction, renderDelivery } from './compose.ts';
import type { Rendered } from './templates/blocks.ts';
import { INLINE_LIMIT, type OrganisationView } from './views.ts';

/** What stands in the place of the number and of the personal link while nothing has been released. */
export const PREVIEW_TOKEN = 'apercu';

/**
 * The first mail as one recipient will get it, before release: the same words, no real token.
 * @param instruction with the number that it would get, or words in its place
 * @param now instant from which a deadline given as a span is counted
 */
export function previewFirstMail(
  instruction: InstructionMatter,
  recipient: OrganisationView,
  options: { readonly publicUrl: string; readonly now: Instant },
): Rendered {
  return renderDelivery({
    instruction: compileInstruction({ ...instruction, attachments: asSent(instruction.attachments) }),
    delivery: {
      id: '',
      purpose: 'instruction',
      target: 'alertBox',
      channel: 'mail',
      step: 0,
      about: recipient,
      addressee: recipient,
      address: '',
      addressName: '',
      messageId: '',
      followUp: null,
      detail: {},
      linkToken: PREVIEW_TOKEN,
      replyLocal: PREVIEW_TOKEN,
    },
    context: { ...options, mailFrom: '', mailReplyDomain: '', outcomes: [] },
  });
}

/** Shown in the mail or as links, as they will be; their bytes are not needed for that. */
function asSent(files: readonly SentAttachment[]): SentAttachment[] {
  const inline = files.reduce((sum, { size }) => sum + size, 0) <= INLINE_LIMIT;
  return files.map((file) => ({ ...file, content: inline ? Buffer.alloc(0) : null }));
}
