import type { Letter } from '../channels/templates/blocks.ts';
import { gapLetter, handOverLetter } from '../channels/templates/duty.ts';
import { isMailAddress } from '../channels/address.ts';
import { rosterOf } from '../db/stores/duty-roster.ts';
import {
  deskBox,
  ongoingFacts,
  watchedRosters,
  type Mailbox,
  type WatchedRoster,
} from '../db/stores/process/duty-watch.ts';
import { countUnsentNotices, knownNotices, planNotices, type NewNotice } from '../db/stores/process/notices.ts';
import { gaps, handOvers, type HandOver } from '../domain/duty-shifts.ts';
import type { DutyPerson, Roster, Shift } from '../domain/duty.ts';
import { DAY, HOUR, MINUTE, toRfc3339, type Instant } from '../domain/instant.ts';
import { CORRUSS } from '../domain/organisation.ts';
import type { Sql } from '../db/database.ts';
import type { DutyWatchResult } from './contract.ts';

/** An organisation hears of a gap three days before: time to find somebody, a week end included. */
const ANNOUNCED = 3 * DAY;
/** One still there the day before is told to the desk. */
const TOLD_TO_DESK = DAY;
/** Hand-overs missed by an outage: the last of these hours is told late, older ones are of no use to anybody. */
const TOLD_LATE = 12 * HOUR;
/** A roster that was changed is looked at again by then. */
const AT_LEAST_EVERY = 15 * MINUTE;

/** Words that are made only when the notice turns out to be new. */
interface Announcement extends Omit<NewNotice, 'letter'> {
  readonly write: () => Promise<Letter> | Letter;
}

/**
 * Looks at every roster between two instants: who has come on duty is told what is going on, gaps to come are announced. Asked again
 * it plans nothing twice: each hand-over and each gap has its key.
 */
export async function watchDuty(
  database: Sql,
  { since, now, domain }: { readonly since: Instant; readonly now: Instant; readonly domain: string },
): Promise<DutyWatchResult> {
  const [watched, desk] = await Promise.all([watchedRosters(database), deskBox(database)]);
  const planned: Announcement[] = [];
  let next = now + AT_LEAST_EVERY;
  for (const place of watched) {
    const roster = rosterOf(place);
    if (roster === null) continue;
    planned.push(...gapNotices(place, roster, desk, now), ...handOverNotices(database, place, roster, { since, now }));
    next = Math.min(next, handOvers(roster, now, next)[0]?.at ?? next);
  }
  const known = await knownNotices(
    database,
    planned.map(({ key }) => key),
  );
  const fresh = planned.filter(({ key }) => !known.has(key));
  const notices: NewNotice[] = [];
  for (const { write, ...one } of fresh) notices.push({ ...one, letter: await write() });
  await planNotices(database, notices, { source: 'watch', at: now, domain });
  return { next, unsent: await countUnsentNotices(database, 'watch') };
}

function gapNotices(place: WatchedRoster, roster: Roster, desk: Mailbox | null, now: Instant): Announcement[] {
  const horizon = now + ANNOUNCED + 30 * DAY;
  // One that runs already was told when it was to come, or to whoever has just written that roster.
  const coming = gaps(roster, now, horizon).filter(({ from }) => now < from && from <= now + ANNOUNCED);
  return coming.flatMap((gap) => {
    const key = `gap/${place.organisation}/${toRfc3339(gap.from)}`;
    const own = announcement(place, place.box, key, () => gapLetter(place, gap, { toDesk: false, horizon }));
    if (place.organisation === CORRUSS || gap.from - now > TOLD_TO_DESK) return own;
    return [
      ...own,
      ...announcement(place, desk, `${key}/desk`, () => gapLetter(place, gap, { toDesk: true, horizon })),
    ];
  });
}

const announcement = (
  { organisation }: WatchedRoster,
  box: Mailbox | null,
  key: string,
  write: Announcement['write'],
): Announcement[] => (box === null ? [] : [{ key, organisation, ...box, write }]);

function handOverNotices(
  database: Sql,
  place: WatchedRoster,
  roster: Roster,
  { since, now }: { readonly since: Instant; readonly now: Instant },
): Announcement[] {
  const last = handOvers(roster, Math.max(since, now - TOLD_LATE), now).at(-1);
  if (last === undefined) return [];
  return peopleOf(last.coming).flatMap(({ person, shifts }) => {
    const { mail, name } = person;
    const reachable = mail !== null && isMailAddress(mail);
    const key = `handOver/${place.organisation}/${toRfc3339(last.at)}/${person.key}`;
    const write = () => handOver(database, place, last, { shifts, passedOnTo: reachable ? null : name });
    return announcement(place, reachable ? { address: mail, name } : place.sharedBox, key, write);
  });
}

/** Who comes on duty in two layers gets one mail. */
function peopleOf(coming: readonly Shift[]): { readonly person: DutyPerson; readonly shifts: readonly Shift[] }[] {
  const people = Map.groupBy(coming, ({ person }) => person.key);
  return [...people.values()].flatMap((shifts) =>
    shifts[0] === undefined ? [] : [{ person: shifts[0].person, shifts }],
  );
}

interface Incoming {
  readonly shifts: readonly Shift[];
  /** Who is to be told by a colleague: the roster holds no address. */
  readonly passedOnTo: string | null;
}

async function handOver(
  database: Sql,
  place: WatchedRoster,
  { at, leaving }: HandOver,
  { shifts, passedOnTo }: Incoming,
) {
  const { tasks, ...facts } = await ongoingFacts(database, place.organisation);
  const layers = shifts.map(({ layer }) => layer);
  const relieved = leaving.filter(({ layer }) => layers.includes(layer));
  return handOverLetter(place, {
    facts: { ...facts, at, since: Math.min(at, ...relieved.map(({ from }) => from)) },
    layers,
    until: Math.min(...shifts.map(({ to }) => to)),
    leaving: [...new Set(relieved.map(({ person }) => person.name))],
    tasks,
    passedOnTo,
  });
}
