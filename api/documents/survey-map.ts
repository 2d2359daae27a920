import { figureInWords } from '../../domain/survey/figure-words.ts';
import { type Step, stepOf, stepsOf } from '../../domain/survey/scale.ts';
import { MAINLAND_TILES, OVERSEAS_TILES, type Tile } from '../../domain/survey/tile-map.ts';
import { html, type Html, raw } from '../pages/html.ts';
import { BLUE, INK, LINE, shortened, SOFT, svg, svgText } from './svg.ts';

/** What one tile shows: a figure; `null`: nobody has answered; `undefined`: not asked, or not the reader's to see. */
export type TileValue = number | null | undefined;

export interface SurveyMap {
  readonly title: string;
  readonly indicator: { readonly label: string; readonly unit: string };
  /** `chiffres corrigés à ce jour`. */
  readonly state: string;
  readonly values: ReadonlyMap<string, TileValue>;
  /** What a tile without a value says: `non interrogée`, `hors de votre territoire`. */
  readonly absent: string;
}

const [WIDE, HIGH, GAP] = [134, 84, 6];
const MARGIN = 16;
const TOP = 92;
const OVERSEAS = MARGIN + 4 * (WIDE + GAP) + 28;
const WIDTH = OVERSEAS + WIDE + MARGIN;
const LEGEND = TOP + 6 * (HIGH + GAP) + 26;
const BAND = 12;

/** From light to dark; texts on them hold WCAG AA. */
const SHADES = [
  { fill: '#e8edff', ink: INK },
  { fill: '#c1d0ff', ink: INK },
  { fill: '#8fa8f5', ink: INK },
  { fill: '#3a55c8', ink: '#ffffff' },
  { fill: '#000091', ink: '#ffffff' },
] as const;

/** The steps of a legend spread over the shades: few steps are far apart. */
const shadeOf = (step: number, steps: number): number =>
  steps < 2 ? 1 : Math.round((step * (SHADES.length - 1)) / (steps - 1));

/**
 * The agencies as a map of even tiles, those overseas apart, each with its figure as text; the step is told by the shade and, for
 * whoever sees or prints no colour, by the pattern of the band below. What is missing is dashed, and no step.
 */
export function drawMap(map: SurveyMap): Html {
  const numbers = [...map.values.values()].filter((value) => typeof value === 'number');
  const steps = stepsOf(numbers);
  const { label, unit } = map.indicator;
  const tiles = [
    ...MAINLAND_TILES.map((tile) => drawTile(map, steps, tile, MARGIN)),
    ...OVERSEAS_TILES.map((tile) => drawTile(map, steps, tile, OVERSEAS)),
  ];
  return svg({
    id: 'carte',
    title: `${label} par agence`,
    description: describe(map),
    width: WIDTH,
    height: LEGEND + 74,
    body: html`<defs>${SHADES.map((_, index) => pattern(index))}</defs>
      ${svgText(MARGIN, 28, shortened(`${label}${unit === '' ? '' : ` (${unit})`}`, WIDTH - 2 * MARGIN, 17), { size: 17, bold: true })}
      ${svgText(MARGIN, 48, shortened(`${map.title} – ${map.state}`, WIDTH - 2 * MARGIN, 12), { size: 12, fill: SOFT })}
      ${svgText(MARGIN, TOP - 12, 'Hexagone et Corse', { size: 12, bold: true, fill: BLUE })}
      ${svgText(OVERSEAS, TOP - 12, 'Outre-mer', { size: 12, bold: true, fill: BLUE })}
      <line x1="${OVERSEAS - 17}" y1="${TOP}" x2="${OVERSEAS - 17}" y2="${LEGEND - 26 - GAP}" stroke="#dddddd" />
      ${tiles} ${legend(map, steps)}`,
  });
}

