/** How much of a received mail is read (issue «inbound mail»: 25 MB, 100 parts, nesting 20, one second). */
export const MAIL_LIMITS = {
  /** Raw size, as most public relays have it. */
  rawBytes: 25 * 1024 * 1024,
  /** MIME parts, containers included. A mail of a person has fewer than twenty. */
  parts: 100,
  /** Containers within containers. */
  nesting: 20,
  /** All header bytes of all parts: real ones stay under 64 KB. */
  headerBytes: 512 * 1024,
  /** Larger attachments stay in the raw mail and are listed as not extracted. */
  attachmentBytes: 10 * 1024 * 1024,
  /** Text kept for classification; the whole of it stays in the raw mail. */
  textCharacters: 128 * 1024,
  /** Lines that look like a MIME delimiter: beyond, no parser is started at all, which bounds its memory. */
  delimiterLines: 20_000,
  /** A parsing thread is ended after this. */
  timeMs: 1_000,
  /**
   * A mail under `smallBytes` takes milliseconds: when it doesn't end in time the machine is short of breath far more often
   * than the mail is bad, so it gets one more try, of this length, in a new thread.
   */
  secondTryMs: 5_000,
  smallBytes: 1024 * 1024,
  /** Memory of the parsing thread's heap: 25 MB of text need about a quarter of it. */
  heapMb: 512,
} as const;
