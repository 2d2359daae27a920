import type { Declared } from './declared.ts';

/** What a recipient may answer (shared rules of a follow-up). */
export const REPLY_KINDS = ['received', 'read', 'takenInCharge', 'progress', 'done', 'refused', 'deferred'] as const;
export type ReplyKind = (typeof REPLY_KINDS)[number];

/** The door by which a reply came. */
export const REPLY_DOORS = ['api', 'link', 'mail', 'signal'] as const;
export type ReplyDoor = (typeof REPLY_DOORS)[number];

/** One reply, whatever its door, after `parseReply` has accepted it. */
export interface ReplyInput {
  readonly organisation: string;
  readonly kind: ReplyKind;
  /** 1–99, only with `progress`. */
  readonly percent?: number;
  readonly comment?: string;
  /** RFC 3339 with offset, only with `deferred`. */
  readonly until?: string;
  /** Attachment ids (UUID). */
  readonly evidence?: readonly string[];
  /** Of a «pour diffusion», with `progress` or `done`: what was relayed by other means than Vigie. */
  readonly declared?: Declared;
  /** Who says so: an account's `sub`, an address, «lien», «CLI». */
  readonly from: string;
  readonly channel: ReplyDoor;
  /** False for what came unencrypted by a signal from outside. */
  readonly verified: boolean;
  /** De-duplication: Idempotency-Key, form nonce, Message-ID, or the hash of the content. */
  readonly messageId: string;
  /** It came from the organisation's alert box itself, where everybody sees it: no echo is sent there. */
  readonly fromAlertBox?: true;
  /** Set when the desk answers on behalf of the organisation: the officer's `sub`. */
  readonly onBehalfBy?: string;
}
