/** A UUID as PostgreSQL and all of ours write it, for a pattern that holds one. */
export const UUID_PATTERN = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

const OURS = new RegExp(`^${UUID_PATTERN}$`);
const ANY = new RegExp(OURS, 'i');

/** As it stands in addresses, in names of workflows, in ids of mails: in small letters, or it is none of ours. */
export const isOwnUuid = (text: string): boolean => OURS.test(text);

/** As a body may name a row, which PostgreSQL finds in either case. */
export const isUuid = (text: string): boolean => ANY.test(text);
