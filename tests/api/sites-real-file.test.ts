import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readReferenceDir } from '../../config/env.ts';
import { DEMO_SITES } from '../../db/seeds/demo-sites.ts';
import { type Answer, type ReadingDesk, startReadingDesk } from '../support/api-desk.ts';
import { sendSites } from '../support/site-file.ts';

/* With the real register where it is at hand (VIGIE_REFERENCE_DIR). */
const file = join(readReferenceDir(), 'data', 'etablissements.csv');
const withFile = existsSync(file) ? test : test.skip;
if (!existsSync(file)) process.stderr.write(`SKIPPED, no register: ${file} (VIGIE_REFERENCE_DIR)\n`);

interface Page {
  readonly items: unknown[];
  readonly nextCursor: string | null;
}

let api: ReadingDesk;
beforeAll(async () => {
  api = await startReadingDesk();
});
afterAll(() => api.close());

withFile('the whole register is imported: no error, one character set right, and again without a change', async () => {
  const csv = readFileSync(file);
  const dry = await sendSites(api, 'admin', csv);
  expect([dry.body.errors, dry.body.added, dry.body.moreDifferences]).toEqual([[], 5366, 4366]);
  expect(dry.body.notes).toMatchObject([{ column: 'name' }, { column: 'name' }]);
  expect((await sendSites(api, 'admin', csv, '?dryRun=false&complete=true')).body.added).toBe(5366);
  const again = await sendSites(api, 'admin', csv, '?dryRun=false&complete=true');
  expect(again.body).toMatchObject({ added: 0, changed: 0, closed: 0, unchanged: 5366 });
  const total = async (query: string) => {
    let [count, cursor]: [number, string | null] = [0, ''];
    while (cursor !== null) {
      const page: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body }: Answer<Page> = await api.as('superviseur').get<Page>(`/v1/sites?limit=500&${query}${page}`);
      [count, cursor] = [count + body.items.length, body.nextCursor];
    }
    return count;
  };
  expect([await total(''), await total('territory=ARS-94'), await total('territory=ZONE-ANTILLES')]).toEqual([
    ...[5366, 33, 105],
  ]);
  expect([await total('territory=D976'), await total('status=unknown')]).toEqual([1, 883]);
});

withFile('no invented establishment bears the number of a real one', () => {
  const real = new Set(
    readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.slice(0, 9)),
  );
  expect(DEMO_SITES.filter(({ finess }) => real.has(finess))).toEqual([]);
});
