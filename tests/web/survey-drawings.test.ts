import { expect, test } from '@jest/globals';
import { create } from 'xmlbuilder2';
import { drawMap, type SurveyMap } from '../../api/documents/survey-map.ts';
import { drawTrend, type SurveyTrend } from '../../api/documents/survey-trend.ts';

const MAP: SurveyMap = {
  title: 'Lits <b>& "tension"</b> \u0001\ud800',
  indicator: { label: 'Taux d’<occupation>', unit: '%' },
  state: 'tels que corrigés à ce jour',
  values: new Map<string, number | null>([
    ['ARS-11', 0],
    ['ARS-84', 1234.5],
    ['ARS-94', null],
    ['ARS-04', 600],
  ]),
  absent: 'non interrogée',
};
const TREND: SurveyTrend = {
  ...MAP,
  points: [
    { day: '03/11/2026', value: 10, current: false },
    { day: '10/11/2026', value: 12, current: false },
    { day: '17/11/2026', value: null, current: false },
    { day: '24/11/2026', value: 0, current: true },
  ],
};

/** Parsed as XML, which refuses what is not well-formed; all texts, in their order. */
function textsOf(drawing: string): string[] {
  expect(create(drawing).root().node.nodeName).toBe('svg');
  return [...drawing.matchAll(/<text[^>]*>([^<]*)<\/text\s*>/g)].map(([, text]) =>
    text!.replaceAll(/\s+/g, ' ').trim(),
  );
}

test('a map tells every agency and its figure; zero is a figure, missing is said, absent is another word', () => {
  const { text } = drawMap(MAP);
  const texts = textsOf(text);
  expect(texts).toEqual(expect.arrayContaining(['0 %', '1 234,5 %', '600 %', 'Hexagone et Corse', 'Outre-mer']));
  expect(texts.filter((one) => one === 'sans réponse')).toHaveLength(1);
  expect(texts.filter((one) => one === 'non interrogée')).toHaveLength(14);
  expect(text).toMatch(
    /<desc[^>]*>[^<]*3 avec un chiffre\.[^<]*Île-de-France[^<]*Auvergne-Rhône-Alpes[^<]*Sans réponse : Corse/,
  );
  expect(textsOf(drawMap({ ...MAP, values: new Map() }).text).filter((one) => one === 'non interrogée')).toHaveLength(
    18,
  );
});

test('the step is told by a pattern as well as by its shade, on the tile as in the legend', () => {
  const bands = [...drawMap(MAP).text.matchAll(/fill="url\(#carte-motif-(\d)\)"/g)].map(([, shade]) => shade);
  // Tiles in their order (Paris, Lyon, La Réunion), then the legend.
  expect(bands.slice(0, 3)).toEqual(['0', '4', expect.stringMatching(/[1-3]/)]);
  expect(new Set(bands.slice(3)).size).toBe(bands.length - 3);
});

test('a trend is broken where a campaign has no figure: neither a zero nor a line across', () => {
  const { text } = drawTrend(TREND);
  const texts = textsOf(text);
  expect(texts).toEqual(expect.arrayContaining(['10', '12', '0', 'sans chiffre', '17/11/2026']));
  const lines = [...text.matchAll(/<polyline[^>]*points="([^"]*)"/g)].map(([, points]) => points!.split(' ').length);
  expect(lines).toEqual([2, 1]);
  expect([...text.matchAll(/<circle/g)]).toHaveLength(3);
  expect(text).toContain('17/11/2026 : sans chiffre');
  expect(text).not.toContain('L’axe ne part pas de zéro');
  const high = TREND.points.map((point, index) => ({ ...point, value: 80 + index }));
  expect(drawTrend({ ...TREND, points: high }).text).toContain('L’axe ne part pas de zéro');
  for (const points of [[], [TREND.points[2]!], [TREND.points[0]!]]) textsOf(drawTrend({ ...TREND, points }).text);
});

test('nothing of a title becomes markup, nothing is run or fetched', () => {
  for (const { text } of [drawMap(MAP), drawTrend(TREND)]) {
    expect(text).toContain('Lits &lt;b&gt;&amp; &quot;tension&quot;&lt;/b&gt; \ufffd\ufffd');
    expect(text).not.toMatch(/<script|<style|style=|href|<b>|\son\w+=/);
  }
});
