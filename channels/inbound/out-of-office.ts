import { findMoments, type Clock, type Moment } from '../../domain/mail-dates.ts';
import { DAY, type Instant } from '../../domain/instant.ts';
import { plain } from '../../domain/mail-text.ts';

const ABSENT =
  /\b(?:absente?s?|absence|out of (?:the )?office|ooo|on leave|annual leave|away from|i am away|i'm away|on vacation|on holiday|conges?|vacances|en deplacement|en formation|de retour|mon retour|injoignable|rtt|ne suis pas (?:disponible|joignable|presente?)|indisponible|unavailable|maternite|paternite)\b/;
/** The person is back at the start of this day. */
const BACK =
  /(?:de retour|mon retour|retour(?: prevu)?|return(?:ing)?|back|reprend\w{0,5}|joignable a (?:partir|compter)|disponible a (?:partir|compter))(?: (?:au bureau|in the office|to the office|parmi vous|est prevu|prevu|le|on|a partir du|a compter du|du|des le|in|on the|lundi|mardi|mercredi|jeudi|vendredi|\w{3,6}day,?)){0,4} ?$/;
/** The person is away to the end of this day. */
const AWAY_UNTIL =
  /(?:jusqu'au|jusqu'a|until|till|through|\d{1,2}(?:er)?(?: \w{3,9})?(?: 20\d\d)?,? (?:au|to)|\bto|\bau)(?: (?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|\w{3,6}day,?|le|the))? ?$/;
const MAX_READ = 3_000;

/** Words of an absence, French or English. */
export const speaksOfAbsence = (text: string): boolean => ABSENT.test(plain(text.slice(0, MAX_READ)));

/**
 * The instant from which an absent person reads mail again, or undefined. «Jusqu'au 25» lasts through the 25th, «de
 * retour le 25» ends when it begins; the return counts when both are there.
 */
export function returnInstant(text: string, clock: Clock): Instant | undefined {
  const words = plain(text.slice(0, MAX_READ)).replaceAll('\n', ' ');
  const moments = findMoments(words, clock).filter((moment) => moment.at > clock.now - DAY);
  const after = (pattern: RegExp): Moment | undefined =>
    moments.find((moment) => pattern.test(words.slice(Math.max(0, moment.index - 80), moment.index)));
  const back = after(BACK);
  if (back !== undefined) return back.at;
  const last = after(AWAY_UNTIL);
  if (last === undefined) return undefined;
  return last.timed ? last.at : last.at + DAY;
}
