import { expect, test } from '@jest/globals';
import { eachInTurn } from '../../domain/each-in-turn.ts';

test('one that fails holds up none behind it, and all that failed are told', async () => {
  const done: number[] = [];
  const work = (one: number): Promise<void> => {
    if (one % 2 === 1) return Promise.reject(new Error(`no ${one}`));
    done.push(one);
    return Promise.resolve();
  };
  const failed = await eachInTurn([1, 2, 3, 4], () => false, work).catch((error: unknown) => error);
  expect(done).toEqual([2, 4]);
  expect((failed as AggregateError).errors).toEqual([new Error('no 1'), new Error('no 3')]);
});

test('a stop ends it before the next', async () => {
  const done: number[] = [];
  await eachInTurn(
    [1, 2, 3],
    () => done.length > 1,
    (one) => {
      done.push(one);
      return Promise.resolve();
    },
  );
  expect(done).toEqual([1, 2]);
});
