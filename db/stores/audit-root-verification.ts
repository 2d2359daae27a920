import { sql } from 'kysely';
import type { KeyRing } from '../../config/keys.ts';
import type { Transaction } from '../database.ts';
import { isChainStart, isRootSealed, isSealed } from './audit-chain.ts';
import { Broken } from './audit-broken.ts';
import { digestOf, NO_DIGEST, ROOTS, type AuditRoot, type RootedHead } from './audit-roots.ts';

/** A root that somebody kept outside, as its mail gives it. */
export interface KeptRoot {
  readonly position: number;
  readonly digest: string;
}

/** `12:4f3a…`; null when there is none, undefined when it is no root. */
export function parseKeptRoot(text: string | undefined): KeptRoot | null | undefined {
  if (text === undefined) return null;
  const found = /^([1-9]\d{0,8}):([0-9a-f]{64})$/.exec(text);
  return found?.[2] === undefined ? undefined : { position: Number(found[1]), digest: found[2] };
}

/**
 * Checks the roots one by one, each against the heads that it lists and the root before, the last against its head, a root
 * kept outside against ours; then that every chain still holds what the roots have seen of it.
 * @returns how many, and the last one
 * @throws Broken
 */
export async function verifyRoots(
  trx: Transaction,
  keys: KeyRing,
  kept: KeptRoot | null,
): Promise<{ readonly roots: number; readonly last: AuditRoot | null }> {
  let last: AuditRoot | null = null;
  // One a day: all of them fit in memory, their heads one root at a time.
  for (const row of await trx.selectFrom('audit_root').selectAll().orderBy('position').execute()) {
    const root: AuditRoot = { ...row, at: row.at.getTime(), entries: Number(row.entries) };
    verifyRoot(keys, root, last);
    const digest = digestOf(last?.digest ?? NO_DIGEST, await headsOf(trx, root.position));
    if (digest !== root.digest)
      throw new Broken(ROOTS, root.position, 'the heads that it lists are not those that it was made of');
    if (kept !== null) compare(kept, root);
    last = root;
  }
  await verifyHeadOfRoots(trx, keys, last);
  const roots = last?.position ?? 0;
  if (kept !== null && kept.position > roots)
    throw new Broken(ROOTS, kept.position, 'the root that was kept outside is missing');
  await verifyRooted(trx);
  return { roots, last };
}

function compare(kept: KeptRoot, { position, digest }: AuditRoot): void {
  if (kept.position === position && kept.digest !== digest)
    throw new Broken(ROOTS, position, 'it is not the one that was kept outside');
}

function verifyRoot(keys: KeyRing, { hmac, ...facts }: AuditRoot, before: AuditRoot | null): void {
  const position = (before?.position ?? 0) + 1;
  if (facts.position !== position) throw new Broken(ROOTS, position, 'the root is missing');
  if (!isRootSealed(keys, facts, hmac)) throw new Broken(ROOTS, position, 'the root is not as it was signed');
  const follows = before === null ? isChainStart(keys, ROOTS, facts.previous) : before.hmac === facts.previous;
  if (!follows) throw new Broken(ROOTS, position, 'it does not follow the root before');
}

const headsOf = (trx: Transaction, root: number): Promise<RootedHead[]> =>
  trx
    .selectFrom('audit_root_head')
    .select(['subject', 'position', 'hmac'])
    .where('root', '=', root)
    .orderBy('subject')
    .execute();

async function verifyHeadOfRoots(trx: Transaction, keys: KeyRing, last: AuditRoot | null): Promise<void> {
  const head = await trx.selectFrom('audit_head').selectAll().where('subject', '=', ROOTS).executeTakeFirst();
  if (head === undefined) {
    if (last !== null) throw new Broken(ROOTS, null, 'their head is missing');
    return;
  }
  if (!isSealed(keys, ROOTS, head, head.seal)) throw new Broken(ROOTS, null, 'their head is not the one sealed');
  const ends = last === null ? head.position === 0 : head.position === last.position && head.hmac === last.hmac;
  if (!ends) throw new Broken(ROOTS, (last?.position ?? 0) + 1, 'the roots do not end where their head says');
}

/** What a root has seen of a chain is still there: the entry at which it ended then. */
async function verifyRooted(trx: Transaction): Promise<void> {
  const { rows } = await sql<{ subject: string; position: number; root: number; gone: boolean }>`
    select rooted.subject, rooted.position, rooted.root,
      not exists (select from audit_entry entry where entry.subject = rooted.subject) as gone
    from audit_root_head rooted
    left join audit_entry entry on entry.subject = rooted.subject and entry.position = rooted.position
    where entry.hmac is distinct from rooted.hmac
    order by rooted.subject, rooted.position, rooted.root limit 1`.execute(trx);
  const [lost] = rows;
  if (lost === undefined) return;
  const seen = `root ${lost.root} saw it with ${lost.position} entries`;
  if (lost.gone) throw new Broken(lost.subject, null, `the whole chain is missing, its head too: ${seen}`);
  throw new Broken(lost.subject, lost.position, `the entry is not the one that was rooted: ${seen}`);
}
