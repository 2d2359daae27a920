import { at } from './arrange.ts';
import { type Lines, WHEN } from './timeline-lines.ts';

/** Lines of series of surveys. */
export const SERIES_LINES = {
  surveySeriesCreated: [[{ title: 'BACH' }, 'Série d’enquêtes créée par corruss-chef (CORRUSS) : « BACH »']],
  surveySeriesChanged: [[{ title: 'BACH' }, 'Série d’enquêtes modifiée par corruss-chef (CORRUSS) : « BACH »']],
  surveySeriesPaused: [[{ reason: 'Fêtes' }, 'Série d’enquêtes mise en pause par corruss-chef (CORRUSS) : « Fêtes »']],
  surveySeriesResumed: [[{ reason: '' }, 'Série d’enquêtes reprise par corruss-chef (CORRUSS)']],
  surveySeriesEnded: [[{ reason: 'Inutile' }, 'Série d’enquêtes terminée par corruss-chef (CORRUSS) : « Inutile »']],
  surveySeriesOpened: [
    [{ due: at(0), opensAt: at(0), title: 'BACH 48' }, `Ouverture du ${WHEN} faite par la série : « BACH 48 »`],
    [
      { due: at(0) + 1, opensAt: at(0), title: 'BACH 48' },
      `Ouverture du ${WHEN} faite par la série, reportée au ${WHEN} : « BACH 48 »`,
    ],
    [
      { due: at(0), opensAt: at(0), byHand: true, title: 'BACH 48' },
      'Enquête de la série lancée par corruss-chef (CORRUSS) : « BACH 48 »',
    ],
  ],
  surveySeriesSkipped: [
    [{ due: at(0), detail: 'Jour férié' }, `Ouverture du ${WHEN} laissée de côté : « Jour férié »`],
  ],
  surveySeriesRefused: [
    [{ due: at(0), detail: 'Personne' }, `Ouverture du ${WHEN} refusée : « Personne »`],
    [
      { due: at(0), detail: 'Personne', byHand: true },
      `Ouverture du ${WHEN} par corruss-chef (CORRUSS) refusée : « Personne »`,
    ],
  ],
  surveySeriesNoted: [
    [
      { due: at(0), comment: 'Ouverte à la main' },
      `Refus de l’ouverture du ${WHEN} pris en compte par corruss-chef (CORRUSS) : « Ouverte à la main »`,
    ],
    [{ due: at(0), comment: '' }, `Refus de l’ouverture du ${WHEN} pris en compte par corruss-chef (CORRUSS)`],
  ],
} satisfies Lines;
