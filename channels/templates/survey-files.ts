import type { SurveyPurpose } from '../../domain/survey/purposes.ts';
import type { SurveySubjectMatter } from '../../domain/survey/subject-matter.ts';
import { momentThere, NBSP, toNamed } from '../french.ts';
import type { Block } from './blocks.ts';

/** The part of a letter's matter that tells of a file. */
interface FileLetterMatter extends SurveySubjectMatter {
  readonly purpose: SurveyPurpose;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly recipient: string;
  readonly timeZone: string;
}

/** What a respondent is told of the sheet that came in its name by mail: all that was understood, or all that is to be mended. */
export function fileBlocks(matter: FileLetterMatter, answerUrl: string): Block[] {
  const { purpose, recipient, closesAt, closedAt, timeZone, detail } = matter;
  const facts: Block = {
    kind: 'facts',
    rows: [
      ['Répondant', recipient],
      ['Fichier', textOf(detail['file'])],
      closedAt === null
        ? ['À rendre avant', momentThere(closesAt, timeZone)]
        : ['Enquête close depuis', momentThere(closedAt, timeZone)],
    ],
  };
  return [
    facts,
    ...(purpose === 'fileTaken' ? takenBlocks(matter) : refusedBlocks(matter)),
    pageBlock(matter, answerUrl),
  ];
}

function takenBlocks({ detail }: FileLetterMatter): Block[] {
  const { version, answers, notConcerned, notices } = detail;
  const understood =
    typeof notConcerned === 'string'
      ? `Nous avons compris que cette enquête ne vous concerne pas${NBSP}: «${NBSP}${notConcerned}${NBSP}»`
      : `Nous avons compris ${several(answers, 'réponse')}, champs calculés compris`;
  const told = listOf(notices);
  return [
    {
      kind: 'paragraph',
      text: `Le fichier reçu par courriel est votre réponse, version ${count(version)}. ${understood}.`,
    },
    ...(told.length === 0 ? [] : [{ kind: 'list', title: 'À noter', items: told } as const]),
  ];
}

function refusedBlocks({ detail, authorName, closedAt }: FileLetterMatter): Block[] {
  const { reason, notOpen, overtaken, errors, more } = detail;
  if (notOpen === true) {
    const why =
      closedAt === null
        ? 'L’enquête ne prend pas de réponse en ce moment'
        : 'L’enquête est close, votre réponse n’est plus prise';
    return [
      {
        kind: 'callout',
        tone: 'alert',
        text: `${why}${NBSP}: rien n’est enregistré. Pour toute question, écrivez ${toNamed(authorName)}.`,
      },
    ];
  }
  if (typeof reason === 'string') return [{ kind: 'callout', tone: 'alert', text: `Rien n’est enregistré. ${reason}` }];
  const lines = listOf(errors);
  const rest = typeof more === 'number' && more > 0 ? [`et ${several(more, 'autre')}`] : [];
  const items = [...lines, ...rest];
  const list = (title: string): Block[] => (items.length === 0 ? [] : [{ kind: 'list', title, items }]);
  if (overtaken === true) return [{ kind: 'callout', tone: 'alert', text: OVERTAKEN }, ...list('Ce qui diffère')];
  return [
    {
      kind: 'callout',
      tone: 'alert',
      text: 'Rien n’est enregistré : corrigez ces lignes, puis renvoyez le fichier entier.',
    },
    ...list('À corriger'),
  ];
}

const OVERTAKEN =
  'Rien n’est enregistré : cette réponse a été modifiée depuis que le modèle de ce fichier a été téléchargé, et votre fichier l’aurait remplacée. Téléchargez de nouveau le modèle, qui la contient, reportez-y vos changements, puis renvoyez-le.';

const pageBlock = ({ purpose }: FileLetterMatter, url: string): Block => ({
  kind: 'buttons',
  intro:
    purpose === 'fileTaken'
      ? `Si ce n’est pas vous, ou pour voir et corriger votre réponse jusqu’à la clôture (par un tableur${NBSP}: en téléchargeant de nouveau le modèle)${NBSP}:`
      : `Pour télécharger le modèle, ou répondre sur la page${NBSP}:`,
  buttons: [{ label: 'Ouvrir le questionnaire', url }],
});

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const count = (value: unknown): string => (typeof value === 'number' ? String(value) : '');
const several = (n: unknown, word: string): string => `${count(n)} ${word}${typeof n === 'number' && n > 1 ? 's' : ''}`;
const listOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(textOf) : []);
