import pLimit, { type LimitFunction } from 'p-limit';

export interface GroupCommit<Item, Result> {
  /** Transactions of one queue at once: while one commits, the next is being filled. */
  readonly lanes: number;
  /** Of its queue: items of one share transactions, those of different ones never wait for one another. */
  readonly nameOf: (item: Item) => string;
  /** How many of these, the first ones, go together; one at least. */
  readonly together: (waiting: readonly Item[]) => number;
  /** One transaction. @returns what became of each, in their order */
  readonly commit: (items: readonly Item[]) => Promise<readonly Result[]>;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly answer: (result: Promise<Result>) => void;
}

interface Queue<Item, Result> {
  readonly waiting: Waiting<Item, Result>[];
  readonly lane: LimitFunction;
  /** Not answered yet. Nobody: the queue is forgotten. */
  owed: number;
}

/**
 * Items that come while a transaction is under way share the next one, so that a burst costs a handful of commits and a single
 * item waits for nobody. A group that fails is committed one by one: nothing fails with another.
 * @returns resolves once the item is committed; rejects as its own transaction does
 */
export function groupCommit<Item, Result>(group: GroupCommit<Item, Result>): (item: Item) => Promise<Result> {
  const { lanes, nameOf, together, commit } = group;
  const queues = new Map<string, Queue<Item, Result>>();

  const alone = async (item: Item): Promise<Result> => {
    const [result] = await commit([item]);
    if (result === undefined) throw new Error('nothing was told of what was committed');
    return result;
  };
  const commitNext = async ({ waiting }: Queue<Item, Result>): Promise<void> => {
    if (waiting.length === 0) return; // taken with the ones before
    const next = waiting.splice(0, Math.max(1, together(waiting.map(({ item }) => item))));
    const committing = commit(next.map(({ item }) => item)).catch((error: unknown) => {
      if (next.length === 1) throw error;
      return null;
    });
    next.forEach(({ item, answer }, index) => answer(committing.then((all) => all?.[index] ?? alone(item))));
    await committing.catch(() => undefined); // told to its only item
  };
  const queueOf = (name: string): Queue<Item, Result> => {
    const queue = queues.get(name) ?? { waiting: [], lane: pLimit(lanes), owed: 0 };
    queues.set(name, queue);
    return queue;
  };
  return (item) => {
    const name = nameOf(item);
    const queue = queueOf(name);
    queue.owed += 1;
    const result = new Promise<Result>((answer) => {
      queue.waiting.push({ item, answer });
      void queue.lane(() => commitNext(queue));
    });
    return result.finally(() => {
      queue.owed -= 1;
      if (queue.owed === 0) queues.delete(name);
    });
  };
}
