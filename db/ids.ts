import { randomUUID } from 'node:crypto';

/** A new UUIDv7 (RFC 9562): 48 bits of the machine's clock, then random bits, so that indexes grow at their end. */
export function newId(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  const afterVersion = randomUUID().slice(15); // its last 74 random bits and the variant stay
  return `${time.slice(0, 8)}-${time.slice(8)}-7${afterVersion}`;
}
