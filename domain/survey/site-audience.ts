import type { FieldError } from '../field-error.ts';
import type { OrganisationId } from '../instruction.ts';
import { CORRUSS } from '../organisation.ts';
import type { Agency } from '../site.ts';

/**
 * Establishments: the open geographic sites (`ET`) of some territories and of some categories, all where nothing is said. A legal
 * entity (`EJ`) is not asked: its figures are those of its sites.
 */
export interface SiteAudience {
  /** `ARS-84`, `ZONE-SUD_EST`, `D69`. */
  readonly territories?: readonly string[];
  /** As the register words them. */
  readonly categories?: readonly string[];
}

export interface KnownSites {
  readonly agencies: readonly Agency[];
  /** Of the open sites. */
  readonly categories: readonly string[];
}

/** The agencies to which a territory belongs, none when it is not there: a zone has several, a department one. */
export const agenciesAt = (territory: string, agencies: readonly Agency[]): readonly OrganisationId[] =>
  agencies.filter(({ id, zone, departments }) => [id, zone, ...departments].includes(territory)).map(({ id }) => id);

/** All that is wrong with the establishments that somebody asks: an agency asks those of its own region. */
export function siteAudienceErrors(
  { territories, categories }: SiteAudience,
  author: OrganisationId,
  known: KnownSites,
): readonly FieldError[] {
  const wrongTerritory = (territory: string): Wrong | null => {
    const found = agenciesAt(territory, known.agencies);
    if (found.length === 0)
      return { code: 'unknown', message: 'Ce territoire n’existe pas (ARS-84, ZONE-SUD_EST, D69).' };
    const isOwn = author === CORRUSS || found.every((id) => id === author);
    return isOwn ? null : { code: 'notYours', message: 'Ce territoire n’est pas dans votre région.' };
  };
  const wrongCategory = (category: string): Wrong | null =>
    known.categories.includes(category)
      ? null
      : { code: 'unknown', message: 'Aucun établissement ouvert n’est de cette catégorie.' };
  return [
    ...listErrors('territories', territories, wrongTerritory),
    ...listErrors('categories', categories, wrongCategory),
  ];
}

type Wrong = Pick<FieldError, 'code' | 'message'>;

function listErrors(
  field: keyof SiteAudience,
  list: readonly string[] | undefined,
  wrong: (entry: string) => Wrong | null,
): readonly FieldError[] {
  return (list ?? []).flatMap((entry, index, all) => {
    const twice = all.indexOf(entry) === index ? null : { code: 'duplicate', message: 'Il y est déjà.' };
    const found = twice ?? wrong(entry);
    return found === null ? [] : [{ pointer: `/audience/sites/${field}/${index}`, ...found }];
  });
}
