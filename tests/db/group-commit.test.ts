import { expect, test } from '@jest/globals';
import { groupCommit } from '../../db/group-commit.ts';

interface Open {
  readonly items: readonly string[];
  readonly end: (error?: Error) => void;
}

/** Transactions that end when they are told to; `begun` keeps each with what it holds. */
function transactions(options: { readonly lanes?: number; readonly most?: number } = {}) {
  const begun: Open[] = [];
  const commit = groupCommit<string, string>({
    lanes: options.lanes ?? 1,
    nameOf: (item) => item.charAt(0),
    together: () => options.most ?? 10,
    commit: (items) =>
      new Promise((resolve, reject) => {
        const end = (error?: Error) => (error === undefined ? resolve(items.map((item) => `${item}!`)) : reject(error));
        begun.push({ items, end });
      }),
  });
  return { begun, commit };
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a single item waits for nobody; those that come meanwhile share the next transaction', async () => {
  const { begun, commit } = transactions();
  const results = ['a1', 'a2', 'a3'].map((item) => commit(item));
  await turn();
  expect(begun.map(({ items }) => items)).toEqual([['a1', 'a2', 'a3']]);
  const late = [commit('a4'), commit('a5')];
  await turn();
  expect(begun).toHaveLength(1);
  begun[0]!.end();
  await turn();
  expect(begun[1]!.items).toEqual(['a4', 'a5']);
  begun[1]!.end();
  expect(await Promise.all([...results, ...late])).toEqual(['a1!', 'a2!', 'a3!', 'a4!', 'a5!']);
});

test('no more go together than may, and one at least', async () => {
  const two = transactions({ most: 2 });
  const all = Promise.all(['a1', 'a2', 'a3'].map((item) => two.commit(item)));
  await turn();
  two.begun[0]!.end();
  await turn();
  two.begun[1]!.end();
  expect(two.begun.map(({ items }) => items)).toEqual([['a1', 'a2'], ['a3']]);
  expect(await all).toHaveLength(3);
  const none = transactions({ most: 0 });
  const alone = none.commit('a1');
  await turn();
  none.begun[0]!.end();
  expect(await alone).toBe('a1!');
});

test('one queue never waits for another', async () => {
  const { begun, commit } = transactions();
  void commit('a1');
  await turn();
  const other = commit('b1');
  await turn();
  expect(begun.map(({ items }) => items)).toEqual([['a1'], ['b1']]);
  begun[1]!.end();
  expect(await other).toBe('b1!');
});

test('a group that fails is committed one by one: only what fails alone is told so', async () => {
  const { begun, commit } = transactions();
  const results = Promise.allSettled(['a1', 'a2'].map((item) => commit(item)));
  await turn();
  begun[0]!.end(new Error('together'));
  await turn();
  expect(begun.slice(1).map(({ items }) => items)).toEqual([['a1'], ['a2']]);
  begun[1]!.end(new Error('alone'));
  begun[2]!.end();
  expect(await results).toEqual([
    { status: 'rejected', reason: new Error('alone') },
    { status: 'fulfilled', value: 'a2!' },
  ]);
});
