import type { OrganisationId } from '../instruction.ts';

/** One agency on the schematic map: a tile of the same size for each, about where its region lies; no coast is drawn. */
export interface Tile {
  readonly territory: OrganisationId;
  /** Its region in at most two lines. */
  readonly lines: readonly string[];
  readonly column: number;
  readonly row: number;
}

const tile = (territory: string, column: number, row: number, ...lines: readonly string[]): Tile => ({
  territory: `ARS-${territory}`,
  lines,
  column,
  row,
});

/** Thirteen regions of Europe. */
export const MAINLAND_TILES: readonly Tile[] = [
  tile('32', 2, 0, 'Hauts-de-France'),
  tile('28', 1, 1, 'Normandie'),
  tile('11', 2, 1, 'Île-de-France'),
  tile('44', 3, 1, 'Grand Est'),
  tile('53', 0, 2, 'Bretagne'),
  tile('52', 1, 2, 'Pays de la Loire'),
  tile('24', 2, 2, 'Centre-', 'Val de Loire'),
  tile('27', 3, 2, 'Bourgogne-', 'Franche-Comté'),
  tile('75', 1, 3, 'Nouvelle-', 'Aquitaine'),
  tile('84', 2, 3, 'Auvergne-', 'Rhône-Alpes'),
  tile('76', 1, 4, 'Occitanie'),
  tile('93', 2, 4, 'Provence-Alpes-', 'Côte d’Azur'),
  tile('94', 3, 5, 'Corse'),
];

/** Five overseas, apart. */
export const OVERSEAS_TILES: readonly Tile[] = [
  tile('01', 0, 0, 'Guadeloupe'),
  tile('02', 0, 1, 'Martinique'),
  tile('03', 0, 2, 'Guyane'),
  tile('04', 0, 3, 'La Réunion'),
  tile('06', 0, 4, 'Mayotte'),
];
