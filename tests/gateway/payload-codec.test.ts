import { expect, test } from '@jest/globals';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import fc from 'fast-check';
import { parseKeyRing } from '../../config/keys.ts';
import { createPayloadCodec, createPayloadReader } from '../../gateway/payload-codec.ts';

const OLD = 'an old secret of more than thirty-two characters';
const NEW = 'a new secret of more than thirty-two characters!';
const oldRing = parseKeyRing(OLD);
const newRing = parseKeyRing(NEW);
const bothRing = parseKeyRing(`${NEW},${OLD}`);

const pack = (value: unknown): Payload => defaultPayloadConverter.toPayload<unknown>(value);
const unpack = (payload: Payload | undefined): unknown => defaultPayloadConverter.fromPayload(payload!);
const raw = (encoding: string, data: Uint8Array, more: Record<string, string> = {}): Payload => ({
  metadata: Object.fromEntries(Object.entries({ encoding, ...more }).map(([key, text]) => [key, Buffer.from(text)])),
  data,
});
const marked = async (
  payload: Payload,
  ring = newRing,
): Promise<Record<string, { reason?: string; value?: unknown }>> =>
  unpack((await createPayloadCodec(ring).decode([payload]))[0]) as never;

test('what is sealed comes back as it was, and two seals of one value differ', async () => {
  const codec = createPayloadCodec(newRing);
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (value) => {
      const [one, two] = await codec.encode([pack(value), pack(value)]);
      expect(Buffer.from(one!.data!).equals(Buffer.from(two!.data!))).toBe(false);
      // JSON itself has no -0.
      expect(unpack((await codec.decode([one!]))[0])).toEqual(JSON.parse(JSON.stringify(value)));
    }),
    { numRuns: 100, examples: [[-0]] },
  );
});

test('the clear text and the secret show nowhere on the wire', async () => {
  const [sealed] = await createPayloadCodec(newRing).encode([pack({ comment: 'malade de la chambre 12' })]);
  const wire = Buffer.concat([...Object.values(sealed!.metadata!), sealed!.data!].map((part) => Buffer.from(part)));
  expect(wire.includes('chambre')).toBe(false);
  expect(wire.includes(NEW.slice(0, 10))).toBe(false);
  expect(Buffer.from(sealed!.metadata!['encryption-key-id']!).toString()).toBe(newRing[0].id);
});

test('after a rotation the old key still opens and the new one seals', async () => {
  const [before] = await createPayloadCodec(oldRing).encode([pack('avant')]);
  const codec = createPayloadCodec(bothRing);
  expect(unpack((await codec.decode([before!]))[0])).toBe('avant');
  const [after] = await codec.encode([pack('après')]);
  expect(unpack((await createPayloadCodec(newRing).decode([after!]))[0])).toBe('après');
});

test('a payload of a key that was dropped too early stops the work instead of leaving a hole', async () => {
  const [before] = await createPayloadCodec(oldRing).encode([pack('avant')]);
  await expect(createPayloadCodec(newRing).decode([before!])).rejects.toThrow(oldRing[0].id);
  await expect(createPayloadCodec(newRing, () => Promise.resolve(true)).decode([before!])).rejects.toThrow(
    'put it back',
  );
});

test('a header that names a key which this desk never used is rubbish, not an incident', async () => {
  const codec = createPayloadCodec(newRing, () => Promise.resolve(false));
  const forged = raw('binary/encrypted', Buffer.alloc(40), { 'encryption-key-id': 'deadbeef' });
  const value = unpack((await codec.decode([forged]))[0]) as Record<string, { reason: string }>;
  expect(value['vigie:unreadable']?.reason).toMatch('deadbeef');
});

test('a changed bit, a cut tail, a foreign key id are told, never thrown', async () => {
  const [sealed] = await createPayloadCodec(newRing).encode([pack('réponse')]);
  const data = Buffer.from(sealed!.data!);
  const changed = Buffer.from(data);
  changed[20]! ^= 1;
  const [foreign] = await createPayloadCodec(oldRing).encode([pack('réponse')]);
  const bad = [
    { ...sealed!, data: changed },
    { ...sealed!, data: data.subarray(0, -1) },
    { ...sealed!, data: Buffer.alloc(3) },
    { metadata: { ...sealed!.metadata, 'encryption-key-id': Buffer.from('../../..') }, data },
    { metadata: sealed!.metadata!, data: foreign!.data! },
    { metadata: sealed!.metadata! },
  ];
  for (const payload of bad) expect(Object.keys(await marked(payload as Payload))).toEqual(['vigie:unreadable']);
});

test('plain JSON is handed over as such, with its bytes', async () => {
  const value = { organisation: 'ARS-53', comment: 'a\0b', 'vigie:unreadable': 'tour de passe-passe' };
  const got = await marked(pack(value));
  expect(got).toEqual({ 'vigie:unsealed': { value, base64: Buffer.from(JSON.stringify(value)).toString('base64') } });
});

test('any bytes under any encoding are decoded without a throw', async () => {
  const encodings = fc.oneof(
    fc.constantFrom('json/plain', 'binary/plain', 'binary/encrypted', 'json/protobuf', ''),
    fc.string(),
  );
  await fc.assert(
    fc.asyncProperty(encodings, fc.uint8Array({ maxLength: 200 }), async (encoding, data) => {
      const decoded = await createPayloadCodec(newRing).decode([raw(encoding, data), { data }, {}]);
      for (const payload of decoded) unpack(payload);
    }),
    { numRuns: 200 },
  );
});

test('of what cannot be read no more than 4 KB are kept', async () => {
  const got = (await marked(raw('json/plain', Buffer.alloc(500_000, 'x')))) as Record<string, { base64: string }>;
  expect(Buffer.from(got['vigie:unreadable']!.base64, 'base64')).toHaveLength(4096);
});

test('the reader of the Temporal UI opens what it can and leaves the rest as it is', async () => {
  const [sealed] = await createPayloadCodec(newRing).encode([pack({ a: 1 })]);
  const plain = pack({ b: 2 });
  const [opened, same] = await createPayloadReader(newRing)([sealed!, plain]);
  expect(unpack(opened)).toEqual({ a: 1 });
  expect(same).toEqual(plain);
});
