import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FACT_KINDS, type Fact, type FactKind } from '../../domain/changes.ts';
import { describe as tell } from '../../domain/timeline.ts';
import { at } from './arrange.ts';
import { WHEN } from './timeline-lines.ts';
import { SERIES_LINES } from './timeline-series-lines.ts';
import { SIGNAL_LINES } from './timeline-signal-lines.ts';
import { SURVEY_LINES } from './timeline-survey-lines.ts';
import { THRESHOLD_LINES } from './timeline-threshold-lines.ts';

const fact = (kind: FactKind, data: Fact['data'] = {}, organisation: string | null = 'ARS-94'): Fact => ({
  at: at(20),
  kind,
  organisation,
  actor: { sub: 'corruss-chef', organisation: 'CORRUSS' },
  data,
});

const STEP = { step: 3, target: 'onCall', channel: 'mail' };

const LINES: Readonly<Record<FactKind, readonly (readonly [Fact['data'], string])[]>> = {
  ...SURVEY_LINES,
  ...SERIES_LINES,
  ...SIGNAL_LINES,
  ...THRESHOLD_LINES,
  drafted: [
    [{}, 'Brouillon rédigé par corruss-chef (CORRUSS)'],
    [
      { survey: 'x', title: 'BACH', label: 'Lits' },
      'Brouillon rédigé par corruss-chef (CORRUSS), seuil franchi dans l’enquête « BACH »',
    ],
  ],
  edited: [[{}, 'Brouillon modifié par corruss-chef (CORRUSS)']],
  draftDeleted: [[{}, 'Brouillon supprimé par corruss-chef (CORRUSS)']],
  released: [
    [
      { number: 'MINSANTE N°2026_001', recipients: 18, emergencyReason: 'seul en poste' },
      'MINSANTE N°2026_001 diffusée à 18 destinataire(s) par corruss-chef (CORRUSS), en urgence : « seul en poste »',
    ],
  ],
  sent: [
    [{ purpose: 'instruction', step: 0 }, 'Message : parti pour ARS-94'],
    [{ purpose: 'ladder', ...STEP }, 'Relance, étape 3 (personne d’astreinte, courriel) : parti pour ARS-94'],
  ],
  deliveryFailed: [
    [{ purpose: 'instruction', reason: 'failed' }, 'Message : non remis pour ARS-94 (refusé par le serveur)'],
    [{ purpose: 'late', reason: 'noContact' }, 'Avis d’échéance dépassée : non remis pour ARS-94 (aucun contact)'],
  ],
  stepDone: [
    [{ ...STEP, due: at(20) }, 'Relance de ARS-94, étape 3 (personne d’astreinte, courriel)'],
    [
      { ...STEP, due: at(0) },
      `Relance de ARS-94, étape 3 (personne d’astreinte, courriel), prévue le ${WHEN}, faite avec 20 min de retard`,
    ],
  ],
  stepPassed: [
    [
      { ...STEP, target: 'zoneArs', reason: 'self' },
      'Relance de ARS-94, étape 3 (ARS de zone, courriel) passée : le destinataire est lui-même l’ARS de zone',
    ],
    [
      { ...STEP, reason: 'noContact' },
      'Relance de ARS-94, étape 3 (personne d’astreinte, courriel) passée : aucun contact',
    ],
    [
      { ...STEP, reason: 'noContact', why: 'nobodyOnDuty' },
      'Relance de ARS-94, étape 3 (personne d’astreinte, courriel) passée : personne n’est d’astreinte',
    ],
  ],
  replied: [
    [
      { kind: 'progress', channel: 'link', verified: true, percent: 40, comment: 'renforts en route' },
      'ARS-94 répond « en cours à 40 % » (lien du courriel) : « renforts en route »',
    ],
    [
      { kind: 'deferred', channel: 'signal', verified: false, until: '2026-11-24T13:30:00Z', comment: 'grève' },
      `ARS-94 répond « report au ${WHEN} » (autre système, origine non vérifiée) : « grève »`,
    ],
    [
      {
        kind: 'done',
        channel: 'api',
        verified: true,
        comment: 'Diffusé.',
        declared: { relayed: 1204, reached: 1150, acknowledged: 1, notReached: 0, means: 'liste régionale' },
      },
      'ARS-94 répond « réalisé » (application) : « Diffusé. » ; déclaré hors Vigie : 1\u00a0204\u00a0relayés, ' +
        '1\u00a0150\u00a0joints, 1\u00a0accusé de réception, 0\u00a0non joint (liste régionale)',
    ],
    [{ kind: 'progress', channel: 'api', declared: 7 }, 'ARS-94 répond « en cours » (application)'],
    [
      { kind: 'done', channel: 'api', verified: true, onBehalf: true },
      'ARS-94 répond « réalisé » (application, saisi pour son compte par corruss-chef (CORRUSS))',
    ],
  ],
  replyRefused: [
    [
      { kind: 'done', detail: 'Le suivi est clos.', errors: ['Trop tard.'] },
      'Réponse « réalisé » de ARS-94 non retenue : Le suivi est clos. Trop tard.',
    ],
  ],
  rubbishReceived: [
    [
      { door: 'signal', errors: ['Champ inconnu.'], base64: 'e30=' },
      'Message illisible refusé (autre système) : Champ inconnu.',
    ],
  ],
  pauseEnded: [[{}, 'Sans nouvelles de ARS-94 : les relances reprennent']],
  acknowledgementMissed: [[{}, 'Aucune réponse de ARS-94 dans le délai d’accusé de réception']],
  deadlinePassed: [
    [{ deadline: at(0), nature: 'action' }, `Échéance dépassée pour ARS-94 (${WHEN})`],
    [{ deadline: at(0), nature: 'information' }, `Message non lu à son terme pour ARS-94 (${WHEN})`],
  ],
  unreachable: [[{}, 'ARS-94 injoignable : toutes les relances sont faites, le suivi reste ouvert']],
  returned: [
    [
      { reason: 'incomplet', deadline: at(0) },
      `Réponse de ARS-94 retournée par corruss-chef (CORRUSS), nouvelle échéance ${WHEN} : « incomplet »`,
    ],
  ],
  accepted: [[{}, 'Réalisation de ARS-94 acceptée par corruss-chef (CORRUSS)']],
  closedByHead: [
    [{ reason: 'sans objet' }, 'Suivi de ARS-94 clos sans suite par corruss-chef (CORRUSS) : « sans objet »'],
    [{ reason: 'levée', cancelled: true }, 'Suivi de ARS-94 annulé par corruss-chef (CORRUSS) : « levée »'],
  ],
  deadlineMoved: [
    [
      { from: at(-60), to: at(0) },
      `Échéance de ARS-94 portée au ${WHEN} (auparavant mardi 24 novembre 2026 à 13 h 30 (heure de Paris)) par corruss-chef (CORRUSS)`,
    ],
  ],
  acceptanceAwaited: [
    [{}, 'La réalisation de ARS-94 attend l’acceptation du CORRUSS'],
    [{ reminder: true }, 'Rappel au CORRUSS : la réalisation de ARS-94 attend son acceptation'],
  ],
  callRecorded: [
    [
      { step: 3, target: 'onCall', answeredBy: 'Dr Roy', outcome: 'rappelle' },
      'Appel de ARS-94, étape 3 (personne d’astreinte), par corruss-chef (CORRUSS) : Dr Roy : « rappelle »',
    ],
  ],
  supportAsked: [
    [{ request: 1, reason: 'lits', urgency: 'urgent' }, 'ARS-94 demande un soutien urgent : « lits »'],
    [
      { request: 1, phone: '+33491555001', reason: 'renfort' },
      'ARS-94 demande un soutien, à rappeler au +33491555001 : « renfort »',
    ],
    [{ request: 2, reason: 'renfort' }, 'ARS-94 demande un soutien : « renfort »'],
  ],
  supportGiven: [
    [
      { request: 1, answeredBy: 'Dr Roy', outcome: 'renfort accordé' },
      'Soutien de ARS-94 : appel par corruss-chef (CORRUSS), Dr Roy : « renfort accordé »',
    ],
    [{ request: 1, answeredBy: '' }, 'Soutien de ARS-94 : appel par corruss-chef (CORRUSS), sans réponse'],
  ],
  deliveryWithdrawn: [[{ purpose: 'late' }, 'Avis d’échéance dépassée : retiré pour ARS-94, devenu inutile']],
  recordedAgain: [[{ seq: 7 }, 'État enregistré de nouveau après une interruption (tour 7)']],
  historyArchived: [[{ events: 42 }, 'Historique du processus mis en archive (42 événements)']],
  turnRecorded: [[{ seq: 12, status: 'open', followUps: [] }, 'État enregistré (tour 12)']],
  superseded: [
    [
      { number: 'MINSANTE N°2026_002', relation: 'cancellation', stopped: 3 },
      'Instruction annulée par MINSANTE N°2026_002 par corruss-chef (CORRUSS) ; 3 suivi(s) arrêté(s)',
    ],
    [
      { number: 'MINSANTE N°2026_002', relation: 'allClear', stopped: 0 },
      'Instruction levée (fin d’alerte) par MINSANTE N°2026_002 par corruss-chef (CORRUSS)',
    ],
  ],
  closed: [
    [
      { states: { done: 16, refused: 2 }, late: [] },
      'Instruction close, tous les suivis le sont (réalisé : 16, refusé : 2)',
    ],
    [
      { states: { read: 1, sent: 1 }, unread: ['ARS-94'] },
      'Instruction close, tous les suivis le sont (lu : 1, envoyé : 1 ; non lu : ARS-94)',
    ],
  ],
  reopened: [
    [{}, 'Instruction rouverte'],
    [{ reason: 'takenBack' }, 'ARS-94 revient sur sa réponse : son suivi est rouvert'],
  ],
  ended: [[{}, 'Instruction terminée : plus aucun retour n’est possible']],
  mailReceived: [[{ subject: 'Re: consigne' }, 'Courriel reçu de ARS-94 : « Re: consigne »']],
  mailUnclear: [
    [
      { subject: 'RE: lits', reason: 'question' },
      'Courriel de ARS-94 à lire par le CORRUSS : sa réponse n’a pas été comprise : « RE: lits » ; relances suspendues 30 minutes',
    ],
  ],
  mailClassified: [
    [{ answer: 'done' }, 'Courriel de ARS-94 lu comme « réalisé » par corruss-chef (CORRUSS)'],
    [{ answer: null }, 'Courriel de ARS-94 lu, sans réponse à retenir par corruss-chef (CORRUSS)'],
  ],
  mailAutomatic: [
    [{ from: 'a@ars.example' }, 'Courriel automatique de ARS-94 (a@ars.example) : ce n’est pas une réponse'],
  ],
  deletedUnread: [
    [{ distribution: 'x' }, 'Message effacé par ARS-94 (Hub Santé) sans preuve de lecture : il ne compte pas comme lu'],
  ],
  outOfOffice: [
    [{ from: 'a@ars.example', until: null }, 'Absence de a@ars.example (ARS-94) : ce n’est pas une réponse'],
    [
      { from: 'a@ars.example', until: at(0) },
      `Absence de a@ars.example (ARS-94), de retour le ${WHEN} : ce n’est pas une réponse`,
    ],
  ],
  bounced: [
    [
      { from: 'a@ars.example', permanent: true, diagnostic: '5.1.1' },
      'Courriel non distribué à a@ars.example (ARS-94), adresse à corriger : « 5.1.1 »',
    ],
  ],
  crisisOpened: [
    [{ name: 'Canicule', exercise: false }, 'Événement ouvert par corruss-chef (CORRUSS) : « Canicule »'],
    [{ name: 'EU-RICHTER', exercise: true }, 'Événement d’exercice ouvert par corruss-chef (CORRUSS) : « EU-RICHTER »'],
  ],
  crisisChanged: [[{ name: 'Canicule 2' }, 'Événement modifié par corruss-chef (CORRUSS) : « Canicule 2 »']],
  crisisClosed: [
    [{ reason: 'Retour à la normale.' }, 'Événement clos par corruss-chef (CORRUSS) : « Retour à la normale. »'],
  ],
  contactReported: [
    [{ comment: 'j’ai quitté le poste' }, 'Contact de ARS-94 signalé comme erroné : « j’ai quitté le poste »'],
  ],
  partnersChanged: [
    [
      { created: 12, updated: 1 },
      'Annuaire des partenaires de ARS-94 : 12 ajouté(s), 1 modifié(s) par corruss-chef (CORRUSS)',
    ],
  ],
  sitesImported: [
    [
      { added: 12, changed: 3, reopened: 1, closed: 2 },
      'Registre des établissements importé par corruss-chef (CORRUSS) : 12 ajouté(s), 3 modifié(s), 1 rouvert(s), 2 fermé(s)',
    ],
  ],
  relayStarted: [[{ partners: 415 }, 'ARS-94 relaie par Vigie à 415 partenaire(s), par corruss-chef (CORRUSS)']],
  relayResent: [[{}, 'Relais de ARS-94 renvoyé à un partenaire par corruss-chef (CORRUSS)']],
  relayEnded: [
    [
      { partners: 415, reached: 412, notReached: 3 },
      'Relais de ARS-94 parti à 412 partenaire(s) sur 415, 3 non joint(s)',
    ],
  ],
  dutyChanged: [
    [{}, 'Tableau d’astreinte de ARS-94 modifié par corruss-chef (CORRUSS)'],
    [{ removed: true }, 'Tableau d’astreinte de ARS-94 retiré par corruss-chef (CORRUSS)'],
  ],
  contactsChanged: [[{}, 'Contacts de ARS-94 modifiés par corruss-chef (CORRUSS)']],
};

