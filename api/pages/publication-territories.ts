import { figureInWords } from '../../domain/survey/figure-words.ts';
import { CORRUSS } from '../../domain/organisation.ts';
import type { TerritoryResult } from '../../domain/survey/results.ts';
import { momentOf } from '../documents/dates.ts';
import { html, type Html } from './html.ts';
import { type Drawn, figureWords, rateWords } from './publication-words.ts';

/** What the map shows, as a table: each agency with its counts, its figure in both readings, and what was accepted. */
export function territoryTable({ publication, indicator }: Drawn): Html {
  const { survey, readings, asked } = publication;
  const national = survey.author === CORRUSS;
  const rowIn = (rows: readonly TerritoryResult[] | undefined, territory: string) =>
    rows?.find((one) => one.territory === territory);
  return html`<h2 id="agences">Par agence</h2>
    <div class="scroll" role="region" aria-labelledby="agences" tabindex="0">
      <table class="figures">
        <caption>
          ${indicator.label}
        </caption>
        <thead>
          <tr>
            <th scope="col">Agence</th>
            <th scope="col">À la clôture</th>
            <th scope="col">Corrigé</th>
            <th scope="col">Reçues</th>
            <th scope="col">Taux</th>
            <th scope="col">Complètes</th>
            <th scope="col">Validées</th>
            <th scope="col">Sans réponse</th>
            ${national && html`<th scope="col">Acceptation</th>`}
          </tr>
        </thead>
        <tbody>
          ${asked.map(({ territory, name }) => {
            const row = rowIn(readings.corrected?.territories, territory);
            if (row === undefined) return null;
            const closing = rowIn(readings.closing?.territories, territory);
            return html`<tr>
              <th scope="row">${name}</th>
              <td>${closing === undefined ? '–' : figureWords(indicator, closing)}</td>
              <td><strong>${figureWords(indicator, row)}</strong></td>
              <td>${figureInWords(row.received)} sur ${figureInWords(row.expected)}</td>
              <td>${rateWords(row.received, row.expected)}</td>
              <td>${figureInWords(row.complete)}</td>
              <td>${figureInWords(row.validated)}</td>
              <td>${row.late === 0 ? '0' : html`<span class="tag bad">${figureInWords(row.late)}</span>`}</td>
              ${national && html`<td>${acceptance(publication, territory)}</td>`}
            </tr>`;
          })}
        </tbody>
      </table>
    </div>`;
}

function acceptance({ acceptances }: Drawn['publication'], territory: string): Html {
  const found = acceptances.get(territory);
  if (found === undefined) return html`<span class="tag warn">non acceptées</span>`;
  const changed = found.changedSince > 0 && html` <span class="tag warn">corrigées depuis</span>`;
  return html`<span class="tag ok">acceptées</span>${changed}<br />${momentOf(found.at.toISOString())}<br />par
    ${found.by}`;
}
