import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Database } from '../../db/database.ts';
import { instructionSubject, appendAudit } from '../../db/stores/audit.ts';
import { verifyAudit } from '../../db/stores/audit-verification.ts';
import { recordAnyway, recordTurn, recordWhole } from '../../db/stores/process/record.ts';
import type { Recorder } from '../../db/stores/process/write-changes.ts';
import type { Changes } from '../../domain/changes.ts';
import { MACHINE, type DeliveryReport, type Message } from '../../domain/events.ts';
import { HOUR, MINUTE } from '../../domain/instant.ts';
import { nextDue } from '../../domain/instruction-process.ts';
import type { InstructionProcess } from '../../domain/process.ts';
import { freshDatabase, type FreshDatabase } from '../support/database.ts';
import { command, KEYS, NOW, recorderOf, released, replied, replyOf, turn } from './fixture.ts';

let fresh: FreshDatabase;
let database: Database;
let recorder: Recorder;
let start: InstructionProcess;

beforeEach(async () => {
  fresh = await freshDatabase();
  ({ database } = fresh);
  recorder = recorderOf(database);
  start = await released(database, { audience: { organisations: ['ARS-84', 'ARS-94'] } });
});

afterEach(() => fresh.drop());

const recipient = (organisation: string) =>
  database.sql
    .selectFrom('instruction_recipient')
    .selectAll()
    .where('organisation_id', '=', organisation)
    .executeTakeFirstOrThrow();

const instruction = () => database.sql.selectFrom('instruction').selectAll().executeTakeFirstOrThrow();

const deliveries = () =>
  database.sql.selectFrom('delivery').selectAll().orderBy('organisation_id').orderBy('step').execute();

const facts = () =>
  database.sql
    .selectFrom('audit_entry')
    .select(['kind', 'organisation_id'])
    .where('kind', '<>', 'turnRecorded')
    .orderBy('position')
    .execute();

/** Both first mails reported as sent at `at`. */
const sentTo = (process: InstructionProcess, at: number) => {
  const report = (organisation: string): DeliveryReport => ({
    organisation,
    purpose: 'instruction',
    step: 0,
    round: 0,
    outcome: 'sent',
    at,
  });
  const messages = process.followUps.map(({ organisation }) => ({
    kind: 'delivery' as const,
    at,
    report: report(organisation),
  }));
  return turn(process, messages, at);
};

/** Sent, then the first ladder step of both due and recorded. */
async function climbed(): Promise<InstructionProcess> {
  const sent = sentTo(start, NOW + 1_000);
  await recordTurn(recorder, sent.changes);
  const due = turn(sent.process, [], nextDue(sent.process)!);
  expect(await recordTurn(recorder, due.changes)).toEqual({ outcome: 'recorded', noContact: [], planned: 2 });
  return due.process;
}

test('a reply is recorded whole: projection, reply, audit, number and fingerprint of the turn', async () => {
  const { process, changes } = replied(
    start,
    replyOf('ARS-84', { kind: 'progress', percent: 40, comment: 'en route' }),
  );
  // The echo to its alert box.
  expect(await recordTurn(recorder, changes)).toEqual({ outcome: 'recorded', noContact: [], planned: 1 });

  const row = await recipient('ARS-84');
  expect(row).toMatchObject({ state: 'inProgress', percent: 40, seq: 2, closed: false });
  expect(row.follow_up).toEqual(process.followUps.find((one) => one.organisation === 'ARS-84'));
  expect(await recipient('ARS-94')).toMatchObject({ state: 'pending', seq: 1 });
  expect(await instruction()).toMatchObject({ seq: 2, fingerprint: changes.fingerprint, status: 'open' });
  const replies = await database.sql.selectFrom('reply').selectAll().execute();
  expect(replies).toMatchObject([{ kind: 'progress', percent: 40, comment: 'en route', said_by: 'compte-ARS-84' }]);
  expect(await facts()).toEqual([
    { kind: 'released', organisation_id: null },
    { kind: 'replied', organisation_id: 'ARS-84' },
  ]);
  expect(await verifyAudit(database.sql, KEYS)).toMatchObject({ intact: true, entries: 4 });
});

