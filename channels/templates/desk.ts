import { capital, moment, named, NBSP, ofNamed } from '../french.ts';
import { RELATIONS, SUPERSEDED_WORDS } from '../../domain/relation.ts';
import { stateWords } from '../words.ts';
import type { Block, Letter } from './blocks.ts';
import { situation } from './escalation.ts';
import { deskFooter, detailText, letterOf, readingBlock, subjectOf, type Matter } from './parts.ts';

type DeskPurpose = 'refused' | 'late' | 'unreachable' | 'acceptance' | 'support';

interface Words {
  readonly prefix: string;
  readonly heading: string;
  readonly text: string;
}

const WORDS: Readonly<Record<DeskPurpose, (name: string) => Words>> = {
  refused: (name) => ({
    prefix: `REFUS${NBSP}: ${name}`,
    heading: `${capital(named(name))} refuse l’instruction`,
    text: `${capital(named(name))} a répondu par un refus motivé. Vous pouvez le retenir ou renvoyer l’instruction avec un motif.`,
  }),
  late: (name) => ({
    prefix: `EN RETARD${NBSP}: ${name}`,
    heading: `${capital(named(name))} est en retard`,
    text: `L’échéance est passée sans que ${named(name)} ait terminé. Les relances continuent.`,
  }),
  unreachable: (name) => ({
    prefix: `INJOIGNABLE${NBSP}: ${name}`,
    heading: `${capital(named(name))} est injoignable`,
    text: `Toutes les relances prévues ont été faites sans réponse ${ofNamed(name)}. Le suivi reste ouvert${NBSP}: seule une réponse, ou une clôture motivée par le chef du CORRUSS, y met fin.`,
  }),
  support: (name) => ({
    prefix: `SOUTIEN DEMANDÉ${NBSP}: ${name}`,
    heading: `${capital(named(name))} demande un soutien`,
    text: `${capital(named(name))} demande à être rappelée. L’appel est dans vos tâches jusqu’à ce que son issue y soit notée${NBSP}; les relances continuent.`,
  }),
  acceptance: (name) => ({
    prefix: `ACCORD ATTENDU${NBSP}: ${name}`,
    heading: `${capital(named(name))} attend votre accord`,
    text: `${capital(named(name))} a déclaré l’action réalisée${NBSP}; son acceptation par le CORRUSS est attendue. Vous pouvez l’accepter ou renvoyer l’instruction avec un motif.`,
  }),
};

/** A notice to the desk about one recipient. */
export function deskLetter(matter: Matter, purpose: DeskPurpose): Letter {
  const { delivery, instruction } = matter;
  const words = urgently(matter, purpose, WORDS[purpose](delivery.about.name));
  return letterOf(matter, {
    subject: subjectOf(instruction, words.prefix),
    preheader: words.text,
    heading: words.heading,
    blocks: [
      { kind: 'callout', tone: purpose === 'acceptance' ? 'info' : 'alert', text: words.text },
      ...said(matter, purpose),
      ...situation(matter),
      readingBlock(matter),
    ],
    footer: deskFooter,
  });
}

/** A call that cannot wait says so before anything else. */
const urgently = (matter: Matter, purpose: DeskPurpose, words: Words): Words =>
  purpose === 'support' && detailText(matter, 'urgency') === 'urgent'
    ? { ...words, prefix: `URGENT – ${words.prefix}`, heading: `${words.heading} en urgence` }
    : words;

function said(matter: Matter, purpose: DeskPurpose): readonly Block[] {
  if (purpose === 'support') return request(matter);
  const comment = detailText(matter, 'comment', 'reason') ?? matter.delivery.followUp?.lastReply?.comment ?? null;
  if (comment === null || (purpose !== 'refused' && purpose !== 'acceptance')) return [];
  return [{ kind: 'quote', title: purpose === 'refused' ? 'Motif du refus' : 'Commentaire', text: comment }];
}

function request(matter: Matter): readonly Block[] {
  const [reason, phone] = [detailText(matter, 'reason'), detailText(matter, 'phone')];
  return [
    ...(phone === null ? [] : [{ kind: 'facts', rows: [['À rappeler au', phone]] } as const]),
    ...(reason === null ? [] : [{ kind: 'quote', title: 'Motif', text: reason } as const]),
  ];
}

/** By the last answer, or by another message. */
function closing(matter: Matter): string {
  const [by, relation] = [detailText(matter, 'number'), detailText(matter, 'relation')];
  const words = RELATIONS.find((one) => one === relation);
  if (by === null || words === undefined) return `Dernier suivi clos ${moment(matter.context.now)}.`;
  return `Instruction ${SUPERSEDED_WORDS[words]} ${by}, ${moment(matter.context.now)}${NBSP}: les suivis qui restaient ouverts sont arrêtés.`;
}

/** All follow-ups are closed: what became of each. */
export function resultLetter(matter: Matter): Letter {
  const { instruction, context } = matter;
  const total = context.outcomes.length;
  const by = new Map<string, string[]>();
  for (const { organisation, followUp } of context.outcomes) {
    const words = stateWords({ ...followUp, late: false });
    by.set(words, [...(by.get(words) ?? []), organisation.name]);
  }
  const late = context.outcomes.filter(({ followUp }) => followUp.late).map(({ organisation }) => organisation.name);
  const rows: [string, string][] = [...by].map(([words, names]) => [capital(words), `${names.length} sur ${total}`]);
  return letterOf(matter, {
    subject: subjectOf(instruction, 'RÉSULTAT'),
    preheader: rows.map(([label, value]) => `${label}${NBSP}: ${value}`).join(', '),
    heading: `Tous les suivis sont clos – ${instruction.subject}`,
    blocks: [
      { kind: 'paragraph', text: closing(matter) },
      { kind: 'facts', rows },
      ...[...by].map(([words, names]): Block => ({ kind: 'list', title: capital(words), items: names })),
      ...(late.length === 0 ? [] : [{ kind: 'list', title: 'Après l’échéance', items: late } as const]),
      readingBlock(matter),
    ],
    footer: deskFooter,
  });
}