function drawTile(map: SurveyMap, steps: readonly Step[], { territory, lines, column, row }: Tile, left: number): Html {
  const [x, y] = [left + column * (WIDE + GAP), TOP + row * (HIGH + GAP)];
  const value = map.values.get(territory);
  const middle = x + WIDE / 2;
  const name = (fill: string) =>
    lines.map((line, index) => svgText(middle, y + 18 + index * 14, line, { size: 12, anchor: 'middle', fill }));
  if (typeof value !== 'number') {
    const said = value === null ? 'sans réponse' : map.absent;
    return html`<g
      ><rect
        x="${x + 0.5}"
        y="${y + 0.5}"
        width="${WIDE - 1}"
        height="${HIGH - 1}"
        fill="${value === null ? '#ffffff' : '#f6f6f6'}"
        stroke="${LINE}"
        stroke-dasharray="4 3"
      />${name(SOFT)}${svgText(middle, y + 60, said, { size: 11, anchor: 'middle', fill: SOFT })}</g
    >`;
  }
  const shade = shadeOf(stepOf(steps, value), steps.length);
  const { fill, ink } = SHADES[shade] ?? SHADES[0];
  const words = figureInWords(value, map.indicator.unit);
  const size = words.length > 14 ? 13 : 18;
  return html`<g
    ><rect
      x="${x}"
      y="${y}"
      width="${WIDE}"
      height="${HIGH}"
      fill="${fill}"
    />${band(x, y + HIGH - BAND, WIDE, shade)}${name(ink)}${svgText(middle, y + 61, shortened(words, WIDE - 8, size), { size, bold: true, anchor: 'middle', fill: ink })}</g
  >`;
}

/** The pattern of one step, dark on white: the same on a tile and in the legend. */
const band = (x: number, y: number, width: number, shade: number): Html =>
  html`<rect x="${x}" y="${y}" width="${width}" height="${BAND}" fill="#ffffff" /><rect
      x="${x + 0.5}"
      y="${y + 0.5}"
      width="${width - 1}"
      height="${BAND - 1}"
      fill="url(#carte-motif-${shade})"
      stroke="${BLUE}"
    />`;

/** Empty, dots, thin lines, thick lines, full. */
const MARKS = [
  '',
  '<circle cx="4" cy="4" r="1.2" fill="#000091"/>',
  '<path d="M0 8L8 0" stroke="#000091" stroke-width="1.2"/>',
  '<path d="M0 8L8 0M-2 2L2 -2M6 10L10 6" stroke="#000091" stroke-width="3.4"/>',
  '<rect width="8" height="8" fill="#000091"/>',
];
const pattern = (shade: number): Html =>
  html`<pattern id="carte-motif-${shade}" width="8" height="8" patternUnits="userSpaceOnUse"
    >${raw(MARKS[shade] ?? '')}</pattern
  >`;

const ENTRY = 128;

function legend(map: SurveyMap, steps: readonly Step[]): Html {
  const known = steps.map(({ from, to }, index) => {
    const x = MARGIN + index * ENTRY;
    const shade = shadeOf(index, steps.length);
    const words = from === to ? figureInWords(to) : `${figureInWords(from)} à ${figureInWords(to)}`;
    return html`<rect
        x="${x}"
        y="${LEGEND + 8}"
        width="30"
        height="14"
        fill="${SHADES[shade]?.fill ?? ''}"
      />${band(x, LEGEND + 22, 30, shade)}${svgText(x + 38, LEGEND + 26, shortened(words, ENTRY - 42, 12), { size: 12 })}`;
  });
  const y = LEGEND + 58;
  return html`${svgText(MARGIN, LEGEND, `Légende${map.indicator.unit === '' ? '' : ` (${map.indicator.unit})`}`, { size: 12, bold: true })}
    ${known}
    <rect
      x="${MARGIN + 0.5}"
      y="${y - 11}"
      width="29"
      height="14"
      fill="#ffffff"
      stroke="${LINE}"
      stroke-dasharray="4 3"
    />
    ${svgText(MARGIN + 38, y, 'Sans chiffre : aucune réponse reçue, ou agence absente. Un manque n’est jamais un zéro.', { size: 12, fill: SOFT })}`;
}

function describe({ values, indicator }: SurveyMap): string {
  const tiles = [...MAINLAND_TILES, ...OVERSEAS_TILES];
  const name = ({ lines }: Tile): string => lines.join(lines.some((line) => line.endsWith('-')) ? '' : ' ');
  const told = tiles.flatMap((tile) => {
    const value = values.get(tile.territory);
    return typeof value === 'number' ? [{ value, name: name(tile) }] : [];
  });
  const silent = tiles.filter(({ territory }) => values.get(territory) === null).map(name);
  const head = `Carte schématique, une case de même taille par agence, celles d’outre-mer à part. ${told.length} avec un chiffre.`;
  const sorted = told.toSorted((a, b) => a.value - b.value);
  const [least, most] = [sorted.at(0), sorted.at(-1)];
  const range =
    least === undefined || most === undefined
      ? ''
      : ` De ${figureInWords(least.value, indicator.unit)} (${least.name}) à ${figureInWords(most.value, indicator.unit)} (${most.name}).`;
  return `${head}${range}${silent.length === 0 ? '' : ` Sans réponse : ${silent.join(', ')}.`}`;
}
