import type { FieldError } from '../field-error.ts';
import type { Instant } from '../instant.ts';
import type { OrganisationId } from '../instruction.ts';
import { CORRUSS } from '../organisation.ts';
import { isBlank, isOneLine } from '../text.ts';
import type { AskedCalendar } from './campaign-calendar.ts';
import { calendarErrors } from './calendar-errors.ts';
import type { Threshold } from './threshold.ts';
import { type KnownSites, type SiteAudience, siteAudienceErrors } from './site-audience.ts';

export interface ListedRespondent {
  readonly name: string;
  readonly email: string;
}

/** Who is asked: ARS, establishments of the register, or a list of the author's own. */
export type SurveyAudience =
  | { readonly ars: 'all' | readonly OrganisationId[] }
  | { readonly sites: SiteAudience }
  | { readonly respondents: readonly ListedRespondent[] };

/** A survey as its author writes it. */
export interface SurveyDraft {
  readonly formId: string;
  readonly title: string;
  readonly author: OrganisationId;
  readonly audience: SurveyAudience;
  readonly calendar: AskedCalendar;
  readonly exercise: boolean;
  readonly crisisId: string | null;
  /** Figures that are watched while the answers come in; held against the form by `thresholdErrors`. */
  readonly thresholds?: readonly Threshold[];
  /** Offers each respondent its recent answers to the same questions; absent: none. */
  readonly reuse?: ReuseAsked;
}

/** How old a recent answer may be: 1 to 31 days (`REUSE_DAYS`). */
export interface ReuseAsked {
  readonly withinDays: number;
}

export interface KnownToSurveys extends KnownSites {
  readonly now: Instant;
  readonly isMailAddress: (text: string) => boolean;
}

/** All that is wrong with a draft whose shape is right; whether its form and its crisis exist is for others to say. */
export function surveyErrors(draft: SurveyDraft, known: KnownToSurveys): readonly FieldError[] {
  const title: readonly FieldError[] =
    isBlank(draft.title) || !isOneLine(draft.title)
      ? [{ pointer: '/title', code: 'format', message: 'Le titre tient sur une ligne et n’est pas vide.' }]
      : [];
  return [...title, ...audienceErrors(draft, known), ...calendarErrors(draft.calendar, known.now)];
}

function audienceErrors({ audience, author }: SurveyDraft, known: KnownToSurveys): readonly FieldError[] {
  if ('respondents' in audience) return listErrors(audience.respondents, known);
  if ('sites' in audience) return siteAudienceErrors(audience.sites, author, known);
  if (author !== CORRUSS) {
    const message = 'Une agence interroge ses établissements (sites) ou sa propre liste de répondants (respondents).';
    return [{ pointer: '/audience', code: 'notYours', message }];
  }
  if (audience.ars === 'all') return [];
  return audience.ars.flatMap((id, index, all) => {
    const pointer = `/audience/ars/${index}`;
    if (!known.agencies.some((agency) => agency.id === id))
      return [{ pointer, code: 'unknown', message: 'Cette agence n’existe pas.' }];
    return all.indexOf(id) === index ? [] : [{ pointer, code: 'duplicate', message: 'Cette agence y est déjà.' }];
  });
}

function listErrors(list: readonly ListedRespondent[], { isMailAddress }: KnownToSurveys): readonly FieldError[] {
  const seen = new Map<string, number>();
  return list.flatMap(({ name, email }, index) => {
    const errors: FieldError[] = [];
    const at = (field: string): string => `/audience/respondents/${index}/${field}`;
    if (isBlank(name) || !isOneLine(name))
      errors.push({ pointer: at('name'), code: 'format', message: 'Le nom tient sur une ligne et n’est pas vide.' });
    const first = seen.get(email.toLowerCase());
    if (!isMailAddress(email))
      errors.push({ pointer: at('email'), code: 'format', message: 'Attendu\u00a0: une seule adresse électronique.' });
    else if (first !== undefined)
      errors.push({
        pointer: at('email'),
        code: 'duplicate',
        message: `Cette adresse est déjà celle du n°\u00a0${first + 1}.`,
      });
    else seen.set(email.toLowerCase(), index);
    return errors;
  });
}
