import type { SheetGrid } from '../../domain/sheet.ts';

/** Why a file is not read: as what it turned out, and what its sender is told. */
export const REFUSALS = {
  tooLarge: 'Ce fichier dépasse 2 Mo.',
  empty: 'Ce fichier est vide.',
  legacy: 'Ancien format de classeur (.xls) : enregistrez-le au format .xlsx ou .csv.',
  encrypted: 'Ce classeur est protégé par un mot de passe : enregistrez-le sans mot de passe.',
  macros: 'Ce classeur contient des macros : enregistrez-le au format .xlsx, sans macro.',
  openDocument: 'Classeur OpenDocument (.ods) : enregistrez-le au format .xlsx ou .csv.',
  notSheet: 'Ce fichier n’est ni un classeur .xlsx ni un fichier .csv, quel que soit son nom.',
  broken: 'Ce classeur est endommagé : ouvrez-le, enregistrez-le de nouveau au format .xlsx, puis recommencez.',
  inflated: 'Ce classeur, une fois décompressé, dépasse 20 Mo.',
  tooManyParts: 'Ce classeur contient trop de parties.',
  tooManyLines: 'Ce fichier dépasse 10 000 lignes ou 300 colonnes.',
  csv: 'Ce fichier .csv n’est pas lisible (guillemets non fermés).',
  busy: 'Trop de fichiers sont en cours de lecture : recommencez dans un instant.',
  underWay: 'Votre fichier précédent est encore en cours de lecture : recommencez dans un instant.',
  time: 'Ce fichier est trop long à lire : repartez du modèle.',
  memory: 'Ce fichier demande trop de mémoire : repartez du modèle.',
  failed: 'Ce fichier n’a pas pu être lu : repartez du modèle.',
} as const;
export type RefusedAs = keyof typeof REFUSALS;

/** Nothing is wrong with the file: the same may be sent again in a moment. */
export const isForNow = (as: RefusedAs): boolean => as === 'busy' || as === 'underWay';

/** What a file holds, or why it is not read. */
export type SpreadsheetReading =
  | { readonly read: true; readonly grid: SheetGrid }
  | { readonly read: false; readonly as: RefusedAs; readonly message: string };

export const refusedAs = (as: RefusedAs): SpreadsheetReading => ({ read: false, as, message: REFUSALS[as] });

/** Thrown by the readers, never beyond their thread. */
export class Refused extends Error {
  readonly as: RefusedAs;
  constructor(as: RefusedAs) {
    super(REFUSALS[as]);
    this.as = as;
  }
}
