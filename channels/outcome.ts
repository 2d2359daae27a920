/**
 * What became of one attempt to send.
 * - `sent`: the relay has taken charge of it;
 * - `refused`: it will never be taken (5xx): the ladder goes to the next contact;
 * - `later`: it was not taken, and may be (4xx, relay away). `relayAway`: nobody's mail would pass now;
 * - `doubt`: the connection was lost after the content began: it may have been taken. Sent again with the same Message-ID.
 */
export type SendOutcome =
  | { readonly outcome: 'sent' }
  | { readonly outcome: 'refused'; readonly error: string }
  | { readonly outcome: 'later'; readonly error: string; readonly relayAway: boolean }
  | { readonly outcome: 'doubt'; readonly error: string };

/** What nodemailer tells of a failure. */
export interface SmtpError extends Error {
  readonly code?: string | undefined;
  readonly responseCode?: number | undefined;
  readonly command?: string | undefined;
}

// The relay does not want *us* now, whoever the recipient is: bad sequence, authentication asked or refused, encryption asked.
const ABOUT_US = new Set([421, 503, 523, 530, 534, 535, 538]);
const BEFORE_ANY_MAIL = new Set(['CONN', 'EHLO', 'HELO', 'LHLO', 'STARTTLS']);

/**
 * Sorts a failed attempt.
 * @param contentBegun whether a byte of the content had left (after the 354 of DATA)
 */
export function sortFailure(error: SmtpError, contentBegun: boolean): Exclude<SendOutcome, { outcome: 'sent' }> {
  const words = describeError(error);
  const { responseCode = 0, code, command = '' } = error;
  if (responseCode >= 400) {
    const aboutUs = ABOUT_US.has(responseCode) || code === 'EAUTH' || BEFORE_ANY_MAIL.has(command);
    if (aboutUs) return { outcome: 'later', error: words, relayAway: true };
    return responseCode >= 500
      ? { outcome: 'refused', error: words }
      : { outcome: 'later', error: words, relayAway: false };
  }
  if (contentBegun) return { outcome: 'doubt', error: words };
  // Without an answer of the server: our own library refuses the envelope or the size that the server announced.
  if (code === 'EENVELOPE' || code === 'EMESSAGE') return { outcome: 'refused', error: words };
  return { outcome: 'later', error: words, relayAway: true };
}

/** One line of at most 500 characters, for `last_error`. */
export function describeError(error: unknown): string {
  const text = Error.isError(error) ? error.message : String(error);
  // eslint-disable-next-line no-control-regex -- NUL and its kind cannot be stored
  return text.replace(/[\u0000-\u001f\u007f]+/g, ' ').slice(0, 500);
}
