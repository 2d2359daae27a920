import { expect, test } from '@jest/globals';
import { type ListKey, sharedReading } from '../../api/shared-readings.ts';

const KEY: ListKey = { scope: 'all', query: { limit: 50 } };

/** A list that is read when the test says so; each reading gives what stood there when it began. */
function slowList() {
  const ends: ((end: 'read' | 'failed') => void)[] = [];
  const list = { value: 'before', ends };
  const read = async (): Promise<string> => {
    const seen = list.value;
    const { promise, resolve } = Promise.withResolvers<'read' | 'failed'>();
    ends.push(resolve);
    if ((await promise) === 'failed') throw new Error('PostgreSQL is away');
    return seen;
  };
  return Object.assign(list, { read });
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('who comes while a list is being read shares the next reading: one for all, none older than its asking', async () => {
  const list = slowList();
  const shared = sharedReading<string>();
  const first = shared(KEY, list.read);
  list.value = 'after';
  const others = Array.from({ length: 30 }, () => shared(KEY, list.read));
  await settled();
  expect(list.ends).toHaveLength(1);
  list.ends[0]?.('read');
  expect(await first).toBe('before');
  await settled();
  expect(list.ends).toHaveLength(2);
  list.value = 'later';
  const late = shared(KEY, list.read);
  list.ends[1]?.('read');
  expect(new Set(await Promise.all(others))).toEqual(new Set(['after']));
  await settled();
  list.ends[2]?.('read');
  expect(await late).toBe('later');
  expect(list.ends).toHaveLength(3);
});

test('another sight, another subject or another page is another list', async () => {
  const list = slowList();
  const shared = sharedReading<string>();
  const keys: ListKey[] = [
    KEY,
    { ...KEY, scope: ['ARS-84'] },
    { ...KEY, scope: [] },
    { ...KEY, of: 'one' },
    { ...KEY, query: { limit: 51 } },
  ];
  const readings = keys.map((key) => shared(key, list.read));
  expect(list.ends).toHaveLength(keys.length);
  for (const end of list.ends) end('read');
  expect(await Promise.all(readings)).toHaveLength(keys.length);
});

test('a failure is that of all who share the reading, and of nobody after them', async () => {
  const list = slowList();
  const shared = sharedReading<string>();
  const first = shared(KEY, list.read);
  const others = [shared(KEY, list.read), shared(KEY, list.read)];
  list.ends[0]?.('failed');
  await expect(first).rejects.toThrow('PostgreSQL is away');
  await settled();
  list.ends[1]?.('failed');
  expect((await Promise.allSettled(others)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  const again = shared(KEY, list.read);
  list.ends[2]?.('read');
  expect(await again).toBe('before');
});
