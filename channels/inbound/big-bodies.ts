/** Bodies from this size on are decoded natively: the parser's own base64 needs 600 ms for 24 MB. */
const BIG = 256 * 1024;
const HEADER_SPAN = 16 * 1024;
const LEAVE = /^content-type:\s{0,100}(?:multipart|message|text)\//im;
const BASE64 = /^content-transfer-encoding:\s{0,100}base64\b/im;

export interface LiftedBody {
  readonly start: number;
  readonly end: number;
}

export interface Lifted {
  /** The mail with each big body replaced by nothing, its part marked by a `Content-Description`. */
  readonly slim: Buffer;
  readonly bodies: readonly LiftedBody[];
}

/**
 * Takes big base64 bodies out of a mail before it is parsed.
 * @param mark unguessable prefix of the description that names a lifted body: `<mark><index>`
 * @param delimiters where each delimiter-like line begins (`delimiterLines`)
 */
export function liftBigBodies(raw: Buffer, mark: string, delimiters: readonly number[]): Lifted {
  const pieces: Buffer[] = [];
  const bodies: LiftedBody[] = [];
  let kept = 0;
  delimiters.forEach((delimiter, index) => {
    const end = delimiters[index + 1] ?? raw.length;
    if (end - delimiter < BIG) return;
    const header = raw.indexOf('\n', delimiter) + 1;
    const body = endOfHeader(raw, header);
    if (header === 0 || body === null || !isLiftable(raw.subarray(header, body))) return;
    pieces.push(raw.subarray(kept, header), Buffer.from(`Content-Description: ${mark}${bodies.length}\r\n`));
    pieces.push(raw.subarray(header, body));
    bodies.push({ start: body, end });
    kept = end;
  });
  if (bodies.length === 0) return { slim: raw, bodies };
  return { slim: Buffer.concat([...pieces, raw.subarray(kept)]), bodies };
}

/** Begin of each line that starts with `--`; stops after `limit` of them. */
export function delimiterLines(raw: Buffer, limit: number): number[] {
  const found: number[] = [];
  for (let at = raw.indexOf('\n--'); at >= 0 && found.length <= limit; at = raw.indexOf('\n--', at + 1)) {
    found.push(at + 1);
  }
  return found;
}

/** Bytes that a lifted body has once decoded, for those that are not extracted. */
export const decodedSize = (body: LiftedBody): number => Math.floor(((body.end - body.start) / 78) * 57);

export const decodeLifted = (raw: Buffer, body: LiftedBody): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.from(raw.toString('latin1', body.start, body.end), 'base64'));

function isLiftable(header: Buffer): boolean {
  const text = header.toString('latin1');
  return BASE64.test(text) && !LEAVE.test(text) && /^content-type:/im.test(text);
}

function endOfHeader(raw: Buffer, start: number): number | null {
  const span = raw.subarray(start, start + HEADER_SPAN);
  const crlf = span.indexOf('\r\n\r\n');
  if (crlf >= 0) return start + crlf + 4;
  const lf = span.indexOf('\n\n');
  return lf >= 0 ? start + lf + 2 : null;
}
