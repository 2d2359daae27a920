import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { type ApiDesk, DRAFT, startApiDesk } from '../support/api-desk.ts';

let api: ApiDesk;
beforeAll(async () => {
  api = await startApiDesk();
});
afterAll(() => api.close());

const MOST_TRIES = 5;

interface Link {
  readonly path: string;
  readonly id: string;
  readonly organisation: string;
}

/** An instruction to some ARS, and the path of the link that each got by mail. */
async function released(changes: object = {}, organisations = ['ARS-84', 'ARS-01']): Promise<Link[]> {
  const { id, number } = await api.desk.release({ ...DRAFT, audience: { organisations }, ...changes });
  const boxes = await Promise.all(
    organisations.map(async (organisation) => {
      const { body } = await api
        .as('superviseur')
        .get<{ contacts: { kind: string; channel: string; address: string }[] }>(`/v1/organisations/${organisation}`);
      return body.contacts.find(({ kind, channel }) => kind === 'alertBox' && channel === 'mail')!.address;
    }),
  );
  const mails = await api.desk.sink.waitFor((mail) => mail.subject.includes(number), organisations.length);
  return organisations.map((organisation, index) => {
    const mail = mails.find((one) => one.to === boxes[index])!;
    const path = /http:\/\/vigie\.example(\/r\/[\w-]+)/.exec(mail.text)![1]!;
    return { path, id, organisation };
  });
}

const open = (path: string) => api.app.inject(path);
const nonceOf = (page: string): string => /name="nonce" value="([0-9a-f-]{36})"/.exec(page)![1]!;
const textOf = (page: string): string =>
  page
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

async function post(path: string, fields: Record<string, string>) {
  const ask = () =>
    api.app.inject({
      method: 'POST',
      url: path,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams(fields).toString(),
    });
  let response = await ask();
  for (let tries = 1; tries < MOST_TRIES && response.statusCode === 503; tries += 1) response = await ask();
  return response;
}

const submit = async (path: string, fields: Record<string, string>) =>
  post(path, { nonce: nonceOf((await open(path)).body), ...fields });
const replies = async ({ id, organisation }: Link): Promise<object[]> =>
  (await api.as('superviseur').get<{ replies: object[] }>(`/v1/instructions/${id}/recipients/${organisation}`)).body
    .replies;

test('opening every link, as mail scanners do, changes nothing', async () => {
  const links = await released();
  const before = await api.desk.timeline(links[0]!.id);
  for (const { path } of links) {
    for (const intention of ['', '?intention=done', '?intention=refused&x=1']) {
      expect((await open(`${path}${intention}`)).statusCode).toBe(200);
      expect((await api.app.inject({ method: 'HEAD', url: `${path}${intention}` })).statusCode).toBe(200);
    }
  }
  expect(await api.desk.timeline(links[0]!.id)).toEqual(before);
});