test.each(FACT_KINDS.flatMap((kind) => LINES[kind].map(([data, line]) => [kind, line, data] as const)))(
  'the line of %s: %s',
  (kind, line, data) => {
    expect(tell(fact(kind, data))).toBe(line);
  },
);

test('dates are told in the zone of the reader', () => {
  expect(tell(fact('deadlinePassed', { deadline: at(0) }), 'America/Cayenne')).toContain(
    'mardi 24 novembre 2026 à 10 h 30 (heure de la Guyane)',
  );
});

test('any fact that was ever written is told: no data breaks a line', () => {
  const data = fc.dictionary(
    fc.constantFrom(
      'kind',
      'step',
      'due',
      'target',
      'errors',
      'states',
      'deadline',
      'percent',
      'until',
      'reason',
      'unread',
    ),
    fc.anything(),
  );
  fc.assert(
    fc.property(fc.constantFrom(...FACT_KINDS), data, fc.constantFrom('ARS-94', null), (kind, some, organisation) => {
      expect(tell(fact(kind, some, organisation)).length).toBeGreaterThan(5);
    }),
    { numRuns: 400 },
  );
});

test('a kind of a newer version is told as such', () => {
  expect(tell(fact('tomorrow' as FactKind))).toBe('Fait non reconnu : tomorrow.');
});
