import { STATUS_WORDS_OF_CAMPAIGN } from '../../domain/survey/campaign-commands.ts';
import { figureInWords } from '../../domain/survey/figure-words.ts';
import { headlinesOf } from '../../domain/survey/indicators.ts';
import type { SurveyCounts } from '../../domain/survey/rates.ts';
import type { Account } from '../access/account.ts';
import { drawMap } from '../documents/survey-map.ts';
import { drawTrend } from '../documents/survey-trend.ts';
import { mapOf, STATE_WORDS, titleOf } from '../surveys/drawings.ts';
import { noticesOf } from '../surveys/publication-view.ts';
import type { Publication } from '../surveys/publication.ts';
import { html, type Html } from './html.ts';
import type { Page } from './layout.ts';
import { dictionaryPart, filesPart, sourcesPart } from './publication-sources.ts';
import { pickPart } from './publication-pick.ts';
import { territoryTable } from './publication-territories.ts';
import { type Drawn, figureWords, rateWords } from './publication-words.ts';
import { moment } from './words.ts';

/** What a survey has found, for a reader: state, rates, figures, map, trend, table by agency, sources, files. */
export function publicationPage(drawn: Drawn, account: Account): Page {
  const { survey, authorName } = drawn.publication;
  return {
    title: `Résultats – ${survey.title}`,
    account,
    exercise: survey.exercise,
    body: html`<p class="number">Enquête – ${authorName}</p>
      <h1>${survey.title}</h1>
      ${standing(drawn.publication)} ${headlineTable(drawn.publication)} ${pickPart(drawn)} ${drawings(drawn)}
      ${territoryTable(drawn)} ${filesPart(survey.id, drawn)} ${sourcesPart(drawn.publication)}
      ${dictionaryPart(drawn.publication)}`,
  };
}

function standing(publication: Publication): Html {
  const { survey, publishedAt } = publication;
  const notices = noticesOf(publication);
  return html`${
      publishedAt !== null &&
      html`<div class="notice ok">
        <p><strong>Résultats publiés</strong> le ${moment(publishedAt.getTime())}.</p>
      </div>`
    }
    ${
      notices.length > 0 &&
      html`<div class="notice warn">
        <p><strong>À savoir avant de lire ces chiffres</strong></p>
        <ul>
          ${notices.map((notice) => html`<li>${notice}</li>`)}
        </ul>
      </div>`
    }
    <div class="card">
      <dl class="facts">
        <dt>Statut</dt>
        <dd>${STATUS_WORDS_OF_CAMPAIGN[survey.status]}</dd>
        ${
          survey.calendar !== null &&
          html`<dt>Ouverture</dt>
            <dd>${moment(Date.parse(survey.calendar.opensAt))}</dd>
            <dt>Clôture</dt>
            <dd>${moment(Date.parse(survey.closedAt ?? survey.calendar.closesAt))}</dd>`
        }
        ${rateFacts(survey.counts)}
      </dl>
    </div>`;
}

const RATES: readonly (readonly [string, (counts: SurveyCounts) => number, (counts: SurveyCounts) => number])[] = [
  ['Réponses reçues', (one) => one.received, (one) => one.expected],
  ['Complètes', (one) => one.complete, (one) => one.expected],
  ['Dans les délais', (one) => one.onTime, (one) => one.expected],
  ['Validées', (one) => one.validated, (one) => one.received],
];

const rateFacts = (counts: SurveyCounts): readonly Html[] =>
  RATES.map(
    ([name, part, whole]) =>
      html`<dt>${name}</dt>
        <dd>
          ${figureInWords(part(counts))} sur ${figureInWords(whole(counts))} (${rateWords(part(counts), whole(counts))})
        </dd>`,
  );

function headlineTable({ form, readings, whole }: Publication): Html {
  const [closing, corrected] = [readings.closing?.total, readings.corrected?.total];
  const [first, today] = ['À la première clôture', 'Corrigé à ce jour'];
  return html`<h2 id="chiffres">Chiffres clés</h2>
    <div class="scroll" role="region" aria-labelledby="chiffres" tabindex="0">
      <table class="figures cards">
        <caption>
          ${whole ? 'Ensemble des répondants' : 'Ensemble des répondants de votre territoire'}
        </caption>
        <thead>
          <tr>
            <th scope="col">Chiffre</th>
            <th scope="col">${first}</th>
            <th scope="col">${today}</th>
          </tr>
        </thead>
        <tbody>
          ${headlinesOf(form).map(
            (one) =>
              html`<tr>
                <th scope="row">${one.label}</th>
                <td data-label="${first}">${closing === undefined ? 'pas encore close' : figureWords(one, closing)}</td>
                <td data-label="${today}">${figureWords(one, corrected)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

function drawings({ publication, indicator, as, points }: Drawn): Html {
  const { survey, whole, readings } = publication;
  const { label, unit } = indicator;
  const trend = { title: titleOf(survey), indicator: { label, unit }, state: STATE_WORDS[as], points };
  return html`<figure class="drawing">
      <figcaption id="carte-nom"><h2>Carte</h2></figcaption>
      <div class="scroll" role="region" aria-labelledby="carte-nom" tabindex="0">
        ${drawMap(mapOf(survey, readings[as]?.territories ?? [], { indicator, as, whole }))}
      </div>
      <p class="hint">
        Une case de même taille par agence : la surface ne dit rien, seul le chiffre compte. Les mêmes chiffres sont
        dans le <a href="#agences">tableau par agence</a>.
      </p>
    </figure>
    <figure class="drawing">
      <figcaption id="tendance-nom"><h2>Tendance</h2></figcaption>
      <div class="scroll" role="region" aria-labelledby="tendance-nom" tabindex="0">${drawTrend(trend)}</div>
      <details>
        <summary>Les chiffres de la courbe</summary>
        <table class="figures">
          <thead>
            <tr>
              <th scope="col">Campagne ouverte le</th>
              <th scope="col">${label}</th>
            </tr>
          </thead>
          <tbody>
            ${points.map(
              ({ day, value }) =>
                html`<tr>
                  <th scope="row">${day}</th>
                  <td>${value === null ? 'sans chiffre' : figureInWords(value, unit)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </details>
    </figure>`;
}
