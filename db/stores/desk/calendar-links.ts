import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { hashToken } from '../../../config/tokens.ts';
import { DAY } from '../../../domain/instant.ts';
import type { Sql } from '../../database.ts';
import { newId } from '../../ids.ts';

/** A year: long enough for a calendar, short enough that a link of somebody who has left ends by itself. */
export const LINK_LASTS = 366 * DAY;

/** What a private link opens: iCalendar of deadlines or of duty, Atom of messages. */
export const LINK_FEEDS = ['deadlines', 'duty', 'messages'] as const;
export type LinkFeed = (typeof LINK_FEEDS)[number];

export interface NewCalendarLink {
  readonly feed: LinkFeed;
  readonly organisation: string | null;
  readonly sub: string;
  /** What its owner is allowed now: the link shows no more than that. */
  readonly claims: object;
  readonly now: number;
}

export interface CalendarLink {
  readonly id: string;
  readonly feed: LinkFeed;
  readonly organisation: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** The token is given once, and stored nowhere: the table holds its hash. */
export async function makeCalendarLink(db: Sql, link: NewCalendarLink): Promise<{ token: string; made: CalendarLink }> {
  const token = randomBytes(32).toString('base64url');
  const made = {
    id: newId(),
    feed: link.feed,
    organisation: link.organisation,
    createdAt: new Date(link.now),
    expiresAt: new Date(link.now + LINK_LASTS),
  };
  await db
    .insertInto('calendar_link')
    .values({
      id: made.id,
      token_hash: hashToken(token),
      feed: made.feed,
      organisation_id: made.organisation,
      sub: link.sub,
      claims: JSON.stringify(link.claims),
      created_at: made.createdAt,
      expires_at: made.expiresAt,
    })
    .execute();
  return { token, made };
}

/** The links of one account that still open something. */
export const calendarLinksOf = (db: Sql, sub: string, now: number): Promise<CalendarLink[]> =>
  db
    .selectFrom('calendar_link')
    .select(['id', 'feed', 'organisation_id as organisation', 'created_at as createdAt', 'expires_at as expiresAt'])
    .where('sub', '=', sub)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', new Date(now))
    .orderBy('created_at')
    .execute();

/** @returns false when the account has no such link; a link revoked before stays so */
export async function revokeCalendarLink(db: Sql, link: { id: string; sub: string; now: number }): Promise<boolean> {
  const result = await db
    .updateTable('calendar_link')
    .set({ revoked_at: sql<Date>`coalesce(revoked_at, ${new Date(link.now)})` })
    .where('id', '=', link.id)
    .where('sub', '=', link.sub)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** What a token opens; undefined when it was never given, is revoked or has ended. */
export const openCalendarLink = (db: Sql, token: string, now: number) =>
  db
    .selectFrom('calendar_link')
    .select(['feed', 'organisation_id as organisation', 'claims'])
    .where('token_hash', '=', hashToken(token))
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', new Date(now))
    .executeTakeFirst();
