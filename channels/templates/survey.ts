import { CORRUSS } from '../../domain/organisation.ts';
import type { SurveyPurpose } from '../../domain/survey/purposes.ts';
import { rateOf } from '../../domain/survey/rates.ts';
import type { SurveySubjectMatter } from '../../domain/survey/subject-matter.ts';
import { isBlank } from '../../domain/text.ts';
import { moment, momentThere, NBSP } from '../french.ts';
import type { Block, Letter } from './blocks.ts';
import { fileBlocks } from './survey-files.ts';

/** What a letter of a survey is made of. */
export interface SurveyLetterMatter extends SurveySubjectMatter {
  readonly purpose: LetterPurpose;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly recipient: string;
  /** Where the recipient is. */
  readonly timeZone: string;
  /** Null: a letter to the author. */
  readonly answerUrl: string | null;
}

/** Those of this letter; the others are written by `survey-late.ts` and `survey-threshold.ts`. */
export type LetterPurpose = Exclude<SurveyPurpose, 'lateSites' | 'threshold'>;

const HEADINGS: Readonly<Record<LetterPurpose, string>> = {
  invitation: 'Votre réponse est attendue',
  reminder: 'Rappel\u00a0: votre réponse est attendue',
  lastCall: 'Dernier rappel avant la clôture',
  reopened: 'Enquête rouverte',
  cancelled: 'Enquête annulée',
  fileTaken: 'Votre réponse est enregistrée',
  fileRefused: 'Votre fichier n’est pas pris',
  complete: 'Toutes les réponses sont reçues',
  result: 'Enquête close',
};

const SUBJECTS: Readonly<Record<LetterPurpose, string>> = {
  invitation: 'ENQUÊTE',
  reminder: 'ENQUÊTE – RAPPEL',
  lastCall: 'ENQUÊTE – DERNIER RAPPEL',
  reopened: 'ENQUÊTE – ROUVERTE',
  cancelled: 'ENQUÊTE – ANNULÉE',
  fileTaken: 'ENQUÊTE – RÉPONSE ENREGISTRÉE',
  fileRefused: 'ENQUÊTE – FICHIER À CORRIGER',
  complete: 'ENQUÊTE – TOUTES LES RÉPONSES SONT REÇUES',
  result: 'ENQUÊTE – CLOSE',
};

export function surveyLetter(matter: SurveyLetterMatter): Letter {
  const { purpose, title, exercise, authorName, author } = matter;
  const closing = moment(matter.closesAt, matter.timeZone);
  const asks = matter.answerUrl !== null && !['cancelled', 'fileTaken', 'fileRefused'].includes(purpose);
  return {
    subject: `${exercise ? 'EXERCICE – ' : ''}${SUBJECTS[purpose]}${NBSP}: ${title}`,
    preheader: asks ? `Réponse attendue avant ${closing}` : HEADINGS[purpose],
    reference: author === CORRUSS ? 'CORRUSS' : authorName,
    nature: SUBJECTS[purpose],
    exercise,
    heading: `${HEADINGS[purpose]}${NBSP}: ${title}`,
    blocks: matter.answerUrl === null ? authorBlocks(matter) : respondentBlocks(matter, matter.answerUrl),
    footer: footerOf(matter),
  };
}

function respondentBlocks(matter: SurveyLetterMatter, answerUrl: string): Block[] {
  const { purpose, crisis, recipient, closesAt, timeZone } = matter;
  if (purpose === 'fileTaken' || purpose === 'fileRefused') return fileBlocks(matter, answerUrl);
  const reason = reasonBlock(matter);
  if (purpose === 'cancelled') {
    return [
      { kind: 'paragraph', text: 'Aucune réponse n’est plus attendue\u00a0: le questionnaire est fermé.' },
      ...reason,
    ];
  }
  const urgent = purpose === 'lastCall' || purpose === 'reminder';
  return [
    {
      kind: 'facts',
      rows: [
        ['Émetteur', matter.authorName],
        ['Répondant', recipient],
        ['À rendre avant', momentThere(closesAt, timeZone)],
        ...(crisis === null ? [] : [['Événement', crisis] as const]),
      ],
    },
    ...(urgent
      ? [{ kind: 'callout', tone: 'alert', text: 'Nous n’avons pas encore reçu votre réponse.' } as const]
      : []),
    ...reason,
    {
      kind: 'buttons',
      intro: `Le questionnaire s’ouvre sans compte ni mot de passe, se remplit en plusieurs fois et se corrige jusqu’à la clôture. Pour répondre par un tableur, téléchargez-y le modèle, puis renvoyez-le rempli par la page ou en réponse à ce courriel${NBSP}:`,
      buttons: [{ label: 'Ouvrir le questionnaire', url: answerUrl }],
    },
  ];
}

function reasonBlock({ detail }: SurveyLetterMatter): Block[] {
  const { reason } = detail;
  return typeof reason === 'string' && !isBlank(reason) ? [{ kind: 'quote', title: 'Motif', text: reason }] : [];
}

function authorBlocks({ counts, missing, closesAt, purpose }: SurveyLetterMatter): Block[] {
  const rate = rateOf(counts.received, counts.expected);
  const percent = rate === null ? '' : ` (${String(rate).replace('.', ',')}${NBSP}%)`;
  const more = counts.late - missing.length;
  const names = more > 0 ? [...missing, `et ${more} autre${more > 1 ? 's' : ''}`] : missing;
  return [
    {
      kind: 'facts',
      rows: [
        ['Attendues', String(counts.expected)],
        ['Reçues', `${counts.received}${percent}`],
        ['Complètes', String(counts.complete)],
        ['Dans les délais', String(counts.onTime)],
        [purpose === 'result' ? 'Clôture prévue' : 'Clôture', moment(closesAt)],
      ],
    },
    ...(names.length === 0 ? [] : [{ kind: 'list', title: 'Sans réponse', items: names } as const]),
  ];
}

function footerOf({ contact, answerUrl, recipient, authorName }: SurveyLetterMatter): string[] {
  if (answerUrl === null) return ['Message automatique de Vigie.'];
  const phone = contact?.phone ? ` ou au ${contact.phone}` : '';
  return [
    `Une question${NBSP}? Répondez à ce courriel${NBSP}: votre réponse arrive à ${authorName}${phone}.`,
    `Ce lien permet de répondre pour ${recipient}${NBSP}: ne le transmettez qu’à un collègue qui répond avec vous.`,
  ];
}
