/**
 * UTF-8 bytes of a text; a lone surrogate becomes U+FFFD, as `TextEncoder` does. Written out because the workflow sandbox
 * need not have one.
 */
export function utf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) {
      bytes[length] = unit;
      length += 1;
      continue;
    }
    const point = text.codePointAt(index) ?? 0;
    if (point > 0xffff) index += 1;
    length = writePoint(bytes, length, point >= 0xd800 && point <= 0xdfff ? 0xfffd : point);
  }
  return bytes.subarray(0, length);
}

/** A point beyond ASCII: two, three or four bytes (RFC 3629). Returns where the next one goes. */
function writePoint(bytes: Uint8Array, at: number, point: number): number {
  const tail = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
  const marks = [0, 0xc0, 0xe0, 0xf0];
  bytes[at] = (marks[tail] ?? 0) | (point >> (6 * tail));
  for (let index = 1; index <= tail; index += 1) bytes[at + index] = 0x80 | ((point >> (6 * (tail - index))) & 0x3f);
  return at + tail + 1;
}