test('the same turn recorded again, even many times at once, writes nothing more and answers the same', async () => {
  const sent = sentTo(start, NOW + 1_000);
  await recordTurn(recorder, sent.changes);
  await database.sql.deleteFrom('contact').where('organisation_id', '=', 'ARS-94').execute();
  const { changes } = turn(sent.process, [], nextDue(sent.process)!);

  const results = await Promise.all(Array.from({ length: 6 }, () => recordTurn(recorder, changes)));

  const report = { organisation: 'ARS-94', purpose: 'ladder', step: 1, round: 0, outcome: 'noContact', at: changes.at };
  for (const result of results) expect(result).toEqual({ outcome: 'recorded', noContact: [report], planned: 1 });
  expect(await deliveries()).toHaveLength(3);
  expect((await facts()).length).toBe(1 + sent.changes.facts.length + changes.facts.length);
  expect(await verifyAudit(database.sql, KEYS)).toMatchObject({ intact: true });
});

test('a number that bears another turn is taken; the whole process is then written over it and the audit says so', async () => {
  const lost = replied(start, replyOf('ARS-84', { kind: 'read' }));
  await recordTurn(recorder, lost.changes);
  // The workflow task was lost after recording; meanwhile ARS-94 has answered too, and both come in one turn.
  const both = turn(
    start,
    [
      command({ kind: 'reply', reply: replyOf('ARS-84', { kind: 'read' }) }, NOW + MINUTE),
      command({ kind: 'reply', reply: replyOf('ARS-94') }, NOW + 2 * MINUTE),
    ],
    NOW + 2 * MINUTE,
  );
  expect(await recordTurn(recorder, both.changes)).toEqual({ outcome: 'taken' });
  expect(await recipient('ARS-94')).toMatchObject({ state: 'pending' });

  expect(await recordWhole(recorder, both.changes, both.process)).toMatchObject({ outcome: 'recorded' });
  expect(await recordWhole(recorder, both.changes, both.process)).toMatchObject({ outcome: 'recorded' });

  expect(await recipient('ARS-94')).toMatchObject({ state: 'takenInCharge', seq: 2 });
  expect(await instruction()).toMatchObject({ seq: 2, fingerprint: both.changes.fingerprint });
  expect(await database.sql.selectFrom('reply').select('id').execute()).toHaveLength(2);
  expect((await facts()).filter(({ kind }) => kind === 'recordedAgain')).toHaveLength(1);
  expect(await verifyAudit(database.sql, KEYS)).toMatchObject({ intact: true });
});

test('what a lost turn has told is told once; what only comes with the retry is told too, whatever it changes', async () => {
  const rubbish = (base64: string): Message => ({ kind: 'rubbish', at: NOW, door: 'reply', errors: ['?'], base64 });
  const taken = async (messages: readonly Message[]) => {
    const { changes, process } = turn(start, messages, NOW + MINUTE);
    return [await recordTurn(recorder, changes), await recordWhole(recorder, changes, process)].map(
      ({ outcome }) => outcome,
    );
  };
  await recordTurn(recorder, turn(start, [rubbish('aa'), rubbish('aa')], NOW).changes);
  const kinds = async () => (await facts()).map(({ kind }) => kind);
  // The same process, as refused messages change nothing of it.
  expect(await taken([rubbish('aa'), rubbish('aa'), rubbish('aa'), rubbish('bb')])).toEqual(['taken', 'recorded']);
  expect(await kinds()).toEqual(['released', ...Array<string>(4).fill('rubbishReceived'), 'recordedAgain']);
  const more = [rubbish('aa'), rubbish('aa'), rubbish('aa'), rubbish('bb'), rubbish('bb')];
  const reply = command({ kind: 'reply', reply: replyOf('ARS-94') }, NOW + MINUTE);
  expect(await taken([...more, reply])).toEqual(['taken', 'recorded']);
  expect((await kinds()).slice(6)).toEqual(['rubbishReceived', 'replied', 'recordedAgain']);
  expect(await taken([...more, reply])).toEqual(['recorded', 'recorded']);
  expect(await kinds()).toHaveLength(9);
  expect(await recipient('ARS-94')).toMatchObject({ state: 'takenInCharge', seq: 2 });
  expect(await verifyAudit(database.sql, KEYS)).toMatchObject({ intact: true });
});

