import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Sequencer from '@jest/test-sequencer';

/** Files of more than half a minute, the longest first. */
const LONG = [
  'journeys/walkthroughs',
  'worker/series-outage',
  'web/pages',
  'journeys/outages',
  'web/survey-browser',
  'journeys/mail-trouble',
  'journeys/pour-action',
  'journeys/mailings-kill',
  'channels/spreadsheets',
  'web/survey-publication',
  'journeys/relay',
  'journeys/survey-series',
  'workflows/last-answer',
  'workflows/duty-watch',
].map((name) => join(import.meta.dirname, '..', `${name}.test.ts`));

for (const path of LONG)
  if (!existsSync(path)) throw new Error(`No such file, mend the list of the long ones: ${path}`);

/** Rank among the long files; those that are not long come after them. */
function rank({ path }) {
  const at = LONG.indexOf(path);
  return at === -1 ? LONG.length : at;
}

/**
 * The long files start first, whatever Jest remembers of former runs: begun last, one of them keeps one worker for two minutes
 * while the other has nothing to do. On a machine that has never run them, Jest would go by the size of a file, and the
 * longest are short.
 */
export default class LongestFirst extends Sequencer {
  async sort(tests) {
    const sorted = await super.sort(tests);
    return sorted.toSorted((one, other) => rank(one) - rank(other));
  }
}
