/** One wrong field of an input: RFC 6901 pointer, a stable code, words in French. */
export interface FieldError {
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
}