test('several turns lost with one workflow task are overwritten when all their replies come again', async () => {
  const first = replied(start, replyOf('ARS-84'));
  await recordTurn(recorder, first.changes);
  const second = replied(first.process, replyOf('ARS-94'), NOW + 2 * MINUTE);
  await recordTurn(recorder, second.changes);
  const both = turn(
    start,
    [replyOf('ARS-84'), replyOf('ARS-94')].map((reply) => command({ kind: 'reply', reply }, NOW + 3 * MINUTE)),
    NOW + 3 * MINUTE,
  );
  expect(await recordTurn(recorder, both.changes)).toEqual({ outcome: 'taken' });
  expect(await recordWhole(recorder, both.changes, both.process)).toMatchObject({ outcome: 'recorded' });
  expect(await instruction()).toMatchObject({ seq: 2 });
  const next = replied(both.process, replyOf('ARS-84', { kind: 'done', messageId: 'fini' }), NOW + HOUR);
  expect(await recordTurn(recorder, next.changes)).toMatchObject({ outcome: 'recorded' });
  expect(await recipient('ARS-84')).toMatchObject({ state: 'done', seq: 3 });
});

test('a database that holds a reply its workflow has never seen is ahead: nothing is written until somebody says so', async () => {
  const first = replied(start, replyOf('ARS-84'));
  await recordTurn(recorder, first.changes);
  await recordTurn(recorder, replied(first.process, replyOf('ARS-94'), NOW + 2 * MINUTE).changes);
  const restored = replied(start, replyOf('ARS-84'), NOW + HOUR);
  expect(await recordTurn(recorder, restored.changes)).toEqual({ outcome: 'taken' });
  expect(await recordWhole(recorder, restored.changes, restored.process)).toEqual({ outcome: 'ahead' });
  expect(await recipient('ARS-94')).toMatchObject({ state: 'takenInCharge' });

  expect(await recordAnyway(recorder, restored.changes, restored.process)).toMatchObject({ outcome: 'recorded' });
  expect(await recipient('ARS-94')).toMatchObject({ state: 'pending', seq: 2 });
});

test('a number given before the database was set back is not given again', async () => {
  await database.sql.deleteFrom('number_series').execute();
  const { changes, process } = replied(start, replyOf('ARS-84'));
  await recordAnyway(recorder, changes, process);
  const next = await released(database, { audience: { organisations: ['ARS-84'] } });
  expect([process.number, next.number]).toEqual(['MINSANTE N°2026_001', 'MINSANTE N°2026_002']);
});

test('a database that missed turns takes the whole process', async () => {
  const first = replied(start, replyOf('ARS-84'));
  const second = replied(first.process, replyOf('ARS-94'), NOW + 2 * MINUTE);
  expect(await recordTurn(recorder, second.changes)).toEqual({ outcome: 'taken' });
  expect(await recordWhole(recorder, second.changes, second.process)).toMatchObject({ outcome: 'recorded' });
  expect(await recipient('ARS-84')).toMatchObject({ state: 'takenInCharge' });
  expect(await instruction()).toMatchObject({ seq: 3, fingerprint: second.changes.fingerprint });
});

test('an answer withdraws what is planned and not yet claimed, for that recipient alone', async () => {
  const process = await climbed();
  const { changes } = replied(process, replyOf('ARS-84'), NOW + 2 * HOUR);
  await recordTurn(recorder, changes);
  const ladder = (await deliveries()).filter(({ purpose }) => purpose === 'ladder');
  expect(ladder.map((one) => [one.organisation_id, one.status])).toEqual([
    ['ARS-84', 'withdrawn'],
    ['ARS-94', 'planned'],
  ]);
});

test('a mail already claimed is not withdrawn: it may be on its way', async () => {
  const process = await climbed();
  await database.sql.updateTable('delivery').set({ status: 'sending' }).where('purpose', '=', 'ladder').execute();
  await recordTurn(recorder, replied(process, replyOf('ARS-84'), NOW + 2 * HOUR).changes);
  const ladder = (await deliveries()).filter(({ purpose }) => purpose === 'ladder');
  expect(ladder.map(({ status }) => status)).toEqual(['sending', 'sending']);
});

test('an outcome told by a turn is marked as reported', async () => {
  await database.sql.updateTable('delivery').set({ status: 'sent' }).where('organisation_id', '=', 'ARS-84').execute();
  await recordTurn(recorder, sentTo(start, NOW + 1_000).changes);
  expect((await deliveries()).map((one) => [one.organisation_id, one.reported])).toEqual([
    ['ARS-84', true],
    ['ARS-94', false],
  ]);
});

