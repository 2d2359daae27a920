import { drawnIndicators, type Indicator } from '../../domain/survey/indicators.ts';
import type { ResultState } from '../../domain/survey/results.ts';
import { html, type Html } from './html.ts';
import type { Drawn } from './publication-words.ts';

const READINGS: readonly (readonly [ResultState, string])[] = [
  ['corrected', 'Corrigés à ce jour'],
  ['closing', 'Connus à la première clôture'],
];

/** Which figure the map, the trend and the table show, and in which reading: a form that changes nothing, without script. */
export function pickPart({ publication, indicator, as }: Drawn): Html {
  const groups = Map.groupBy(drawnIndicators(publication.form), ({ group }) => group);
  const readings = READINGS.filter(([state]) => publication.readings[state] !== null);
  return html`<form method="get" class="pick card">
    <div class="field">
      <label for="question">Chiffre à montrer</label>
      <select id="question" name="question">
        ${[...groups].map(([group, members]) => groupOf(group, members, indicator))}
      </select>
    </div>
    <div class="field">
      <label for="as">Chiffres</label>
      <select id="as" name="as">
        ${readings.map(([state, words]) => option(state, words, state === as))}
      </select>
    </div>
    <button>Afficher</button>
  </form>`;
}

function groupOf(group: string, members: readonly Indicator[], shown: Indicator): Html {
  const options = members.map(({ column, label }) => option(column, inGroup(label, group), column === shown.column));
  return members.length === 1 ? html`${options}` : html`<optgroup label="${group}">${options}</optgroup>`;
}

const option = (value: string, words: string, chosen: boolean): Html =>
  html`<option value="${value}" ${chosen && 'selected'}>${words}</option>`;

/** The label of a group is not said again by each of its members. */
const inGroup = (label: string, group: string): string =>
  label.startsWith(`${group}, `) ? label.slice(group.length + 2) : label;
