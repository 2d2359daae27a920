import type { FactKind } from './changes.ts';
import { SIGNAL_LINES } from './early-signal-timeline.ts';
import { CORRUSS } from './organisation.ts';
import { NOT_SHOWN } from './mail-notice.ts';
import { RELATION_VERBS, SUPERSEDED_WORDS } from './relation.ts';
import { SERIES_LINES } from './survey/series-lines.ts';
import { SURVEY_LINES } from './survey/survey-lines.ts';
import { FORM_LINES } from './survey/timeline.ts';
import { declared } from './timeline-declared.ts';
import { DIRECTORY_LINES } from './timeline-directories.ts';
import {
  by,
  count,
  date,
  FAILURES,
  label,
  overdue,
  quoted,
  text,
  type Line,
  type Telling,
} from './timeline-telling.ts';
import { CHANNEL_WORDS, DOOR_WORDS, PURPOSE_WORDS, REPLY_WORDS, STATE_WORDS, TARGET_WORDS } from './wording.ts';

/** «étape 3 (directeur général, courriel)». */
const stepOf = ({ data }: Telling): string => {
  const contact = [label(TARGET_WORDS, data['target']), label(CHANNEL_WORDS, data['channel'])].filter(
    (one) => one !== '',
  );
  return `étape ${count(data['step'])}${contact.length === 0 ? '' : ` (${contact.join(', ')})`}`;
};

const mailOf = (telling: Telling): string => {
  const { data } = telling;
  const purpose = label(PURPOSE_WORDS, data['purpose']);
  return data['purpose'] === 'ladder' ? `${purpose}, ${stepOf(telling)}` : purpose;
};

const REASONS: Readonly<Record<string, string>> = {
  self: 'le destinataire est lui-même l’ARS de zone',
  noContact: 'aucun contact',
  nobodyOnDuty: 'personne n’est d’astreinte',
};

const replied: Line = (telling) => {
  const { data, who, timeZone, fact } = telling;
  const percent = typeof data['percent'] === 'number' ? ` à ${data['percent']} %` : '';
  const until = Date.parse(text(data['until']));
  const deferral = Number.isNaN(until) ? '' : ` au ${date(until, timeZone)}`;
  const door = label(DOOR_WORDS, data['channel']);
  const behalf = data['onBehalf'] === true ? `, saisi pour son compte par ${fact.actor.sub} (${CORRUSS})` : '';
  const doubt = data['verified'] === false ? ', origine non vérifiée' : '';
  return `${who} répond « ${label(REPLY_WORDS, data['kind'])}${percent}${deferral} » (${door}${behalf}${doubt})${quoted(data['comment'])}${declared(data['declared'])}`;
};

const replyRefused: Line = ({ data, who, fact }) => {
  const name = fact.organisation === null ? text(data['claimed']) || 'inconnu' : who;
  const errors = Array.isArray(data['errors']) ? data['errors'].map(text).join(' ') : '';
  const detail = [text(data['detail']), errors].filter((one) => one !== '').join(' ');
  return `réponse « ${label(REPLY_WORDS, data['kind'])} » de ${name} non retenue${detail === '' ? '' : ` : ${detail}`}`;
};

const rubbishReceived: Line = ({ data }) => {
  const errors = Array.isArray(data['errors']) ? data['errors'].map(text).join(' ; ') : '';
  return `message illisible refusé (${label(DOOR_WORDS, data['door'])})${errors === '' ? '' : ` : ${errors}`}`;
};

const closedByHead: Line = (telling) => {
  const act = telling.data['cancelled'] === true ? 'annulé' : 'clos sans suite';
  return `suivi de ${telling.who} ${act} ${by(telling)}${quoted(telling.data['reason'])}`;
};

/** «réalisé : 16, refusé : 2». */
const counts = (value: unknown): string =>
  typeof value !== 'object' || value === null
    ? ''
    : Object.entries(value)
        .map(([state, number]) => `${label(STATE_WORDS, state)} : ${count(number)}`)
        .join(', ');