test('the page is French, needs no script, is kept by no cache and tells its address to nobody', async () => {
  const [link] = await released({ exercise: true, subject: 'Plan <blanc> & "lits"' });
  const page = await open(`${link!.path}?intention=done`);
  expect(page.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
  expect(page.headers['content-security-policy']).toMatch(
    /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'$/,
  );
  const style = /<style>(.*?)<\/style>/s.exec(page.body)![1]!;
  const hash = createHash('sha256').update(style).digest('base64');
  expect(page.headers['content-security-policy']).toContain(`style-src 'sha256-${hash}'`);
  expect(page.body).toContain('<html lang="fr">');
  expect(page.body).not.toMatch(/<script|https?:\/\//);
  expect(page.body).toContain('Plan &lt;blanc&gt; &amp; &quot;lits&quot;');
  expect(textOf(page.body)).toContain('EXERCICE');
  expect(page.body).toMatch(/value="done" checked/);
});

test('the same link takes progress twice, then done, and shows what was recorded', async () => {
  const [link] = await released();
  expect((await submit(link!.path, { kind: 'progress', percent: '20' })).statusCode).toBe(200);
  const more = await submit(link!.path, { kind: 'progress', percent: '60', comment: 'Ligne 1\r\nLigne 2' });
  expect(textOf(more.body)).toMatch(/Votre réponse est enregistrée.*corriger.*en cours \(60 %\)/);
  const done = await submit(link!.path, { kind: 'done', percent: '60' });
  expect([done.statusCode, textOf(done.body)]).toEqual([200, expect.stringContaining('réalisé')]);
  expect(await replies(link!)).toMatchObject([
    { kind: 'progress', percent: 20, channel: 'link', verified: true },
    { kind: 'progress', percent: 60, comment: 'Ligne 1\nLigne 2' },
    { kind: 'done', percent: null },
  ]);
});

test('the same form sent again shows what was recorded and changes nothing', async () => {
  const [link] = await released();
  const fields = { nonce: nonceOf((await open(link!.path)).body), kind: 'takenInCharge' };
  expect((await post(link!.path, fields)).statusCode).toBe(200);
  const before = await api.desk.timeline(link!.id);
  const again = await post(link!.path, fields);
  expect([again.statusCode, textOf(again.body)]).toEqual([200, expect.stringContaining('déjà enregistrée')]);
  expect(await api.desk.timeline(link!.id)).toEqual(before);
});

test('a form to correct comes back filled in, with a word beside each wrong field', async () => {
  const [link] = await released();
  const page = await submit(link!.path, { kind: 'progress', percent: '100', comment: 'Déjà écrit' });
  expect(page.statusCode).toBe(422);
  expect(page.body).toMatch(/id="percent-error">[^<]+1 à 99/);
  expect(page.body).toContain('>Déjà écrit</textarea>');
  expect(page.body).toMatch(/value="progress" checked/);
  expect((await submit(link!.path, { kind: 'refused' })).body).toContain('id="comment-error"');
  expect((await submit(link!.path, {})).body).toContain('id="kind-error"');
  expect(await replies(link!)).toEqual([]);
});

test('a deferral is read in the recipient’s own time zone', async () => {
  const [, guadeloupe] = await released();
  const inFiveHours = new Date(Date.now() + 5 * 3_600_000);
  // America/Guadeloupe is four hours behind UTC all the year.
  const local = new Date(inFiveHours.getTime() - 4 * 3_600_000).toISOString().slice(0, 16);
  const page = await submit(guadeloupe!.path, { kind: 'deferred', until: local, comment: 'Cyclone' });
  expect([page.statusCode, textOf(page.body)]).toEqual([200, expect.stringContaining('heure de la Guadeloupe')]);
  const { body } = await api
    .as('superviseur')
    .get<{ deadline: string }>(`/v1/instructions/${guadeloupe!.id}/recipients/ARS-01`);
  expect(body.deadline.slice(0, 16)).toBe(inFiveHours.toISOString().slice(0, 16));
});

test('a closed recipient’s page says so; a mistaken «réalisé» may be taken back', async () => {
  const [one, other] = await released();
  const late = nonceOf((await open(one!.path)).body);
  await submit(one!.path, { kind: 'refused', comment: 'Aucun moyen' });
  expect(textOf((await open(one!.path)).body)).toMatch(/est clos \(refusé\)/);
  const refused = await post(one!.path, { nonce: late, kind: 'done' });
  expect([refused.statusCode, textOf(refused.body)]).toEqual([409, expect.stringContaining('n’a pas été enregistrée')]);
  await submit(other!.path, { kind: 'done' });
  const back = await open(other!.path);
  expect(textOf(back.body)).toContain('« Réalisé » a été indiqué par erreur');
  expect((await post(other!.path, { nonce: nonceOf(back.body), kind: 'progress', percent: '90' })).statusCode).toBe(
    200,
  );
});

test('«je ne suis pas la bonne personne» becomes one contact to correct, and the follow-up stays', async () => {
  const [link] = await released();
  const fields = {
    nonce: nonceOf((await open(link!.path)).body),
    action: 'wrongPerson',
    comment: 'Écrire à astreinte@ars.example',
  };
  expect((await post(link!.path, fields)).statusCode).toBe(200);
  expect((await post(link!.path, fields)).statusCode).toBe(200);
  const tasks = async () => {
    const { body } = await api
      .as('corruss-chef')
      .get<{ items: { id: string; instruction: string; comment: string }[] }>('/v1/tasks?kind=contact&limit=500');
    return body.items.filter((task) => task.instruction === link!.id);
  };
  const [task, ...others] = await tasks();
  expect([task?.comment, others]).toEqual(['Écrire à astreinte@ars.example', []]);
  expect(await replies(link!)).toEqual([]);
  expect((await api.as('corruss-chef').post(`/v1/contact-reports/${task!.id}/close`)).status).toBe(204);
  expect(await tasks()).toEqual([]);
});

test('help is asked for by a button of the page: opening it changes nothing, its form sent twice asks once', async () => {
  const [link] = await released();
  const asked = async () =>
    (
      await api.as('corruss-chef').get<{ items: { instruction: string; urgency: string }[] }>('/v1/tasks?kind=support')
    ).body.items.filter(({ instruction }) => instruction === link!.id);
  const page = (await open(link!.path)).body;
  expect(textOf(page)).toContain('Demander de l’aide');
  expect(await asked()).toEqual([]);
  const fields = { nonce: nonceOf(page), action: 'support', reason: 'Un médecin de plus.', urgency: 'urgent' };
  const wrong = await post(link!.path, { ...fields, reason: '\u200b', phone: '02 62 00 00 00' });
  expect(wrong.statusCode).toBe(422);
  expect(wrong.body).toMatch(/<details\s+open/);
  expect(wrong.body).toMatch(/id="reason-error"[\s\S]*id="phone-error"/);
  expect(await asked()).toEqual([]);
  const right = { ...fields, nonce: nonceOf(wrong.body), phone: '04 91 55 50 01' };
  for (const _again of [1, 2]) expect((await post(link!.path, right)).statusCode).toBe(200);
  expect(await asked()).toMatchObject([{ urgency: 'urgent' }]);
  const [fact] = (await api.desk.timeline(link!.id)).filter(({ kind }) => kind === 'supportAsked');
  expect(fact).toMatchObject({
    organisation: link!.organisation,
    data: { reason: 'Un médecin de plus.', phone: '+33491555001', urgency: 'urgent' },
  });
  expect(await replies(link!)).toEqual([]);
  await submit(link!.path, { kind: 'done' });
  expect((await open(link!.path)).body).not.toContain('value="support"');
  const late = await submit(link!.path, { action: 'support', reason: 'Encore.' });
  expect([late.statusCode, textOf(late.body)]).toEqual([409, expect.stringContaining('Votre demande d’aide n’a pas')]);
}, 60_000);

test('an information is answered by «lu» only', async () => {
  const [link] = await released({ nature: 'information', deadline: undefined });
  const page = await open(link!.path);
  expect([...page.body.matchAll(/name="kind" value="(\w+)"( checked)?/g)].map(([, kind]) => kind)).toEqual(['read']);
  expect((await submit(link!.path, { kind: 'read' })).statusCode).toBe(200);
  expect(await replies(link!)).toMatchObject([{ kind: 'read' }]);
});

test('a link that nobody sent is a page of 404, and a form from elsewhere a page of 422', async () => {
  const page = await open('/r/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA');
  expect([page.statusCode, page.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
  const [link] = await released();
  expect((await post(link!.path, { kind: 'done' })).statusCode).toBe(422);
  expect(
    (await post(link!.path, { kind: 'done', nonce: nonceOf((await open(link!.path)).body), autre: '1' })).statusCode,
  ).toBe(422);
  expect(await replies(link!)).toEqual([]);
});
