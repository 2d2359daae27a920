import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { print } from '../../api/documents/printing.ts';
import { ROWS, type Situation } from '../../db/read-models/situation.ts';
import { canonicalJson } from '../../domain/canonical-json.ts';
import { HOUR, MINUTE } from '../../domain/instant.ts';
import { type ApiDesk, DRAFT, startApiDesk } from '../support/api-desk.ts';
import type { AccountName } from '../support/desk-accounts.ts';

let api: ApiDesk;
let id: string;

interface Exported {
  readonly digest: string;
  readonly recipients: {
    organisation: string;
    replies: { kind: string; comment: string | null; evidence: string[] }[];
  }[];
  readonly timeline: { kind: string; organisation: string | null; text: string }[];
  readonly files: { id: string; name: string; sha256: string; organisation: string }[];
  readonly audit: { subject: string; position: number; hmac: string; sealed: boolean };
}

const PROOF = Buffer.from('%PDF-1.4\n% preuve\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n');

/** A file of ARS-84, by its id. */
async function upload(account: AccountName): Promise<string> {
  const boundary = 'vigie-test';
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="état des lits.pdf"\r\n\r\n`;
  const payload = Buffer.concat([Buffer.from(head), PROOF, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  const authorization = `Bearer ${await api.issuer.token(account)}`;
  const headers = { authorization, 'content-type': `multipart/form-data; boundary=${boundary}` };
  const answer = await api.app.inject({ method: 'POST', url: '/v1/attachments', headers, payload });
  return answer.json<{ id: string }>().id;
}

/** ARS-84 has done and proved it, ARS-93 has refused, ARS-94 is late. */
beforeAll(async () => {
  api = await startApiDesk();
  const draft = { ...DRAFT, audience: { organisations: ['ARS-84', 'ARS-93', 'ARS-94'] } };
  id = (await api.as('corruss-redacteur').post<{ id: string }>('/v1/instructions', draft)).body.id;
  await api.as('corruss-valideur').post(`/v1/instructions/${id}/release`);
  await api.desk.settle(id);
  const reply = (account: AccountName, organisation: string, body: object) =>
    api.as(account).post(`/v1/instructions/${id}/recipients/${organisation}/replies`, body);
  await reply('ars-84', 'ARS-84', { kind: 'done', comment: 'Tous recensés', evidence: [await upload('ars-84')] });
  await reply('ars-93', 'ARS-93', { kind: 'refused', comment: 'Plus aucun lit' });
  await api.desk.advance(id, 5 * HOUR);
});
afterAll(() => api.close());

const exported = (account: AccountName) => api.as(account).get<Exported>(`/v1/instructions/${id}/export`);

/** The bytes of a PDF, by an account. */
async function pdfOf(account: AccountName, url: string) {
  const headers = { authorization: `Bearer ${await api.issuer.token(account)}` };
  const answer = await api.app.inject({ url, headers });
  return { status: answer.statusCode, type: answer.headers['content-type'], pdf: answer.rawPayload };
}

const pagesOf = (pdf: Buffer): number => pdf.toString('latin1').split('/Type /Page\n').length - 1;

test('the file as JSON has all that happened, the hash of each attachment, the audit’s end and its own digest', async () => {
  const { body, headers } = await exported('superviseur');
  expect(headers['content-disposition']).toMatch(/^attachment; filename="MINSANTE-N-\d{4}_\d+\.json"$/);
  const lyon = body.recipients.find(({ organisation }) => organisation === 'ARS-84')!;
  expect(lyon.replies).toMatchObject([{ kind: 'done', comment: 'Tous recensés', evidence: [body.files[0]!.id] }]);
  const sha256 = createHash('sha256').update(PROOF).digest('hex');
  expect(body.files).toMatchObject([{ name: 'état des lits.pdf', sha256, organisation: 'ARS-84' }]);
  expect(body.timeline[0]).toMatchObject({ kind: 'drafted' });
  expect(body.timeline.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['released', 'replied', 'deadlinePassed']),
  );
  const head = await api.desk.owner
    .selectFrom('audit_head')
    .selectAll()
    .where('subject', '=', `instruction/${id}`)
    .executeTakeFirstOrThrow();
  expect(body.audit).toEqual({ ...head, sealed: true });
  const { digest, ...rest } = body;
  expect(createHash('sha256').update(canonicalJson(rest)).digest('hex')).toBe(digest);
});

test('an ARS exports its own part and nothing of another; a stranger to the instruction gets 404', async () => {
  const { body } = await exported('ars-93');
  expect(body.recipients.map(({ organisation }) => organisation)).not.toContain('ARS-84');
  expect(body.recipients.map(({ organisation }) => organisation)).toContain('ARS-93');
  expect(body.files).toEqual([]);
  expect(JSON.stringify(body)).not.toContain('Tous recensés');
  expect((await exported('ars-11')).status).toBe(404);
  expect((await pdfOf('ars-11', `/v1/instructions/${id}/export.pdf`)).status).toBe(404);
  expect((await exported('admin')).status).toBe(403);
});

test('the file as PDF is a PDF, of the instruction and of a draft alike', async () => {
  const file = await pdfOf('superviseur', `/v1/instructions/${id}/export.pdf`);
  expect([file.status, file.type, file.pdf.subarray(0, 5).toString()]).toEqual([200, 'application/pdf', '%PDF-']);
  expect(pagesOf(file.pdf)).toBeGreaterThan(0);
  const draft = (await api.as('corruss-redacteur').post<{ id: string }>('/v1/instructions', DRAFT)).body.id;
  expect((await pdfOf('corruss-chef', `/v1/instructions/${draft}/export.pdf`)).status).toBe(200);
});

test('the situation is one page for the desk and the supervisor, of a quiet day and of the worst one', async () => {
  const answer = await pdfOf('corruss-chef', '/v1/situation.pdf');
  expect([answer.status, answer.type, pagesOf(answer.pdf)]).toEqual([200, 'application/pdf', 1]);
  expect((await pdfOf('superviseur', '/v1/situation.pdf')).status).toBe(200);
  expect((await pdfOf('ars-84', '/v1/situation.pdf')).status).toBe(403);
  const now = Date.UTC(2026, 10, 24, 13, 30);
  const quiet: Situation = {
    open: 0,
    followUps: 0,
    late: 0,
    unreachable: 0,
    tasks: 0,
    instructions: [],
    toCall: [],
    next: [],
  };
  expect(pagesOf(await print({ kind: 'situation', matter: { situation: quiet, now, by: 'corruss-chef' } }))).toBe(1);
  const worst = await print({ kind: 'situation', matter: { situation: worstDay(now), now, by: 'corruss-chef' } });
  expect(pagesOf(worst)).toBe(1);
});

function worstDay(now: number): Situation {
  const deadline = new Date(now - 3 * HOUR);
  const many = <T>(count: number, one: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => one(n));
  const number = (n: number) => `MINSANTE EXERCICE N°2026_${String(n + 100)}`;
  return {
    ...{ open: 42, followUps: 700, late: 310, unreachable: 55, tasks: 120 },
    instructions: many(ROWS.instructions, (n) => ({
      number: number(n),
      subject: 'Recensement exhaustif des capacités de réanimation adulte et pédiatrique, publiques et privées',
      exercise: n % 2 === 0,
      releasedAt: deadline,
      ...{ deadline, recipients: 18, open: 18, late: 17, unreachable: 12 },
    })),
    toCall: many(ROWS.toCall, (n) => ({
      organisation: 'ARS-93',
      name: 'ARS Provence-Alpes-Côte d’Azur et territoires associés de la zone de défense Sud',
      number: number(n),
      state: 'unreachable',
      ...{ late: true, percent: null, deadline, telephone: '+33639980093' },
    })),
    next: many(ROWS.next, (n) => ({ deadline: new Date(now + (n + 1) * 37 * MINUTE), number: number(n), open: 18 })),
  };
}
