import { figureInWords } from '../../domain/survey/figure-words.ts';
import { roundTicks } from '../../domain/survey/scale.ts';
import { html, type Html } from '../pages/html.ts';
import { BLUE, LINE, shortened, SOFT, svg, svgText } from './svg.ts';

/** One campaign of a trend. */
export interface TrendPoint {
  /** `24/11/2026`: the day on which it opened. */
  readonly day: string;
  /** Null: nobody has answered, or its questionnaire did not ask. */
  readonly value: number | null;
  /** The campaign that is published. */
  readonly current: boolean;
}

export interface SurveyTrend {
  readonly title: string;
  readonly indicator: { readonly label: string; readonly unit: string };
  /** `chiffres corrigés à ce jour`. */
  readonly state: string;
  /** Oldest first. */
  readonly points: readonly TrendPoint[];
}

const [WIDTH, HEIGHT] = [746, 420];
const [LEFT, RIGHT, TOP, BOTTOM] = [70, 36, 84, 310];

/**
 * A figure over the campaigns, one column each, as one line: broken where a campaign has no figure, which is no zero. The axis
 * need not begin at zero, and says so.
 */
export function drawTrend(trend: SurveyTrend): Html {
  const { label, unit } = trend.indicator;
  const values = trend.points.flatMap(({ value }) => value ?? []);
  const ticks = values.length === 0 ? [0, 1] : ticksOf(values);
  const [low, high] = [ticks[0] ?? 0, ticks.at(-1) ?? 1];
  const x = (index: number): number => {
    const last = trend.points.length - 1;
    return round(last === 0 ? (LEFT + WIDTH - RIGHT) / 2 : LEFT + 24 + (index * (WIDTH - RIGHT - LEFT - 48)) / last);
  };
  const y = (value: number): number => round(BOTTOM - ((value - low) * (BOTTOM - TOP)) / (high - low));
  const note = low === 0 ? '' : ` L’axe ne part pas de zéro.`;
  return svg({
    id: 'tendance',
    title: `${label}, campagne après campagne`,
    description: describe(trend),
    width: WIDTH,
    height: HEIGHT,
    body: html`${svgText(16, 28, shortened(`${label}${unit === '' ? '' : ` (${unit})`}`, WIDTH - 32, 17), { size: 17, bold: true })}
    ${svgText(16, 48, shortened(`${trend.title} – ${trend.state}`, WIDTH - 32, 12), { size: 12, fill: SOFT })}
    ${values.length === 0 ? svgText(WIDTH / 2, 190, 'Aucun chiffre.', { anchor: 'middle', fill: SOFT }) : ticks.map((tick) => gridLine(y(tick), tick))}
    ${runsOf(trend.points).map((run) => drawRun(run, x, y))}
    ${trend.points.map((point, index) => drawPoint(point, index, { x, y, low, many: trend.points.length > 8 }))}
    ${svgText(16, HEIGHT - 14, `Une colonne par campagne.${note} Un manque coupe la ligne : ce n’est pas un zéro.`, { size: 12, fill: SOFT })}`,
  });
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** From zero, unless that would leave the line flat at the upper edge. */
function ticksOf(values: readonly number[]): readonly number[] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const flat = low > 0 && high - low < high / 4 && high > low;
  return roundTicks(flat ? low : Math.min(low, 0), Math.max(high, flat ? low : 0));
}

const gridLine = (y: number, tick: number): Html =>
  html`<line
      x1="${LEFT}"
      y1="${y}"
      x2="${WIDTH - RIGHT}"
      y2="${y}"
      stroke="#dddddd"
    />${svgText(LEFT - 8, y + 4, figureInWords(tick), { size: 12, fill: SOFT, anchor: 'end' })}`;

interface Known {
  readonly index: number;
  readonly value: number;
}

/** Points that follow each other without a gap. */
function runsOf(points: readonly TrendPoint[]): readonly (readonly Known[])[] {
  const runs: Known[][] = [];
  let open = false;
  points.forEach(({ value }, index) => {
    if (value !== null) {
      if (open) runs.at(-1)?.push({ index, value });
      else runs.push([{ index, value }]);
    }
    open = value !== null;
  });
  return runs;
}

type Place = (of: number) => number;
const drawRun = (run: readonly Known[], x: Place, y: Place): Html =>
  html`<polyline
    fill="none"
    stroke="${BLUE}"
    stroke-width="2.5"
    stroke-linejoin="round"
    points="${run.map(({ index, value }) => `${x(index)},${y(value)}`).join(' ')}"
  />`;

interface Frame {
  readonly x: Place;
  readonly y: Place;
  readonly low: number;
  /** Days are written aslant. */
  readonly many: boolean;
}

function drawPoint({ day, value, current }: TrendPoint, index: number, { x, y, many }: Frame): Html {
  const at = x(index);
  const date = many
    ? html`<g transform="rotate(-35 ${at} ${BOTTOM + 18})"
        >${svgText(at, BOTTOM + 18, day, { size: 11, anchor: 'end', bold: current, fill: SOFT })}</g
      >`
    : svgText(at, BOTTOM + 22, day, { size: 12, anchor: 'middle', bold: current, fill: SOFT });
  if (value === null) {
    const middle = (TOP + BOTTOM) / 2;
    return html`<line x1="${at}" y1="${TOP}" x2="${at}" y2="${BOTTOM}" stroke="${LINE}" stroke-dasharray="4 4" /><g
        transform="rotate(-90 ${at - 5} ${middle})"
        >${svgText(at - 5, middle, 'sans chiffre', { size: 11, anchor: 'middle', fill: SOFT })}</g
      >${date}`;
  }
  const height = y(value);
  const label = svgText(at, height - 11, figureInWords(value), { size: 12, bold: true, anchor: 'middle', halo: true });
  return html`<circle
      cx="${at}"
      cy="${height}"
      r="${current ? 6 : 4.5}"
      fill="${current ? BLUE : '#ffffff'}"
      stroke="${BLUE}"
      stroke-width="2"
    />${label}${date}`;
}

const describe = ({ points, indicator }: SurveyTrend): string =>
  `Courbe de ${points.length} campagne(s), de la plus ancienne à la plus récente. ${points
    .map(({ day, value }) => `${day} : ${value === null ? 'sans chiffre' : figureInWords(value, indicator.unit)}`)
    .join(' ; ')}.`;
