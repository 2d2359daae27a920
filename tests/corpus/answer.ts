import type { Nature } from '../../domain/instruction.ts';
import type { CorpusCase, Expected } from './case.ts';
import { CLIENTS, eml } from './eml.ts';

export type Answer = readonly [text: string, expected: Expected];

export const unclear = (reason: string): Expected => ({ intent: 'unclear', reason });
export const progress = (percent: number): Expected => ({ intent: 'progress', percent });
export const DONE: Expected = { intent: 'done' };
export const CHARGE: Expected = { intent: 'takenInCharge' };
export const REFUSED: Expected = { intent: 'refused' };
export const RECEIVED: Expected = { intent: 'received' };

const clients = Object.entries(CLIENTS);

/** Each answer through two clients in turn, so that each client carries answers of all kinds. */
export const throughClients = (answers: readonly Answer[], nature?: Nature): CorpusCase[] =>
  answers.flatMap(([text, expected], at) =>
    [clients[at % clients.length], clients[(at * 5 + 3) % clients.length]].flatMap((client) => {
      if (client === undefined) return [];
      const name = `${nature === undefined ? '' : `${nature}, `}${client[0]}: ${text.replaceAll('\n', ' ').slice(0, 60)}`;
      return [{ name, raw: eml(client[1](text)), expected, ...(nature === undefined ? {} : { nature }) }];
    }),
  );
