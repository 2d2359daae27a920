import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { tokenOf, linkToken, replyLocalPart } from '../../config/tokens.ts';
import { newId, type Database } from '../../db/database.ts';
import { verifyAudit } from '../../db/stores/audit-verification.ts';
import { recordTurn } from '../../db/stores/process/record.ts';
import { releaseInstruction } from '../../db/stores/process/release.ts';
import { HOUR } from '../../domain/instant.ts';
import { freshDatabase, type FreshDatabase } from '../support/database.ts';
import { insertDraft, KEYS, NOW, recorderOf, released, replied, replyOf, requestOf } from './fixture.ts';

let fresh: FreshDatabase;
let database: Database;

beforeEach(async () => {
  fresh = await freshDatabase();
  ({ database } = fresh);
});

afterEach(() => fresh.drop());

const release = (request: ReturnType<typeof requestOf>, now = NOW) =>
  releaseInstruction(recorderOf(database), request, now);

const deliveriesOf = (instruction: string) =>
  database.sql
    .selectFrom('delivery')
    .selectAll()
    .where('instruction_id', '=', instruction)
    .orderBy('organisation_id')
    .execute();

const instructionRow = (id: string) =>
  database.sql.selectFrom('instruction').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

test('a national instruction gets a number, 18 recipients and 18 first mails to their alert boxes', async () => {
  const process = await released(database);

  expect(process).toMatchObject({ number: 'MINSANTE N°2026_001', seq: 1, status: 'open', releasedAt: NOW });
  expect(process.followUps).toHaveLength(18);
  expect(process.zoneLeads['ARS-94']).toBe('ARS-93');
  const row = await instructionRow(process.instruction);
  expect(row).toMatchObject({ status: 'open', number: process.number, seq: 1, released_by: 'valideur' });
  expect(row.terms).toEqual(process.terms);
  expect(row.released_at).toEqual(new Date(NOW));

  const recipients = await database.sql.selectFrom('instruction_recipient').selectAll().execute();
  expect(recipients).toHaveLength(18);
  expect(recipients.every((one) => one.state === 'pending' && !one.closed && !one.late)).toBe(true);
  expect(recipients[0]?.deadline).toEqual(new Date(NOW + 4 * HOUR));

  const deliveries = await deliveriesOf(process.instruction);
  expect(deliveries).toHaveLength(18);
  const lyon = deliveries.find((one) => one.organisation_id === 'ARS-84')!;
  expect(lyon).toMatchObject({ address: 'ars84-alerte@ars-84.example', status: 'planned', addressee: 'ARS-84' });
  expect(lyon.message_id).toBe(`${lyon.id}@reply.vigie.example`);
  expect(tokenOf(KEYS, linkToken, lyon.id, lyon.link_hash!)).toBeDefined();
  expect(tokenOf(KEYS, replyLocalPart, lyon.id, lyon.reply_hash!)).toBeDefined();

  const audit = await database.sql.selectFrom('audit_entry').selectAll().execute();
  expect(audit).toMatchObject([
    { kind: 'released', actor_sub: 'valideur', data: { number: process.number } },
    { kind: 'turnRecorded', data: { seq: 1, whole: { number: process.number } } },
  ]);
  expect(await verifyAudit(database.sql, KEYS)).toMatchObject({ intact: true, entries: 2 });
});

test('asked again after its answer was lost, the release answers the same and plans nothing more', async () => {
  const instruction = await insertDraft(database);
  const first = await release(requestOf(instruction));
  const again = await release(requestOf(instruction), NOW + HOUR);
  expect(again).toEqual(first);
  expect(await deliveriesOf(instruction)).toHaveLength(18);
  expect(await database.sql.selectFrom('audit_entry').select('kind').execute()).toHaveLength(2);
});

test('once its workflow has recorded a turn, or by somebody else, a second release is refused', async () => {
  const process = await released(database);
  const other = { by: { sub: 'autre', organisation: 'CORRUSS', roles: ['releaser'] } };
  expect(await release(requestOf(process.instruction, other))).toMatchObject({ released: false, code: 'notDraft' });
  await recordTurn(recorderOf(database), replied(process, replyOf('ARS-84')).changes);
  const again = await release(requestOf(process.instruction));
  expect(again).toMatchObject({ released: false, code: 'notDraft' });
  expect(again.released ? '' : again.detail).toContain('MINSANTE N°2026_001');
});

