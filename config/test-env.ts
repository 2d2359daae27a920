import { childEnvironment } from './env.ts';
import { Variables } from './variables.ts';

type Source = Readonly<Record<string, string | undefined>>;

/** Tests: how many random walks go through Temporal (`VIGIE_WALKS`, default 40), and the seed of the first (`VIGIE_WALK_SEED`). */
export function readWalks(source: Source = childEnvironment({})): { readonly walks: number; readonly seed: number } {
  const read = new Variables(source);
  const whole = (name: string, fallback: number): number => {
    const value = read.text(name, String(fallback));
    if (!/^\d{1,10}$/.test(value)) read.fault(name, `«${value}» is no whole number`);
    return Number(value);
  };
  const found = { walks: whole('VIGIE_WALKS', 40), seed: whole('VIGIE_WALK_SEED', (Date.now() % 1_000_000) * 1_000) };
  read.check();
  return found;
}
