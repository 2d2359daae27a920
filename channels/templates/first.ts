import { duration, momentThere, NBSP } from '../french.ts';
import type { Reference } from '../../domain/relation.ts';
import { partnerWords } from '../../domain/partner.ts';
import { NATURE_WORDS } from '../../domain/wording.ts';
import type { Block, Letter } from './blocks.ts';
import {
  answerBlocks,
  bodyBlock,
  deadlineOf,
  deadlineWords,
  fileBlocks,
  letterOf,
  recipientFooter,
  subjectOf,
  type Matter,
} from './parts.ts';

/** First mail: the preamble (nature, deadline, what is expected), the answers, the desk's words. */
export function firstLetter(matter: Matter): Letter {
  const { instruction } = matter;
  return letterOf(matter, {
    subject: subjectOf(instruction),
    preheader: preheader(matter),
    heading: instruction.subject,
    blocks: [...preamble(matter), ...answerBlocks(matter), bodyBlock(matter, 'Message'), ...fileBlocks(matter)],
    footer: recipientFooter(matter),
  });
}

function preheader(matter: Matter): string {
  const deadline = deadlineOf(matter);
  const nature = NATURE_WORDS[matter.instruction.nature];
  if (deadline === null) return `${nature} – ${matter.delivery.about.name}`;
  return `${nature} avant ${momentThere(deadline, matter.delivery.addressee.timeZone)}`;
}

/** Nature, deadline, acknowledgement, and what is expected of the agency. */
export function preamble(matter: Matter): readonly Block[] {
  const { instruction, delivery } = matter;
  const rows: [string, string][] = [
    ['Nature', NATURE_WORDS[instruction.nature]],
    ['Destinataire', delivery.about.name],
  ];
  if (instruction.crisis) rows.push(['Événement', instruction.crisis]);
  const { refersTo } = instruction.terms;
  if (refersTo !== undefined) {
    const day = momentThere(refersTo.releasedAt, delivery.addressee.timeZone);
    rows.push(['Se rapporte à', `${refersTo.number}, diffusé ${day}`]);
  }
  if (instruction.relayTo.length > 0) rows.push(['À relayer aux', partnerWords(instruction.relayTo)]);
  if (deadlineOf(matter) !== null) rows.push(['Échéance', deadlineWords(matter)]);
  const { acknowledgeWithin } = instruction.terms;
  if (acknowledgeWithin !== null) rows.push(['Première réponse', `sous ${duration(acknowledgeWithin)}`]);
  return [
    { kind: 'facts', rows },
    ...(refersTo === undefined ? [] : [{ kind: 'callout', tone: 'alert', text: overtakes(refersTo) } as const]),
    { kind: 'callout', tone: 'info', text: expected(matter) },
  ];
}

/** What becomes of the first message. */
function overtakes({ number, relation }: Reference): string {
  switch (relation) {
    case 'amendment':
      return `Ce message modifie et remplace ${number}${NBSP}: les relances du premier sont arrêtées, répondez désormais à celui-ci.`;
    case 'cancellation':
      return `Ce message annule ${number}${NBSP}: plus aucune action n’est attendue à ce titre, et les relances sont arrêtées.`;
    case 'allClear':
      return `Fin d’alerte${NBSP}: ce message met fin à ${number}. Plus aucune action n’est attendue à ce titre, et les relances sont arrêtées.`;
  }
}

function expected({ instruction }: Matter): string {
  const { nature, terms, relayTo } = instruction;
  if (nature === 'information') {
    return 'Aucune action n’est demandée. Vous pouvez transmettre ce message. Merci d’indiquer que vous l’avez lu.';
  }
  if (nature === 'diffusion') {
    const partners = relayTo.length === 0 ? 'partenaires concernés' : partnerWords(relayTo);
    return `Ce qui est attendu${NBSP}: transmettre ce message aux ${partners}, avec vos propres coordonnées (jamais celles du CORRUSS), répondre aux questions de vos destinataires, et confirmer au CORRUSS la bonne transmission. Vigie peut relayer pour vous vers votre annuaire de partenaires, depuis votre adresse${NBSP}; sinon, dites au CORRUSS ce que vous avez diffusé, et à combien de destinataires.`;
  }
  const evidence =
    terms.evidence === 'required'
      ? ' La réalisation doit être accompagnée d’un commentaire ou d’une pièce justificative.'
      : '';
  const acceptance = terms.acceptance === 'required' ? ' Elle est ensuite soumise à l’accord du CORRUSS.' : '';
  return `Ce qui est attendu${NBSP}: prendre en charge l’action décrite ci-dessous, informer le CORRUSS de son avancement, puis de sa réalisation avant l’échéance. En cas d’impossibilité, un refus doit être motivé.${evidence}${acceptance}`;
}
