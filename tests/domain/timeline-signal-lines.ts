import { MINUTE } from '../../domain/instant.ts';
import { at } from './arrange.ts';
import { type Lines, WHEN } from './timeline-lines.ts';

/** Lines of early signals. */
export const SIGNAL_LINES = {
  signalRaised: [
    [
      { urgency: 'immediate', exercise: false, due: at(0) },
      `Signal précoce levé par corruss-chef (CORRUSS), urgence immédiate, signal complet promis pour le ${WHEN}`,
    ],
    [
      { urgency: 'routine', exercise: true, due: at(0) },
      `Signal précoce d’exercice levé par corruss-chef (CORRUSS), sans urgence, signal complet promis pour le ${WHEN}`,
    ],
  ],
  signalAcknowledged: [[{}, 'Accusé de réception donné par corruss-chef (CORRUSS)']],
  signalReminded: [
    [
      { step: 3, target: 'corrussHead', due: at(0) },
      `Toujours pas d’accusé de réception : relance n° 3 (chef du CORRUSS), prévue le ${WHEN}, faite avec 20 min de retard`,
    ],
  ],
  signalCompleted: [
    [{}, 'Signal complet reçu par corruss-chef (CORRUSS)'],
    [{ late: 20 * MINUTE }, 'Signal complet reçu par corruss-chef (CORRUSS), avec 20 min de retard'],
  ],
  signalDue: [
    [{ request: 0, due: at(0) }, `Rappel à ARS-94 : le signal complet est attendu pour le ${WHEN}`],
    [
      { request: 2, due: at(0) },
      `Rappel à ARS-94 : la réponse à la demande de précisions n° 2 est attendue pour le ${WHEN}`,
    ],
  ],
  signalLate: [
    [{ request: 0, due: at(0) }, `Échéance dépassée pour ARS-94 : le signal complet est attendu depuis le ${WHEN}`],
  ],
  signalDetailsAsked: [
    [{ request: 1, due: at(0) }, `Précisions demandées par corruss-chef (CORRUSS) (demande n° 1), pour le ${WHEN}`],
  ],
  signalDetailsGiven: [[{ request: 1 }, 'Précisions données par corruss-chef (CORRUSS) (demande n° 1)']],
  signalClosed: [[{ outcome: 'noFollowUp' }, 'Signal clos par corruss-chef (CORRUSS) : sans suite']],
  signalWithdrawn: [[{}, 'Signal retiré par corruss-chef (CORRUSS)']],
  signalMailSent: [
    [{ purpose: 'raised', target: 'desk' }, 'Signal précoce (permanence du CORRUSS) : parti'],
    [{ purpose: 'reminder', target: 'onCall', step: 2 }, 'Relance n° 2 (astreinte du CORRUSS) : parti'],
  ],
  signalMailFailed: [
    [
      { purpose: 'late', target: 'alertBox', reason: 'noContact' },
      'Avis d’échéance dépassée (boîte d’alerte de l’agence) : non remis (aucun contact)',
    ],
  ],
} satisfies Lines;
