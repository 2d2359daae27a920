/** One step of a legend; both ends belong to it, of the last one alone the upper. */
export interface Step {
  readonly from: number;
  readonly to: number;
}

const MANTISSAS = [1, 2, 2.5, 5, 10] as const;
const MOST_STEPS = 5;

/** The least round width (1, 2, 2.5 or 5 times a power of ten) by which `most` steps reach over a span. */
function roundWidth(span: number, most: number): number {
  const power = 10 ** Math.floor(Math.log10(span / most));
  return (MANTISSAS.find((one) => one * power * most >= span * (1 - 1e-9)) ?? 10) * power;
}

/** Round numbers, evenly apart, from the one below the least to the one above the largest; at least two. */
export function roundTicks(low: number, high: number, most = MOST_STEPS): readonly number[] {
  const span = high > low ? high - low : Math.max(Math.abs(low), 1);
  // Rounding outwards may cost one step more.
  for (let steps = most; steps > 0; steps -= 1) {
    const ticks = ticksOf(low, Math.max(high, low + (high > low ? 0 : span)), roundWidth(span, steps));
    if (ticks.length <= most + 1) return ticks;
  }
  return [low, high];
}

function ticksOf(low: number, high: number, width: number): readonly number[] {
  const [first, last] = [Math.floor(low / width + 1e-9), Math.ceil(high / width - 1e-9)];
  return Array.from({ length: last - first + 1 }, (_, index) => clean((first + index) * width));
}

/** Without the dust of binary fractions: 0.30000000000000004 is 0.3. */
const clean = (value: number): number => Number(value.toPrecision(12)) + 0;

/** At most five even steps over the values; one where they are all alike, none where there is none. */
export function stepsOf(values: readonly number[]): readonly Step[] {
  if (values.length === 0) return [];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (low === high) return [{ from: low, to: high }];
  const ticks = roundTicks(low, high);
  return ticks.slice(1).map((to, index) => ({ from: ticks[index] ?? to, to }));
}

/** The place of a value among steps that were made of it. */
export function stepOf(steps: readonly Step[], value: number): number {
  const found = steps.findIndex(({ to }) => value < to);
  return found < 0 ? steps.length - 1 : found;
}
