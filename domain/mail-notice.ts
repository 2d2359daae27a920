import type { DeliveryPurpose } from './delivery-purposes.ts';
import type { Instant } from './instant.ts';
import type { OrganisationId } from './instruction.ts';
import type { ReplyInput } from './reply-kinds.ts';

/** Which delivery a mail answers, as the follow-up knows it. */
export interface Leg {
  readonly purpose: DeliveryPurpose;
  readonly step: number;
  readonly round: number;
}

/** What a received mail is, once it is read and its sender is known: the signal `mail` of an instruction. */
export interface MailNotice {
  /** Id of the stored mail. */
  readonly mail: string;
  /** Its Message-ID: the same mail by two roads counts once. */
  readonly messageId: string;
  readonly organisation: OrganisationId;
  /** Who wrote; of a bounce, the address that could not be reached. */
  readonly from: string;
  readonly subject: string;
  readonly said: MailSaid;
}

/** Only `reply` is an answer; what machines write never is (RFC 3834, 3464, 8098). */
export type MailSaid =
  /** `why`: the words that decided. */
  | { readonly kind: 'reply'; readonly reply: ReplyInput; readonly why: string }
  | { readonly kind: 'unclear'; readonly reason: string }
  /** `about` null: not the automatic answer of the very address that was written to. */
  | { readonly kind: 'outOfOffice'; readonly until: Instant | null; readonly about: Leg | null }
  | {
      readonly kind: 'bounce';
      readonly permanent: boolean;
      readonly diagnostic: string;
      readonly about: Leg | null;
    }
  /** The mail was shown on a screen. */
  | { readonly kind: 'receipt'; readonly reply: ReplyInput }
  | { readonly kind: 'automatic'; readonly sign: string };

/** The sign of a read receipt that shows no reading: deleted, refused or only processed (RFC 8098, 3.2.6.2). */
export const NOT_SHOWN = 'effacé sans lecture';

/** What became of the reply that a mail brought. */
export type MailTaken =
  | { readonly recorded: true; readonly changed: boolean }
  | { readonly recorded: false; readonly detail: string; readonly errors: readonly string[] };
