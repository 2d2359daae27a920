import { figureInWords } from '../../domain/survey/figure-words.ts';
import { rateOf } from '../../domain/survey/rates.ts';
import type { SurveyPurpose } from '../../domain/survey/purposes.ts';
import type { SurveyMailFigures, SurveySubjectMatter } from '../../domain/survey/subject-matter.ts';
import { moment, NBSP } from '../french.ts';
import type { Block } from './blocks.ts';

/** Those of this letter; the others are written by `survey-late.ts` and `survey-threshold.ts`. */
export type LetterPurpose = Exclude<SurveyPurpose, 'lateSites' | 'threshold'>;

/** What a letter of a survey is made of, whoever reads it. */
export interface SurveyMatter extends SurveySubjectMatter {
  readonly purpose: LetterPurpose;
  readonly detail: Readonly<Record<string, unknown>>;
  /** Of a letter that tells results; null: of any other. */
  readonly figures: SurveyMailFigures | null;
  /** Where the results are read, by an account. */
  readonly pageUrl: string;
}

/** What a letter to whoever asks says: rates, first figures, who is late, where everything stands. */
export const authorBlocks = (matter: SurveyMatter): Block[] => [
  ...stateBlock(matter),
  ratesBlock(matter),
  ...figureBlocks(matter),
  ...lateBlock(matter),
  ...pageBlock(matter),
];

function stateBlock({ purpose, detail }: SurveyMatter): Block[] {
  if (purpose === 'result') {
    const text = `Chiffres provisoires${NBSP}: tels que connus à l’envoi de ce message, avant validation et acceptation.`;
    return [{ kind: 'callout', tone: 'info', text }];
  }
  if (purpose !== 'published') return [];
  const why =
    detail['accepted'] === true
      ? 'le niveau national a accepté les réponses de tous les territoires.'
      : 'l’enquête est terminée, plus aucune réponse ne peut changer.';
  return [{ kind: 'callout', tone: 'info', text: `Chiffres publiés${NBSP}: ${why}` }];
}

function ratesBlock({ counts, closesAt, closedAt, purpose, figures }: SurveyMatter): Block {
  const of = (part: number, whole: number): string => {
    const rate = rateOf(part, whole);
    return rate === null ? String(part) : `${part} (${figureInWords(rate, '%')})`;
  };
  const validated =
    figures === null || figures.notValidated + counts.validated === 0
      ? []
      : [
          ['Validées', of(counts.validated, counts.validated + figures.notValidated)] as const,
          ['Reçues, non validées', String(figures.notValidated)] as const,
        ];
  return {
    kind: 'facts',
    rows: [
      ['Attendues', String(counts.expected)],
      ['Reçues', of(counts.received, counts.expected)],
      ['Complètes', of(counts.complete, counts.expected)],
      ['Dans les délais', of(counts.onTime, counts.expected)],
      ...validated,
      [purpose === 'complete' ? 'Clôture prévue' : 'Clôture', moment(closedAt ?? closesAt)],
    ],
  };
}

function figureBlocks({ figures }: SurveyMatter): Block[] {
  if (figures === null || figures.headlines.length === 0) return [];
  const items = figures.headlines.map(({ label, words }) => `${label}${NBSP}: ${words}`);
  return [{ kind: 'list', title: 'Chiffres clés', items }];
}

/** By agency where it asks for more than itself, else by name. */
function lateBlock({ counts, missing, figures }: SurveyMatter): Block[] {
  if (figures !== null && figures.late.length > 0) {
    const items = figures.late.map(({ name, late, expected }) => `${name}${NBSP}: ${late} sur ${expected}`);
    return [{ kind: 'list', title: 'Sans réponse, par agence', items }];
  }
  const more = counts.late - missing.length;
  const names = more > 0 ? [...missing, `et ${more} autre${more > 1 ? 's' : ''}`] : missing;
  return names.length === 0 ? [] : [{ kind: 'list', title: 'Sans réponse', items: names }];
}

function pageBlock({ figures, pageUrl }: SurveyMatter): Block[] {
  if (figures === null) return [];
  const intro = `Tableau par agence, carte, tendances, et les mêmes chiffres en CSV, XLSX et JSON (avec votre compte)${NBSP}:`;
  return [{ kind: 'buttons', intro, buttons: [{ label: 'Lire les résultats', url: pageUrl }] }];
}