test('released twice at the same instant: one number, 18 mails', async () => {
  const instruction = await insertDraft(database);
  const results = await Promise.all(Array.from({ length: 5 }, () => release(requestOf(instruction))));
  expect(new Set(results.map((one) => (one.released ? one.process.number : one.code))).size).toBe(1);
  expect(await deliveriesOf(instruction)).toHaveLength(18);
  expect(await database.sql.selectFrom('number_series').selectAll().execute()).toMatchObject([{ last: 1 }]);
});

test('ten releases at once get ten numbers without gap, and a refused one takes none', async () => {
  const drafts = await Promise.all(Array.from({ length: 10 }, () => insertDraft(database)));
  const wrong = await insertDraft(database, { deadline: '2020-01-01T00:00:00Z' });
  const results = await Promise.all([...drafts, wrong].map((id) => release(requestOf(id))));
  const numbers = results.flatMap((one) => (one.released ? [one.process.number] : []));
  expect(numbers.sort()).toEqual(
    Array.from({ length: 10 }, (_, n) => `MINSANTE N°2026_${String(n + 1).padStart(3, '0')}`),
  );
  expect((await instructionRow(wrong)).status).toBe('draft');
});

test('exercises have a series of their own, and the year is that of Paris', async () => {
  await released(database);
  expect((await released(database, { exercise: true })).number).toBe('MINSANTE EXERCICE N°2026_001');
  const newYearInParis = Date.UTC(2026, 11, 31, 23, 30);
  const instruction = await insertDraft(database);
  const result = await release(requestOf(instruction), newYearInParis);
  expect(result).toMatchObject({ process: { number: 'MINSANTE N°2027_001' } });
});

test('each reason not to release is said, in French, and leaves the draft as it was', async () => {
  const instruction = await insertDraft(database);
  const author = { sub: 'redacteur', organisation: 'CORRUSS', roles: ['author', 'releaser'] };
  const head = { ...author, roles: ['author', 'releaser', 'head'] };
  const refused = async (request: ReturnType<typeof requestOf>) => {
    const result = await release(request);
    return result.released ? 'released' : result.code;
  };
  expect(await refused(requestOf(newId()))).toBe('notFound');
  expect(await refused(requestOf(instruction, { by: author }))).toBe('ownDraft');
  expect(await refused(requestOf(instruction, { by: author, emergencyReason: 'urgence' }))).toBe('ownDraft');
  expect(await refused(requestOf(instruction, { by: head }))).toBe('ownDraft');
  expect(await refused(requestOf(instruction, { by: head, emergencyReason: ' ' }))).toBe('ownDraft');
  expect(await refused(requestOf(instruction, { version: 7 }))).toBe('stale');
  expect((await instructionRow(instruction)).number).toBeNull();
  expect(await deliveriesOf(instruction)).toEqual([]);

  const emergency = requestOf(instruction, { version: 1, by: head, emergencyReason: 'seul de garde' });
  expect(await refused(emergency)).toBe('released');
  expect((await instructionRow(instruction)).emergency_reason).toBe('seul de garde');
  const [fact] = await database.sql.selectFrom('audit_entry').select('data').execute();
  expect(fact?.data).toMatchObject({ emergencyReason: 'seul de garde' });
});

test('somebody who changed the draft of another may not release it either', async () => {
  const instruction = await insertDraft(database);
  await database.sql
    .insertInto('instruction_editor')
    .values({ instruction_id: instruction, sub: 'valideur' })
    .execute();
  expect(await release(requestOf(instruction))).toMatchObject({ released: false, code: 'ownDraft' });
});

test('an ARS without alert box gets the next contact of its ladder at once, and its process says so', async () => {
  const { sql } = database;
  await sql.deleteFrom('contact').where('organisation_id', '=', 'ARS-94').where('kind', '=', 'alertBox').execute();
  const instruction = await insertDraft(database, { audience: { organisations: ['ARS-94', 'ARS-84'] } });
  const result = await release(requestOf(instruction));
  if (!result.released) throw new Error(result.detail);

  const deliveries = await deliveriesOf(instruction);
  expect(deliveries.map(({ organisation_id, purpose, address }) => [organisation_id, purpose, address])).toEqual([
    ['ARS-84', 'instruction', 'ars84-alerte@ars-84.example'],
    ['ARS-94', 'ladder', 'ars94-secours@ars-94.example'],
  ]);
  const row = await instructionRow(instruction);
  expect(row.seq).toBe(result.process.seq);
  const stored = await sql
    .selectFrom('instruction_recipient')
    .select('follow_up')
    .where('organisation_id', '=', 'ARS-94')
    .executeTakeFirst();
  expect(stored?.follow_up).toEqual(result.process.followUps.find((one) => one.organisation === 'ARS-94'));
  expect(await release(requestOf(instruction))).toEqual(result);
});
