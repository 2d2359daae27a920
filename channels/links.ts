import type { ReplyKind } from '../domain/reply-kinds.ts';

/** The page that answers: a GET of it changes nothing (mail scanners follow links). */
export const replyUrl = (publicUrl: string, token: string): string => `${base(publicUrl)}/r/${token}`;

/** The same page with one answer preselected; still nothing is done before the person confirms. */
export const intentionUrl = (url: string, intention: ReplyKind): string => `${url}?intention=${intention}`;

/** Reading page of an instruction, for those who have an account. */
export const readingUrl = (publicUrl: string, instruction: string): string =>
  `${base(publicUrl)}/instructions/${instruction}`;

/** An attachment too large for the mail: behind the account. */
export const attachmentUrl = (publicUrl: string, attachment: string): string =>
  `${base(publicUrl)}/v1/attachments/${attachment}`;

const base = (url: string): string => url.replace(/\/+$/, '');
