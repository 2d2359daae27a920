import { CORRUSS } from '../../domain/organisation.ts';
import type { SurveyPurpose } from '../../domain/survey/purposes.ts';
import { isBlank } from '../../domain/text.ts';
import { moment, momentThere, NBSP, shortName, toNamed } from '../french.ts';
import type { Block, Letter } from './blocks.ts';
import { fileBlocks } from './survey-files.ts';
import { authorBlocks, type LetterPurpose, type SurveyMatter } from './survey-result.ts';

/** What a letter is made of, and to whom it goes. */
export interface SurveyLetterMatter extends SurveyMatter {
  readonly recipient: string;
  /** Where the recipient is. */
  readonly timeZone: string;
  /** Null: a letter to the author. */
  readonly answerUrl: string | null;
  /** Why the answer of the recipient was given back; null: it was not, or has been sent again. */
  readonly returned: string | null;
}

const HEADINGS: Readonly<Record<LetterPurpose, string>> = {
  invitation: 'Votre réponse est attendue',
  reminder: 'Rappel\u00a0: votre réponse est attendue',
  lastCall: 'Dernier rappel avant la clôture',
  moved: 'La clôture est déplacée',
  reopened: 'Enquête rouverte',
  cancelled: 'Enquête annulée',
  returned: 'Votre réponse est à revoir',
  unlocked: 'Votre réponse peut être corrigée',
  fileTaken: 'Votre réponse est enregistrée',
  fileRefused: 'Votre fichier n’est pas pris',
  complete: 'Toutes les réponses sont reçues',
  result: 'Enquête close',
  published: 'Résultats publiés',
};

const SUBJECTS: Readonly<Record<LetterPurpose, string>> = {
  invitation: 'ENQUÊTE',
  reminder: 'ENQUÊTE – RAPPEL',
  lastCall: 'ENQUÊTE – DERNIER RAPPEL',
  moved: 'ENQUÊTE – CLÔTURE DÉPLACÉE',
  reopened: 'ENQUÊTE – ROUVERTE',
  cancelled: 'ENQUÊTE – ANNULÉE',
  returned: 'ENQUÊTE – RÉPONSE À REVOIR',
  unlocked: 'ENQUÊTE – RÉPONSE ROUVERTE',
  fileTaken: 'ENQUÊTE – RÉPONSE ENREGISTRÉE',
  fileRefused: 'ENQUÊTE – FICHIER À CORRIGER',
  complete: 'ENQUÊTE – TOUTES LES RÉPONSES SONT REÇUES',
  result: 'ENQUÊTE – CLOSE',
  published: 'ENQUÊTE – RÉSULTATS',
};

export function surveyLetter(matter: SurveyLetterMatter): Letter {
  const { purpose, title, exercise, authorName, author } = matter;
  const closing = moment(dueOf(matter), matter.timeZone);
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

/** When the answer is expected: of one that is re-opened alone, until its own term. */
const dueOf = ({ detail, closesAt }: SurveyLetterMatter): number =>
  typeof detail['until'] === 'number' ? detail['until'] : closesAt;

const BY: Partial<Readonly<Record<SurveyPurpose, string>>> = { returned: 'Renvoyée par', unlocked: 'Rouverte par' };

const CALLS: Partial<Readonly<Record<SurveyPurpose, string>>> = {
  reminder: 'Nous n’avons pas encore reçu votre réponse.',
  lastCall: 'Nous n’avons pas encore reçu votre réponse.',
  returned: 'Votre réponse n’a pas été validée\u00a0: corrigez-la, ou confirmez-la, puis envoyez-la de nouveau.',
  unlocked: 'Le questionnaire est clos pour les autres\u00a0; votre réponse seule peut encore être corrigée.',
};

function respondentBlocks(matter: SurveyLetterMatter, answerUrl: string): Block[] {
  const { purpose, crisis, recipient, timeZone, detail } = matter;
  if (purpose === 'fileTaken' || purpose === 'fileRefused') return fileBlocks(matter, answerUrl);
  const reason = reasonBlock(matter);
  if (purpose === 'cancelled') {
    return [
      { kind: 'paragraph', text: 'Aucune réponse n’est plus attendue\u00a0: le questionnaire est fermé.' },
      ...reason,
    ];
  }
  const call = purpose === 'moved' ? movedCall(matter) : CALLS[isOfReturned(matter) ? 'returned' : purpose];
  const { byName } = detail;
  return [
    {
      kind: 'facts',
      rows: [
        ['Émetteur', matter.authorName],
        ['Répondant', recipient],
        ['À rendre avant', momentThere(dueOf(matter), timeZone)],
        ...(typeof byName === 'string' ? [[BY[purpose] ?? 'Par', shortName(byName)] as const] : []),
        ...(crisis === null ? [] : [['Événement', crisis] as const]),
      ],
    },
    ...(call === undefined ? [] : [{ kind: 'callout', tone: 'alert', text: call } as const]),
    ...reason,
    {
      kind: 'buttons',
      intro: `Le questionnaire s’ouvre sans compte ni mot de passe, se remplit en plusieurs fois et se corrige jusqu’${typeof detail['until'] === 'number' ? 'à ce terme' : 'à la clôture'}. Pour répondre par un tableur, téléchargez-y le modèle, puis renvoyez-le rempli par la page ou en réponse à ce courriel${NBSP}:`,
      buttons: [{ label: 'Ouvrir le questionnaire', url: answerUrl }],
    },
  ];
}

/** Until when it was; the facts above say until when it is. */
function movedCall({ detail, closesAt, timeZone }: SurveyLetterMatter): string | undefined {
  const { from } = detail;
  if (typeof from !== 'number') return undefined;
  return `La clôture était prévue le ${moment(from, timeZone)}${NBSP}: elle est ${closesAt < from ? 'avancée' : 'reportée'}.`;
}

/** A reminder of an answer that was given back: whoever has answered is not told that nothing came. */
const isOfReturned = ({ purpose, returned }: SurveyLetterMatter): boolean =>
  returned !== null && (purpose === 'reminder' || purpose === 'lastCall');

function reasonBlock(matter: SurveyLetterMatter): Block[] {
  const reason = isOfReturned(matter) ? matter.returned : matter.detail['reason'];
  return typeof reason === 'string' && !isBlank(reason) ? [{ kind: 'quote', title: 'Motif', text: reason }] : [];
}

function footerOf({ contact, answerUrl, recipient, authorName }: SurveyLetterMatter): string[] {
  if (answerUrl === null) return ['Message automatique de Vigie.'];
  const phone = contact?.phone ? ` ou au ${contact.phone}` : '';
  return [
    `Une question${NBSP}? Répondez à ce courriel${NBSP}: votre réponse arrive ${toNamed(authorName)}${phone}.`,
    `Ce lien permet de répondre pour ${recipient}${NBSP}: ne le transmettez qu’à un collègue qui répond avec vous.`,
  ];
}
