import { declaredInWords } from '../../domain/declared.ts';
import { REPLY_DOORS, REPLY_KINDS, type ReplyKind } from '../../domain/reply-kinds.ts';
import { DOOR_WORDS, REPLY_WORDS } from '../../domain/wording.ts';
import { capital, momentThere, named, NBSP } from '../french.ts';
import { replyUrl } from '../links.ts';
import { stateWords } from '../words.ts';
import type { Block, Letter } from './blocks.ts';
import { detailInstant, detailText, letterOf, recipientFooter, subjectOf, type Matter } from './parts.ts';

/** To the alert box: somebody of the organisation has answered, so that nobody does it twice. */
export function echoLetter(matter: Matter): Letter {
  const { delivery, instruction } = matter;
  const said = answerWords(matter);
  const from = detailText(matter, 'from') ?? 'un contact';
  const behalf = delivery.detail['onBehalf'] === true;
  const door = REPLY_DOORS.find((one) => one === delivery.detail['channel']) ?? 'api';
  const who = behalf ? `le CORRUSS, pour ${named(delivery.about.name)}` : `${from} (${DOOR_WORDS[door]})`;
  const comment = detailText(matter, 'comment');
  return letterOf(matter, {
    subject: subjectOf(instruction, `${said.toUpperCase()} par ${behalf ? 'le CORRUSS' : from}`),
    preheader: `${capital(said)} par ${who}`,
    heading: `${capital(said)} par ${who}`,
    blocks: [
      {
        kind: 'paragraph',
        text: `Cette réponse est enregistrée pour ${named(delivery.about.name)}${NBSP}: inutile de répondre une seconde fois.`,
      },
      ...(comment === null ? [] : [{ kind: 'quote', title: 'Commentaire', text: comment } as const]),
      ...declaredBlocks(matter),
      ...correction(matter),
    ],
    footer: recipientFooter(matter),
  });
}

/** The figures of the answer itself, so that colleagues correct them rather than count again. */
function declaredBlocks({ delivery }: Matter): readonly Block[] {
  const declared = delivery.detail['declared'];
  const words = typeof declared === 'object' && declared !== null ? declaredInWords(declared) : '';
  return words === '' ? [] : [{ kind: 'facts', rows: [['Déclaré hors Vigie', words]] }];
}

/** To whoever wrote: what was understood of his mail, and how to correct it. */
export function mailAnswerLetter(matter: Matter): Letter {
  const { detail } = matter.delivery;
  if (detail['outcome'] === 'unclear') return unclearLetter(matter);
  const said = answerWords(matter);
  const recorded = detail['outcome'] === 'recorded';
  const why = detailText(matter, 'why');
  const title = recorded ? `Réponse enregistrée${NBSP}: ${said}` : 'Réponse non enregistrée';
  return letterOf(matter, {
    subject: subjectOf(matter.instruction, title),
    preheader: title,
    heading: title,
    blocks: [
      { kind: 'paragraph', text: `Votre courriel a été lu par Vigie et compris comme «${NBSP}${said}${NBSP}».` },
      ...(why === null ? [] : [{ kind: 'quote', title: 'Passage retenu', text: why } as const]),
      ...(recorded ? recordedBlocks(matter) : refusedBlocks(matter)),
      ...correction(matter),
    ],
    footer: recipientFooter(matter),
  });
}

function unclearLetter(matter: Matter): Letter {
  const title = 'Courriel reçu, lu par un officier';
  return letterOf(matter, {
    subject: subjectOf(matter.instruction, title),
    preheader: title,
    heading: title,
    blocks: [
      {
        kind: 'paragraph',
        text: `Vigie n’a pas su dire ce que votre courriel répond à l’instruction${NBSP}: un officier du CORRUSS le lit. Les relances attendent 30 minutes.`,
      },
      ...correction(matter),
    ],
    footer: recipientFooter(matter),
  });
}

function recordedBlocks({ delivery }: Matter): readonly Block[] {
  const files = delivery.detail['files'];
  const rows: [string, string][] = [];
  if (delivery.followUp !== null) rows.push(['État', stateWords(delivery.followUp)]);
  if (typeof files === 'number' && files > 0) rows.push(['Pièces jointes conservées', String(files)]);
  return rows.length === 0 ? [] : [{ kind: 'facts', rows }];
}

function refusedBlocks(matter: Matter): readonly Block[] {
  const { errors } = matter.delivery.detail;
  const more = Array.isArray(errors) ? errors.filter((one): one is string => typeof one === 'string') : [];
  const reason = [detailText(matter, 'detail') ?? '', ...more].filter((one) => one !== '').join(' ');
  return [{ kind: 'callout', tone: 'alert', text: `Elle n’a pas pu être enregistrée. ${reason}`.trim() }];
}

/** How to say something else. */
function correction({ delivery, context }: Matter): readonly Block[] {
  const text = `Ce n’est pas cela${NBSP}? Répondez à ce courriel en commençant par votre réponse, par exemple «${NBSP}pris en charge${NBSP}», «${NBSP}fait à 60${NBSP}%${NBSP}», «${NBSP}réalisé${NBSP}».`;
  const paragraph: Block = { kind: 'paragraph', text };
  if (delivery.linkToken === null) return [paragraph];
  return [
    paragraph,
    { kind: 'link', label: 'Corriger la réponse', url: replyUrl(context.publicUrl, delivery.linkToken) },
  ];
}

/** `en cours (60 %)`, `report au …`. */
function answerWords(matter: Matter): string {
  const { detail, addressee } = matter.delivery;
  const kind = REPLY_KINDS.find((one: ReplyKind) => one === detail['kind']);
  const words = kind === undefined ? 'réponse' : REPLY_WORDS[kind];
  const percent = typeof detail['percent'] === 'number' ? ` (${detail['percent']}${NBSP}%)` : '';
  const until = detailInstant(matter, 'until');
  return `${words}${percent}${until === null ? '' : ` au ${momentThere(until, addressee.timeZone)}`}`;
}
