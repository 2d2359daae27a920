import { DateTime } from 'luxon';
import type { Instant } from './instant.ts';
import { findMoments, type Clock, type Moment } from './mail-dates.ts';
import { CLEAR, HARDLY, LIKELY, reading, type Reading } from './mail-intent-reading.ts';

const DEFERRAL =
  /\b(?:report(?:e|ee|es|er|ons|ez)?|differ(?:e|ee|er|ons)|decal(?:e|ee|er|age|ons)|repouss(?:e|ee|er|ons)|prolong(?:ation|er|e|ee)|delai|extension|postpone(?:d|ment)?|defer(?:red|ral)?|delay(?:ed)?|rescheduled?)\b/;
/** «dans les délais», «sans délai», «report d'information», «see the report». */
const OTHER_SENSE =
  /\b(?:dans (?:les|le|des|un) (?:\w+ )?delais?|hors delai|sans delai|delai (?:de reponse|respecte|imparti)|(?:see|the|our|your|situation|to) report|report (?:d'information|attached|follows)|(?:pas|aucun) (?:de )?(?:report|delai))\b/;
/** Somebody else's date is put off. */
const OTHER_THING = /\b(?:reunion|conference|formation|rendez-vous|rdv|audio|visio|appel|meeting|call|training)\b/;
const GOAL =
  /(?:\bau|\ba|jusqu'au|jusqu'a|\bto|\buntil|\btill|\bpour le|\bfor)(?: (?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|\w{3,6}day),?)? ?$/;

/** Asks for, or announces, a later deadline. Without one single instant to come it is only a candidate. */
export function readDeferral(clause: string, clock: Clock): Reading[] {
  if (!DEFERRAL.test(clause) || OTHER_SENSE.test(clause)) return [];
  const aims = findMoments(clause, clock).filter((moment) => GOAL.test(clause.slice(0, moment.index)));
  const untils = new Set(aims.map((moment) => endOf(moment, clock)));
  const [until] = untils;
  const doubtful = untils.size > 1 || OTHER_THING.test(clause);
  if (until === undefined || doubtful || until <= clock.now) return [reading('deferred', HARDLY, clause)];
  const timed = aims.every((moment) => moment.timed);
  return [{ ...reading('deferred', timed ? CLEAR : LIKELY, clause), until }];
}

/** A day without an hour lasts until its last minute. */
const endOf = (moment: Moment, clock: Clock): Instant =>
  moment.timed
    ? moment.at
    : DateTime.fromMillis(moment.at, { zone: clock.zone }).set({ hour: 23, minute: 59 }).toMillis();
