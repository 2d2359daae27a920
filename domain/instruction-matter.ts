import type { Instant } from './instant.ts';
import type { Nature, Terms } from './instruction.ts';

/** What all mails of an instruction say, the same for every recipient. */
export interface InstructionMatter {
  readonly id: string;
  /** `MINSANTE N°2026_001`; in the preview of a draft, what it will look like. */
  readonly number: string;
  readonly nature: Nature;
  readonly exercise: boolean;
  readonly subject: string;
  /** Markdown. */
  readonly body: string;
  readonly terms: Terms;
  readonly releasedAt: Instant | null;
  /** Name of its crisis; null or absent: none. */
  readonly crisis?: string | null;
  /** Partner categories of a «pour diffusion». */
  readonly relayTo: readonly string[];
  readonly attachments: readonly SentAttachment[];
}

export interface SentAttachment {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  /** Null when it goes as a link: all of them together are too large for a mail. */
  readonly content: Buffer | null;
}
