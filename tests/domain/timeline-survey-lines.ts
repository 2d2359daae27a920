import { at } from './arrange.ts';
import { type Lines, WHEN } from './timeline-lines.ts';

/** Lines of surveys and of their forms. */
export const SURVEY_LINES = {
  surveyDrafted: [
    [{ title: 'Lits' }, 'Enquête rédigée par corruss-chef (CORRUSS) : « Lits »'],
    [
      { title: 'Lits', reuse: { withinDays: 7 } },
      'Enquête rédigée par corruss-chef (CORRUSS) : « Lits », réponses de moins de 7 jour(s) à reprendre',
    ],
  ],
  surveyReuseOffered: [
    [{ withinDays: 5 }, 'Enquête ouverte par corruss-chef (CORRUSS), réponses de moins de 5 jour(s) à reprendre'],
  ],
  surveyScheduled: [
    [
      { respondents: 18, opensAt: at(0) },
      `Enquête programmée par corruss-chef (CORRUSS), 18 répondant(s), ouverture ${WHEN}`,
    ],
  ],
  surveyOpened: [
    [
      { invited: 17, withoutAddress: 1, closesAt: at(0) },
      `Enquête ouverte, 17 invitation(s), 1 sans adresse, clôture ${WHEN}`,
    ],
    [{ invited: 18, withoutAddress: 0, closesAt: at(0) }, `Enquête ouverte, 18 invitation(s), clôture ${WHEN}`],
  ],
  surveyReminded: [
    [
      { lastCall: false, mails: 3, received: 15, expected: 18 },
      'Relance à 3 répondant(s) sans réponse (15 réponse(s) sur 18)',
    ],
    [
      { lastCall: true, mails: 1, received: 17, expected: 18 },
      'Dernier appel à 1 répondant(s) sans réponse (17 réponse(s) sur 18)',
    ],
    [
      { lastCall: false, mails: 300, agencies: 12, received: 2700, expected: 3000 },
      'Relance à 300 répondant(s) sans réponse, liste à 12 ARS (2700 réponse(s) sur 3000)',
    ],
    [
      { lastCall: false, byHand: true, mails: 2, received: 1, expected: 3 },
      'Relance par corruss-chef (CORRUSS) à 2 répondant(s) sans réponse (1 réponse(s) sur 3)',
    ],
  ],
  surveyMailReturned: [
    [
      { name: 'CH DE VALOMBRE', address: 'alerte@valombre.example', diagnostic: '550 5.1.1' },
      'Courriel à CH DE VALOMBRE non distribué (alerte@valombre.example) : « 550 5.1.1 »',
    ],
  ],
  surveyContactCorrected: [
    [
      { name: 'CH DE VALOMBRE', respondents: 1, resent: 1 },
      'Contact de CH DE VALOMBRE corrigé, 1 invitation(s) renvoyée(s)',
    ],
    [
      { name: 'SAMU 69', respondents: 1, resent: 0, byHand: true },
      'Contact de SAMU 69 corrigé par corruss-chef (CORRUSS), 0 invitation(s) renvoyée(s)',
    ],
    [
      { name: 'SAMU 69', respondents: 1, resent: 0, letters: 1 },
      'Contact de SAMU 69 corrigé, 0 invitation(s) renvoyée(s), 1 lettre(s) de correction renvoyée(s)',
    ],
    [{ respondents: 12, resent: 11 }, 'Contact de 12 répondants corrigé, 11 invitation(s) renvoyée(s)'],
  ],
  surveyAnswered: [
    [{ number: 1, door: 'link', name: 'SAMU 69' }, 'Réponse de SAMU 69 par son lien'],
    [
      { number: 1, door: 'link', name: 'SAMU 69', reused: ['lits', 'tension'] },
      'Réponse de SAMU 69 par son lien, 2 valeur(s) reprise(s)',
    ],
    [{ number: 1, door: 'file', name: 'SAMU 69' }, 'Réponse de SAMU 69 par un fichier, corruss-chef'],
    [{ number: 1, door: 'mail', name: 'SAMU 69' }, 'Réponse de SAMU 69 par un fichier joint à un corruss-chef'],
    [
      { number: 2, door: 'api', name: 'ARS Corse', onBehalf: true },
      'Réponse de ARS Corse corrigée par corruss-chef, saisie pour son compte (CORRUSS) (version 2)',
    ],
  ],
  surveyFileRefused: [
    [
      { name: 'SAMU 69', file: 'lits.xlsx', errors: 3 },
      'Fichier reçu par courriel de SAMU 69, non pris (3 erreur(s)), qui en est averti',
    ],
  ],
  surveyComplete: [[{ received: 18, expected: 18 }, 'Toutes les réponses sont là (18 réponse(s) sur 18)']],
  surveyMoved: [
    [
      { from: at(0), closesAt: at(0), reason: 'Retards' },
      `Clôture de l’enquête portée au ${WHEN} (auparavant ${WHEN}) par corruss-chef (CORRUSS) : « Retards »`,
    ],
    [
      { from: at(0), closesAt: at(0), reason: '', mails: 2 },
      `Clôture de l’enquête portée au ${WHEN} (auparavant ${WHEN}) par corruss-chef (CORRUSS), 2 répondants prévenus`,
    ],
    [
      { from: at(0), closesAt: at(0), reason: '', overtaken: [at(0)] },
      `Clôture de l’enquête portée au ${WHEN} (auparavant ${WHEN}) par corruss-chef (CORRUSS)\u00a0; ne part plus\u00a0: relance du ${WHEN}`,
    ],
    [
      { from: at(0), closesAt: at(0), reason: '', overtaken: [at(0), at(0)] },
      `Clôture de l’enquête portée au ${WHEN} (auparavant ${WHEN}) par corruss-chef (CORRUSS)\u00a0; ne partent plus\u00a0: relances du ${WHEN}, ${WHEN}`,
    ],
  ],
  surveyClosed: [
    [{ received: 16, expected: 18, onTime: 16 }, 'Enquête close\u00a0: 16 réponse(s) sur 18, dont 16 dans les délais'],
    [
      { received: 18, expected: 18, onTime: 18, early: true, reason: 'Tout est là' },
      'Enquête close avant son terme par corruss-chef (CORRUSS) : « Tout est là »\u00a0: 18 réponse(s) sur 18, dont 18 dans les délais',
    ],
  ],
  surveyReopened: [
    [
      { closesAt: at(0), reason: 'Un oubli' },
      `Enquête rouverte par corruss-chef (CORRUSS) jusqu’au ${WHEN} : « Un oubli »`,
    ],
  ],
  surveyCancelled: [[{ reason: 'Doublon' }, 'Enquête annulée par corruss-chef (CORRUSS) : « Doublon »']],
  surveyValidationEnded: [[{}, 'Terme de la validation par les agences']],
  surveyValidated: [
    [
      { answers: 1, name: 'CHU de Lyon', number: 2 },
      'Réponse de CHU de Lyon validée (version 2) par corruss-chef (CORRUSS)',
    ],
    [{ answers: 12 }, '12 réponses validées par corruss-chef (CORRUSS)'],
  ],
  surveyReturned: [
    [
      { name: 'CHU de Lyon', number: 1, reason: 'Lits fermés oubliés', until: null },
      'Réponse de CHU de Lyon renvoyée par corruss-chef (CORRUSS) : « Lits fermés oubliés »',
    ],
    [
      { name: 'CHU de Lyon', number: 1, reason: 'À revoir', until: at(0) },
      `Réponse de CHU de Lyon renvoyée par corruss-chef (CORRUSS), attendue avant le ${WHEN} : « À revoir »`,
    ],
  ],
  surveyUnlocked: [
    [
      { name: 'CHU de Lyon', reason: 'Erreur de saisie', until: at(0) },
      `Réponse de CHU de Lyon rouverte seule par corruss-chef (CORRUSS), attendue avant le ${WHEN} : « Erreur de saisie »`,
    ],
  ],
  surveyAccepted: [
    [
      { territories: ['ARS-84', 'ARS-11'], received: 16, expected: 18, notValidated: 3, late: 2 },
      'Réponses acceptées par corruss-chef (CORRUSS) (ARS-84, ARS-11)\u00a0: 16 réponse(s) sur 18, 3 non validée(s), 2 manquante(s)',
    ],
  ],
  surveyPublished: [
    [{ accepted: true }, 'Chiffres de l’enquête publiés\u00a0: tous les territoires sont acceptés'],
    [{ accepted: false }, 'Chiffres de l’enquête publiés\u00a0: plus rien ne peut changer'],
  ],
  surveyEnded: [[{}, 'Enquête terminée\u00a0: plus aucune réponse n’est possible']],
  surveyFormCreated: [
    [{ title: 'BACH' }, 'Questionnaire créé par corruss-chef (CORRUSS) : « BACH »'],
    [{ title: 'BACH', copyOf: 'x/1' }, 'Questionnaire créé par corruss-chef (CORRUSS), copie d’un autre : « BACH »'],
  ],
  surveyFormChanged: [
    [{ number: 2, changed: ['/title'] }, 'Questionnaire, version 2 modifiée par corruss-chef (CORRUSS), 1 endroit(s)'],
  ],
  surveyFormVersionOpened: [
    [{ number: 2, from: 1 }, 'Questionnaire, version 2 ouverte par corruss-chef (CORRUSS) à partir de la version 1'],
  ],
  surveyFormPublished: [[{ number: 2 }, 'Questionnaire, version 2 publiée par corruss-chef (CORRUSS)']],
} satisfies Lines;
