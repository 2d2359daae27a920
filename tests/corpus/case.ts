import type { MailNature } from '../../channels/inbound/automatic.ts';
import type { QuarantineReason } from '../../channels/inbound/parse.ts';
import type { Nature } from '../../domain/instruction.ts';
import type { MailIntent } from '../../domain/mail-intent.ts';

/** When every mail of the corpus is received: Tuesday 24 November 2026, 10 h in Paris. */
export const RECEIVED_AT = Date.parse('2026-11-24T10:00:00+01:00');
export const ZONE = 'Europe/Paris';

/** What the whole way (parse, automatic, reply text, intent) must make of a mail. */
export type Expected =
  | { readonly quarantined: QuarantineReason }
  /** `until` with its offset, compared as an instant; what isn't named isn't compared. */
  | (Omit<Partial<Record<'recipient' | 'status' | 'originalMessageId' | 'until' | 'action', string>>, never> & {
      readonly nature: Exclude<MailNature['kind'], 'human'>;
      readonly permanent?: boolean;
      readonly displayed?: boolean;
      readonly sure?: boolean;
    })
  | {
      readonly intent: MailIntent['kind'];
      readonly percent?: number;
      readonly until?: string;
      readonly reason?: string;
      /** Own words, exactly. */
      readonly words?: string;
      readonly from?: string | null;
      readonly messageId?: string | null;
      readonly subject?: string;
      readonly attachments?: readonly string[];
    };

export interface CorpusCase {
  readonly name: string;
  readonly raw: Buffer;
  readonly envelopeSender?: string;
  readonly expected: Expected;
  /** Of the message that it answers; default: «pour action». */
  readonly nature?: Nature;
}
