import type { Nature } from '../../domain/instruction.ts';
import type { ReplyKind } from '../../domain/reply-kinds.ts';

/** One answer that a link's page offers. */
export interface Choice {
  readonly kind: ReplyKind;
  readonly label: string;
  readonly hint: string;
}

/** What a `done` said by mistake may become. */
export const TAKE_BACK_KINDS: readonly ReplyKind[] = ['takenInCharge', 'progress'];

export const CHOICES: Readonly<Record<Nature, readonly Choice[]>> = {
  action: [
    { kind: 'received', label: 'Bien reçu', hint: 'Nous accusons réception, sans nous engager encore.' },
    {
      kind: 'takenInCharge',
      label: 'Pris en charge',
      hint: 'Nous nous en occupons ; les relances s’arrêtent un temps.',
    },
    { kind: 'progress', label: 'En cours', hint: 'Indiquez l’avancement en pourcentage.' },
    { kind: 'done', label: 'Réalisé', hint: 'L’action demandée est faite.' },
    { kind: 'deferred', label: 'Reporté', hint: 'Indiquez jusqu’à quand et pourquoi.' },
    { kind: 'refused', label: 'Refus motivé', hint: 'L’action ne sera pas faite ; indiquez pourquoi.' },
  ],
  information: [{ kind: 'read', label: 'Lu', hint: 'Nous avons pris connaissance du message.' }],
  diffusion: [
    { kind: 'received', label: 'Bien reçu', hint: 'Nous accusons réception, sans nous engager encore.' },
    {
      kind: 'takenInCharge',
      label: 'Pris en charge',
      hint: 'Nous préparons la diffusion ; les relances s’arrêtent un temps.',
    },
    { kind: 'progress', label: 'Diffusion en cours', hint: 'Indiquez l’avancement en pourcentage.' },
    { kind: 'done', label: 'Diffusion faite', hint: 'Dites par quel moyen, et à combien de destinataires.' },
    { kind: 'deferred', label: 'Reportée', hint: 'Indiquez jusqu’à quand et pourquoi.' },
    { kind: 'refused', label: 'Refus motivé', hint: 'Le message ne sera pas diffusé ; indiquez pourquoi.' },
  ],
};

export const kindsFor = (nature: Nature): readonly ReplyKind[] => CHOICES[nature].map((choice) => choice.kind);