const closed: Line = ({ data }) => {
  const unread = Array.isArray(data['unread']) ? data['unread'].map(text) : [];
  const late = unread.length === 0 ? '' : ` ; non lu : ${unread.join(', ')}`;
  const result = `${counts(data['states'])}${late}`;
  return `instruction close, tous les suivis le sont${result === '' ? '' : ` (${result})`}`;
};

/** One line for each kind of fact: a kind without its line does not compile. */
export const LINES: Readonly<Record<FactKind, Line>> = {
  drafted: (telling) => {
    const { data } = telling;
    const copy = text(data['copyOf']) === '' ? '' : ', copie d’une instruction';
    const relation = label(RELATION_VERBS, data['relation']).toLowerCase();
    const survey = text(data['survey']) === '' ? '' : `, seuil franchi dans l’enquête « ${text(data['title'])} »`;
    return `brouillon rédigé ${by(telling)}${copy}${survey}${relation === '' ? '' : `, qui ${relation} ${text(data['number'])}`}`;
  },
  edited: (telling) => `brouillon modifié ${by(telling)}`,
  draftDeleted: (telling) => `brouillon supprimé ${by(telling)}`,
  released: (telling) => {
    const { data } = telling;
    const urgent = text(data['emergencyReason']) === '' ? '' : `, en urgence${quoted(data['emergencyReason'])}`;
    return `${text(data['number'])} diffusée à ${count(data['recipients'])} destinataire(s) ${by(telling)}${urgent}`;
  },
  sent: (telling) => `${mailOf(telling)} : parti pour ${telling.who}`,
  deliveryFailed: (telling) =>
    `${mailOf(telling)} : non remis pour ${telling.who} (${label(FAILURES, telling.data['reason']) || 'échec'})`,
  stepDone: (telling) => `relance de ${telling.who}, ${stepOf(telling)}${overdue(telling)}`,
  stepPassed: (telling) =>
    `relance de ${telling.who}, ${stepOf(telling)} passée : ${label(REASONS, telling.data['why'] ?? telling.data['reason']) || 'sans objet'}`,
  replied,
  replyRefused,
  rubbishReceived,
  pauseEnded: ({ who }) => `sans nouvelles de ${who} : les relances reprennent`,
  acknowledgementMissed: ({ who }) => `aucune réponse de ${who} dans le délai d’accusé de réception`,
  deadlinePassed: ({ who, data, timeZone }) => {
    const end = data['nature'] === 'information' ? 'message non lu à son terme' : 'échéance dépassée';
    return `${end} pour ${who} (${date(data['deadline'], timeZone)})`;
  },
  unreachable: ({ who }) => `${who} injoignable : toutes les relances sont faites, le suivi reste ouvert`,
  returned: (telling) => {
    const { data, who, timeZone } = telling;
    const deadline =
      typeof data['deadline'] === 'number' ? `, nouvelle échéance ${date(data['deadline'], timeZone)}` : '';
    return `réponse de ${who} retournée ${by(telling)}${deadline}${quoted(data['reason'])}`;
  },
  accepted: (telling) => `réalisation de ${telling.who} acceptée ${by(telling)}`,
  closedByHead,
  deadlineMoved: (telling) => {
    const from = telling.data['from'];
    const before = typeof from === 'number' ? ` (auparavant ${date(from, telling.timeZone)})` : '';
    return `échéance de ${telling.who} portée au ${date(telling.data['to'], telling.timeZone)}${before} ${by(telling)}`;
  },
  acceptanceAwaited: ({ who, data }) =>
    data['reminder'] === true
      ? `rappel au CORRUSS : la réalisation de ${who} attend son acceptation`
      : `la réalisation de ${who} attend l’acceptation du CORRUSS`,
  callRecorded: (telling) => {
    const { data, who } = telling;
    return `appel de ${who}, ${stepOf(telling)}, ${by(telling)} : ${text(data['answeredBy'])}${quoted(data['outcome'])}`;
  },
  supportAsked: (telling) => {
    const { data, who } = telling;
    const phone = text(data['phone']) === '' ? '' : `, à rappeler au ${text(data['phone'])}`;
    const urgent = data['urgency'] === 'urgent' ? ' urgent' : '';
    return `${who} demande un soutien${urgent}${phone}${quoted(data['reason'])}`;
  },
  supportGiven: (telling) => {
    const { data, who } = telling;
    return `soutien de ${who} : appel ${by(telling)}, ${text(data['answeredBy']) || 'sans réponse'}${quoted(data['outcome'])}`;
  },
  deliveryWithdrawn: (telling) => `${mailOf(telling)} : retiré pour ${telling.who}, devenu inutile`,
  recordedAgain: ({ data }) => `état enregistré de nouveau après une interruption (tour ${count(data['seq'])})`,
  historyArchived: ({ data }) => `historique du processus mis en archive (${count(data['events'])} événements)`,
  turnRecorded: ({ data }) => `état enregistré (tour ${count(data['seq'])})`,
  closed,
  superseded: (telling) => {
    const { data } = telling;
    const stopped = count(data['stopped']) === '0' ? '' : ` ; ${count(data['stopped'])} suivi(s) arrêté(s)`;
    return `instruction ${label(SUPERSEDED_WORDS, data['relation'])} ${text(data['number'])} ${by(telling)}${stopped}`;
  },
  reopened: ({ who, data }) =>
    data['reason'] === 'takenBack' ? `${who} revient sur sa réponse : son suivi est rouvert` : 'instruction rouverte',
  ended: () => 'instruction terminée : plus aucun retour n’est possible',
  mailReceived: ({ data, who, fact }) =>
    `courriel reçu${fact.organisation === null ? '' : ` de ${who}`}${quoted(data['subject'])}`,
  mailUnclear: ({ data, who }) =>
    `courriel de ${who} à lire par le CORRUSS : sa réponse n’a pas été comprise${quoted(data['subject'])} ; relances suspendues 30 minutes`,
  mailClassified: (telling) => {
    const kind = telling.data['answer'];
    const read = typeof kind === 'string' ? `lu comme « ${label(REPLY_WORDS, kind)} »` : 'lu, sans réponse à retenir';
    return `courriel de ${telling.who} ${read} ${by(telling)}`;
  },
  mailAutomatic: ({ data, who }) => {
    const from = `${who} (${text(data['from'])})`;
    return data['sign'] === NOT_SHOWN
      ? `message effacé ou non affiché par ${from} : il ne compte pas comme lu`
      : `courriel automatique de ${from} : ce n’est pas une réponse`;
  },
  deletedUnread: ({ who }) =>
    `message effacé par ${who} (Hub Santé) sans preuve de lecture : il ne compte pas comme lu`,
  outOfOffice: ({ data, who, timeZone }) => {
    const back = typeof data['until'] === 'number' ? `, de retour le ${date(data['until'], timeZone)}` : '';
    return `absence de ${text(data['from'])} (${who})${back} : ce n’est pas une réponse`;
  },
  bounced: ({ data, who }) => {
    const lasting = data['permanent'] === true ? 'adresse à corriger' : 'difficulté passagère';
    return `courriel non distribué à ${text(data['from'])} (${who}), ${lasting}${quoted(data['diagnostic'])}`;
  },
  crisisOpened: (telling) => {
    const what = telling.data['exercise'] === true ? 'événement d’exercice' : 'événement';
    return `${what} ouvert ${by(telling)}${quoted(telling.data['name'])}`;
  },
  crisisChanged: (telling) => `événement modifié ${by(telling)}${quoted(telling.data['name'])}`,
  crisisClosed: (telling) => `événement clos ${by(telling)}${quoted(telling.data['reason'])}`,
  contactReported: ({ who, data }) => `contact de ${who} signalé comme erroné${quoted(data['comment'])}`,
  dutyChanged: (telling) =>
    `tableau d’astreinte de ${telling.who} ${telling.data['removed'] === true ? 'retiré' : 'modifié'} ${by(telling)}`,
  contactsChanged: (telling) => `contacts de ${telling.who} modifiés ${by(telling)}`,
  ...DIRECTORY_LINES,
  ...FORM_LINES,
  ...SURVEY_LINES,
  ...SERIES_LINES,
  ...SIGNAL_LINES,
};
