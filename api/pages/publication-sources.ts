import { dictionaryOf } from '../../domain/survey/dictionary.ts';
import { figureInWords } from '../../domain/survey/figure-words.ts';
import { linksOf } from '../surveys/publication-view.ts';
import type { Publication } from '../surveys/publication.ts';
import { html, type Html } from './html.ts';
import type { Drawn } from './publication-words.ts';
import { moment } from './words.ts';

/** The same figures in other forms. */
export function filesPart(id: string, { indicator, as }: Drawn): Html {
  const links = linksOf(id);
  const drawn = `?question=${encodeURIComponent(indicator.column)}&as=${as}`;
  const files: readonly (readonly [string, string, string])[] = [
    [`${links.xlsx}&as=${as}`, 'Classeur (XLSX)', 'Les chiffres par agence, leur dictionnaire, leur provenance.'],
    [`${links.csv}&as=${as}`, 'Tableau (CSV)', 'Les chiffres par agence, une colonne par chiffre.'],
    [links.json, 'Données (JSON)', 'Les deux lectures, le dictionnaire et les sources, pour un autre système.'],
    [`${links.map}${drawn}`, 'Carte (SVG)', 'L’image seule, à insérer dans un document.'],
    [`${links.trend}${drawn}`, 'Courbe (SVG)', 'L’image seule, à insérer dans un document.'],
  ];
  return html`<section class="files">
    <h2>Fichiers</h2>
    <div class="card">
      <ul class="links">
        ${files.map(([href, name, what]) => html`<li><a href="${href}">${name}</a><span>${what}</span></li>`)}
      </ul>
    </div>
  </section>`;
}

/** Where the figures come from. */
export function sourcesPart({ survey, form, formVersion, authorName, asked, readings }: Publication): Html {
  const notValidated = asked.reduce((all, one) => all + one.notValidated, 0);
  const closing = readings.closing?.total;
  return html`<h2>Sources</h2>
    <div class="card">
      <dl class="facts">
        <dt>Émetteur</dt>
        <dd>${authorName}</dd>
        <dt>Questionnaire</dt>
        <dd>${form.title}, version ${formVersion}</dd>
        <dt>Première clôture</dt>
        <dd>
          ${
            closing === undefined
              ? 'pas encore close'
              : `réponses connues alors\u00a0: ${figureInWords(closing.received)} sur ${figureInWords(closing.expected)}`
          }
        </dd>
        ${
          survey.closings > 1 &&
          html`<dt>Rouverte</dt>
            <dd>${survey.closings - 1} fois : ce qui est venu ensuite est une correction</dd>`
        }
        ${
          survey.closedAt !== null &&
          html`<dt>Dernière clôture</dt>
            <dd>${moment(Date.parse(survey.closedAt))}</dd>`
        }
        <dt>Validation</dt>
        <dd>
          validées par leur agence : ${figureInWords(survey.counts.validated)} ; reçues, non validées :
          ${figureInWords(notValidated)}
        </dd>
        <dt>Identifiant</dt>
        <dd>${survey.id}</dd>
      </dl>
    </div>`;
}

/** What each column of the results means. */
export const dictionaryPart = ({ form, survey }: Publication): Html =>
  html`<details>
    <summary>Dictionnaire des données</summary>
    <div class="scroll" role="region" aria-label="Dictionnaire des données" tabindex="0">
      <table>
        <thead>
          <tr>
            ${['Colonne', 'Question', 'Type', 'Règle', 'Unité', 'Limites'].map((name) => html`<th scope="col">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${dictionaryOf(form, { reuse: survey.reuse !== null }).map(
            ({ column, label, type, rule, unit, limits }) =>
              html`<tr>
                <th scope="row">${column}</th>
                ${[label, type, rule, unit, limits].map((text) => html`<td>${text}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