test('a refusal opens a task and writes to the desk; a return closes the task', async () => {
  const refused = replied(start, replyOf('ARS-84', { kind: 'refused', comment: 'pas de lits' }));
  expect(await recordTurn(recorder, refused.changes)).toMatchObject({ planned: 2 });
  const [desk] = (await deliveries()).filter(({ purpose }) => purpose === 'refused');
  expect(desk).toMatchObject({ addressee: 'CORRUSS', address: 'permanence@corruss.example', link_hash: null });
  expect(desk?.reply_hash).toBeNull();
  const open = () => database.sql.selectFrom('task').selectAll().where('closed_at', 'is', null).execute();
  expect(await open()).toMatchObject([{ kind: 'refused', organisation_id: 'ARS-84' }]);

  const by = { sub: 'valideur', organisation: 'CORRUSS' };
  const at = NOW + 10 * MINUTE;
  const back = command({ kind: 'return', organisation: 'ARS-84', reason: 'Motif insuffisant', by }, at);
  await recordTurn(recorder, turn(refused.process, [back], at).changes);
  expect(await open()).toEqual([]);
});

test('mails to the zone lead and to the head of desk carry neither the link nor the reply address of the recipient', async () => {
  const plan = { organisation: 'ARS-94', purpose: 'ladder', channel: 'mail', round: 0, detail: {} } as const;
  const { changes } = replied(start, replyOf('ARS-84'));
  const plans: Changes['plans'] = [
    { ...plan, target: 'zoneArs', step: 5 },
    { ...plan, target: 'corrussHead', step: 6 },
    { ...plan, target: 'onCall', channel: 'sms', step: 7 },
  ];
  await recordTurn(recorder, { ...changes, plans });
  const rows = (await deliveries()).filter(({ purpose }) => purpose === 'ladder');
  expect(rows.map((one) => [one.addressee, one.address, one.link_hash !== null, one.reply_hash !== null])).toEqual([
    ['ARS-93', 'ars93-alerte@ars-93.example', false, false],
    ['CORRUSS', 'chef@corruss.example', false, false],
    ['ARS-94', '+33639980094', true, true],
  ]);
});

test('turns and facts of others that go to the same chain at once all arrive, and the chain holds', async () => {
  const subject = instructionSubject(start.instruction);
  const mail = { at: NOW, kind: 'mailReceived', organisation: 'ARS-84', actor: MACHINE, data: {} } as const;
  const others = Array.from({ length: 12 }, () =>
    database.sql.transaction().execute((trx) => appendAudit(trx, KEYS, subject, [mail])),
  );
  let process = start;
  for (const n of [1, 2, 3, 4, 5]) {
    const next = replied(process, replyOf('ARS-84', { kind: 'received', messageId: `m${n}` }), NOW + n * MINUTE);
    ({ process } = next);
    expect(await recordTurn(recorder, next.changes)).toMatchObject({ outcome: 'recorded' });
  }
  await Promise.all(others);
  expect(await verifyAudit(database.sql, KEYS)).toEqual({
    intact: true,
    chains: 1,
    entries: 2 + 12 + 5 + 5,
    roots: 0,
    lastRoot: null,
  });
});

test('evidence named by a reply belongs to the instruction from then on', async () => {
  const id = '01900000-0000-7000-8000-000000000001';
  await database.sql
    .insertInto('attachment')
    .values({
      id,
      owner_organisation: 'ARS-84',
      uploaded_by: 'compte-ARS-84',
      name: 'preuve.pdf',
      media_type: 'application/pdf',
      size: 1,
      sha256: 'x',
      content: Buffer.from('x'),
      created_at: new Date(NOW),
    })
    .execute();
  await recordTurn(recorder, replied(start, replyOf('ARS-84', { kind: 'done', evidence: [id] })).changes);
  const kept = await database.sql.selectFrom('attachment').select('instruction_id').executeTakeFirst();
  expect(kept?.instruction_id).toBe(start.instruction);
  expect((await database.sql.selectFrom('reply').select('evidence').executeTakeFirst())?.evidence).toEqual([id]);
});

test('an instruction that the database does not know is ahead of it: nothing to record on', async () => {
  const { changes } = replied(start, replyOf('ARS-84'));
  const unknown = { ...changes, instruction: '01900000-0000-7000-8000-000000000002' };
  expect(await recordTurn(recorder, unknown)).toEqual({ outcome: 'ahead' });
});
