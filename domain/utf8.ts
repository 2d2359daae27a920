/** UTF-8 bytes; a lone surrogate becomes U+FFFD. Written out because the workflow sandbox need not have `TextEncoder`. */
export function utf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    const safe = point >= 0xd800 && point <= 0xdfff ? 0xfffd : point;
    length = writePoint(bytes, length, safe);
  }
  return bytes.subarray(0, length);
}

function writePoint(bytes: Uint8Array, at: number, point: number): number {
  if (point < 0x80) {
    bytes[at] = point;
    return at + 1;
  }
  const tail = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
  const marks = [0, 0xc0, 0xe0, 0xf0];
  bytes[at] = (marks[tail] ?? 0) | (point >> (6 * tail));
  for (let index = 1; index <= tail; index += 1) bytes[at + index] = 0x80 | ((point >> (6 * (tail - index))) & 0x3f);
  return at + tail + 1;
}
