import type { Content, Pages, TableCell } from './pdf-maker.ts';
import { declaredInWords, figuresInWords } from '../../domain/declared.ts';
import { CHANNEL_WORDS, DOOR_WORDS, inWords, NATURE_WORDS, REPLY_WORDS, STATUS_WORDS } from '../../domain/wording.ts';
import { stateWords } from '../pages/words.ts';
import { exactMomentOf, momentOf } from './dates.ts';
import type { ExportedFile } from './instruction-export.ts';
import { facts, heading, sheet, table } from './sheet.ts';

export interface FileMatter {
  readonly file: ExportedFile;
  /** The message as plain text. */
  readonly text: string;
}

/** The file of one instruction, for an archive or an inquiry. */
export function filePages({ file, text }: FileMatter): Pages {
  const { instruction } = file;
  const name = instruction.number ?? 'Brouillon';
  const made = inWords(Date.parse(file.exportedAt));
  const title = `Dossier ${name}`;
  return sheet({ title, foot: `${title} – établi le ${made}`, exercise: instruction.exercise }, [
    { text: `${name} – ${NATURE_WORDS[instruction.nature]}`, style: 'title' },
    { text: instruction.subject, fontSize: 13, margin: [0, 2, 0, 8] },
    summary(file, made),
    heading('Message'),
    { text },
    heading(`Destinataires (${file.recipients.length})`),
    recipients(file),
    ...diffusion(file),
    heading('Réponses'),
    replies(file),
    heading('Pièces jointes et justificatifs'),
    files(file),
    heading(`Chronologie (${file.timeline.length})`),
    { text: 'Heures de Paris.', style: 'small', margin: [0, 0, 0, 3] },
    timeline(file),
    heading('Empreintes'),
    proof(file),
  ]);
}

const when = (text: string | null): string => (text === null ? '–' : inWords(Date.parse(text)));

function summary({ instruction, exportedBy }: ExportedFile, made: string): Content {
  const { open, recipients: count, late } = instruction;
  const urgent = instruction.emergencyReason;
  return facts([
    ['État', STATUS_WORDS[instruction.status]],
    ['Rédigée par', instruction.createdBy],
    ['Diffusée par', instruction.releasedBy ?? '–'],
    ['Diffusée le', when(instruction.releasedAt)],
    ...(urgent === null ? [] : [['Motif de l’urgence', urgent] as const]),
    ['Close le', when(instruction.closedAt)],
    ['Suivis', `${count} destinataire(s), ${open} ouvert(s), ${late.length} en retard`],
    ['Dossier établi', `le ${made}, par ${exportedBy}`],
  ]);
}

const none = (text: string): Content => ({ text, style: 'calm' });

const recipients = ({ recipients: all }: ExportedFile): Content =>
  all.length === 0
    ? none('Aucun destinataire : l’instruction n’est pas diffusée.')
    : table(
        ['*', 130, 95, 45],
        ['Destinataire', 'État', 'Échéance', 'Retours'],
        all.map((one): TableCell[] => [
          `${one.name} (${one.organisation})`,
          { text: stateWords(one), ...(one.late && !one.closed ? { style: 'late' } : {}) },
          momentOf(one.deadline),
          String(one.returns),
        ]),
      );

function replies({ recipients: all }: ExportedFile): Content {
  const rows = all.flatMap((one) => one.replies.map((reply) => ({ who: one.organisation, ...reply })));
  if (rows.length === 0) return none('Aucune réponse.');
  return table(
    [82, 48, 85, '*', 90],
    ['Le', 'De', 'Réponse', 'Commentaire', 'Par'],
    rows
      .toSorted((one, other) => one.at.localeCompare(other.at))
      .map((reply): TableCell[] => [
        momentOf(reply.at),
        reply.who,
        `${wordOf(REPLY_WORDS, reply.kind)}${reply.percent === null ? '' : ` (${reply.percent} %)`}${reply.until === null ? '' : ` jusqu’au ${momentOf(reply.until)}`}`,
        commentOf(reply),
        `${reply.onBehalfBy === null ? reply.from : `${reply.onBehalfBy}, pour ${reply.who}`} (${wordOf(DOOR_WORDS, reply.channel)})${reply.verified ? '' : ', non vérifiée'}`,
      ]),
  );
}

type Reply = ExportedFile['recipients'][number]['replies'][number];

/** What was said, then what was declared, then how many files prove it. */
const commentOf = ({ comment, declared, evidence }: Reply): string =>
  [
    comment ?? '',
    declared === null ? '' : `[déclaré hors Vigie : ${declaredInWords(declared)}]`,
    evidence.length === 0 ? '' : `[${evidence.length} justificatif(s)]`,
  ]
    .filter((part) => part !== '')
    .join(' ');

/** Of a «pour diffusion»: what Vigie counted, and beside it what each agency declares. */
function diffusion({ relays, instruction }: ExportedFile): Content[] {
  if (instruction.relays === null || relays.length === 0) return [];
  const { declared, ...counted } = instruction.relays;
  const rows = relays.map((one): TableCell[] => [
    `${one.name} (${one.organisation})`,
    one.askedAt === null ? '–' : figuresInWords(one),
    one.declared === null ? '–' : declaredInWords(one.declared),
  ]);
  const total = (organisations: number, words: string): TableCell => ({
    text: organisations === 0 ? '–' : `${words} (${organisations} agence(s))`,
    style: 'sum',
  });
  const all: TableCell[] = [
    { text: 'Ensemble', style: 'sum' },
    total(counted.organisations, figuresInWords(counted)),
    total(declared.organisations, figuresInWords(declared)),
  ];
  return [
    heading('Diffusion aux partenaires'),
    table(['*', 150, 190], ['Agence', 'Relayé par Vigie', 'Déclaré hors Vigie'], [...rows, all]),
    {
      text: 'Les deux colonnes ne s’additionnent pas : elles peuvent parler des mêmes partenaires.',
      style: 'small',
      margin: [0, 3, 0, 0],
    },
  ];
}

const wordOf = (words: Readonly<Record<string, string>>, key: string): string =>
  words[key] ?? CHANNEL_WORDS_OF[key] ?? key;
const CHANNEL_WORDS_OF: Readonly<Record<string, string>> = CHANNEL_WORDS;

const files = ({ files: all }: ExportedFile): Content =>
  all.length === 0
    ? none('Aucun fichier.')
    : {
        stack: all.map((one): Content => ({
          stack: [
            { text: `${one.name} – ${one.organisation}, ${one.mediaType}, ${one.size} octets` },
            { text: `SHA-256 ${one.sha256}`, style: 'small' },
          ],
          margin: [0, 0, 0, 4],
          unbreakable: true,
        })),
      };

const timeline = ({ timeline: all }: ExportedFile): Content =>
  all.length === 0
    ? none('Rien n’est encore consigné.')
    : table(
        [118, '*'],
        ['Le', 'Fait'],
        all.map(({ at, text }): TableCell[] => [exactMomentOf(at), text]),
      );

function proof({ audit, digest }: ExportedFile): Content {
  const chain: (readonly [string, string])[] =
    audit === null
      ? []
      : [
          ['Chaîne d’audit', audit.subject],
          ['Dernière entrée', `n° ${audit.position}`],
          ['HMAC', audit.hmac],
          ['Sceau', `${audit.seal}${audit.sealed ? '' : ' (NE CORRESPOND PAS)'}`],
        ];
  return { stack: [facts([...chain, ['SHA-256 du dossier', digest]])], fontSize: 7.5 };
}
