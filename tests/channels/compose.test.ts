import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { compose, type OutgoingMail } from '../../channels/compose.ts';
import { encodeMail } from '../../channels/mime.ts';
import { previewFirstMail } from '../../channels/preview.ts';
import type { ComposeContext, DeliveryView } from '../../channels/views.ts';
import { HOUR, MINUTE } from '../../domain/instant.ts';
import type { InstructionMatter } from '../../domain/instruction-matter.ts';
import {
  CONTEXT,
  CORRUSS,
  delivery,
  followUp,
  GUADELOUPE,
  instruction,
  MARTINIQUE,
  NO_TOKENS,
  NOW,
  RHONE,
  TOKEN,
} from './matter.ts';

function mailOf(
  message: Partial<InstructionMatter>,
  one: Partial<DeliveryView> = {},
  context: Partial<ComposeContext> = {},
): OutgoingMail {
  const outgoing = compose(instruction(message), delivery(one), { ...CONTEXT, ...context });
  if (outgoing.kind !== 'mail') throw new Error('this is no mail');
  return outgoing.mail;
}

test('the first mail of a «pour action» states number, nature, deadline in both zones and what is expected', () => {
  const { subject, text, html } = mailOf({});
  expect(subject).toBe('MINSANTE N°2026_001 – POUR ACTION – Grand froid : recensement des lits');
  expect(text).toContain('Nature : POUR ACTION');
  expect(text).toContain('mardi 24 novembre 2026 à 8 h 12 (heure de la Guadeloupe), soit 13 h 12 (heure de Paris)');
  expect(text).toContain('il reste 2 h');
  expect(text).toMatch(/attendu : prendre en charge l’action/);
  expect(text).toContain('Merci de recenser les lits.');
  expect(html).toContain('<html lang="fr">');
  expect(html).toContain('8\u00a0h\u00a012');
});

test('where the clocks agree, Paris time stands alone', () => {
  const { text } = mailOf({}, { about: RHONE, addressee: RHONE });
  expect(text).toContain('mardi 24 novembre 2026 à 13 h 12 (heure de Paris)');
  expect(text).not.toContain('soit');
});

test('the four answers of an action all lead to the one page of the link, with their intention', () => {
  const { html, text } = mailOf({});
  for (const intention of ['takenInCharge', 'progress', 'done', 'refused']) {
    const url = `https://vigie.example/r/${TOKEN}?intention=${intention}`;
    expect(html).toContain(`href="${url}"`);
    expect(text).toContain(url);
  }
});

test('an information asks for nothing but «J’ai lu»', () => {
  const { subject, text } = mailOf({ nature: 'information' });
  expect(subject).toContain('– POUR INFORMATION –');
  expect(text.match(/intention=\w+/g)).toEqual(['intention=read']);
  expect(text).toContain('J’ai lu');
  expect(text).not.toContain('Échéance');
});

test('an exercise is told by the subject, and at the top and the end of both parts', () => {
  const { subject, html, text } = mailOf({ exercise: true });
  expect(subject).toMatch(/^EXERCICE – MINSANTE EXERCICE N°2026_001 – POUR ACTION – /);
  expect(html.match(/ce message est un exercice/g)).toHaveLength(2);
  expect(text.trim()).toMatch(/^\*\*\* EXERCICE[^]*exercice \*\*\*$/);
  expect(mailOf({}).html).not.toContain('EXERCICE');
});

test('a reminder says which step it is, what remains, and that an answer stops the reminders', () => {
  const { subject, text } = mailOf({}, { purpose: 'ladder', target: 'onCall', step: 3, followUp: followUp() });
  expect(subject).toMatch(/^RELANCE 3 – MINSANTE N°2026_001 – POUR ACTION/);
  expect(text).toContain('Relance : 3 sur 6 – personne d’astreinte');
  expect(text).toContain('envoyée il y a 1 h 12 min : il reste 48 min');
  expect(text).toContain('arrête les relances');
  expect(text).toContain(`/r/${TOKEN}`);
  const late = mailOf(
    {},
    { purpose: 'ladder', target: 'director', step: 4, followUp: followUp({ late: true, deadline: NOW - 18 * MINUTE }) },
  );
  expect(late.text).toContain('en retard de 18 min');
});

test.each(['zoneArs', 'corrussHead'] as const)(
  'a mail to %s carries a reading link and never the reply link',
  (target) => {
    const addressee = target === 'zoneArs' ? MARTINIQUE : CORRUSS;
    const one = { purpose: 'ladder', target, step: 5, addressee, ...NO_TOKENS, followUp: followUp() } as const;
    const { text, html, replyTo, envelopeFrom } = mailOf({}, one);
    expect(text).toContain('https://vigie.example/instructions/01900000-0000-7000-8000-000000000001');
    expect(text + html).not.toContain('/r/');
    expect(replyTo).toBeNull();
    expect(envelopeFrom).toBe('corruss@vigie.example');
    expect(text.includes('conférence')).toBe(target === 'corrussHead');
  },
);

test('a return gives its reason, a moved deadline the old and the new one', () => {
  const reason = 'Il manque les lits de <pédiatrie>.';
  const returned = mailOf({}, { purpose: 'return', detail: { reason }, followUp: followUp() });
  expect(returned.subject).toMatch(/^RETOUR – /);
  expect(returned.text).toContain(`> ${reason}`);
  expect(returned.html).toContain('Il manque les lits de &lt;pédiatrie&gt;.');
  const moved = mailOf({}, { purpose: 'deadline', detail: { from: NOW + HOUR, deadline: NOW + 3 * HOUR } });
  expect(moved.text).toContain('Ancienne échéance : mardi 24 novembre 2026 à 7 h 12');
  expect(moved.text).toContain('Nouvelle échéance : mardi 24 novembre 2026 à 9 h 12');
});

test.each([
  ['refused', 'REFUS', 'Plus un lit.'],
  ['late', 'EN RETARD', 'est passée'],
  ['unreachable', 'INJOIGNABLE', 'reste ouvert'],
  ['acceptance', 'ACCORD ATTENDU', 'acceptation'],
] as const)('the desk is told of «%s»', (purpose, prefix, words) => {
  const one = { purpose, target: 'desk', addressee: CORRUSS, ...NO_TOKENS, followUp: followUp() } as const;
  const { subject, text } = mailOf({}, { ...one, detail: { comment: 'Plus un lit.' } });
  expect(subject.replaceAll('\u00a0', ' ')).toMatch(new RegExp(`^${prefix} : ARS Guadeloupe – MINSANTE`));
  expect(text).toContain(words);
});

test('the result counts what became of each recipient', () => {
  const outcomes = [GUADELOUPE, MARTINIQUE, RHONE].map((organisation, index) => ({
    organisation,
    followUp: followUp({ state: index === 1 ? 'refused' : 'done', late: index === 2 }),
  }));
  const one = { purpose: 'result', target: 'desk', about: CORRUSS, addressee: CORRUSS, ...NO_TOKENS } as const;
  const { text } = mailOf({}, one, { outcomes });
  expect(text).toContain('Réalisé : 2 sur 3');
  expect(text).toContain('Refusé\n- ARS Martinique');
  expect(text).toContain('Après l’échéance\n- ARS Auvergne-Rhône-Alpes');
});

test('the body shows no HTML of its author, no image, and only https, mailto and tel links', () => {
  const body =
    '<script>x()</script> ![pixel](https://evil.example/p.png) [a](javascript:x) [b](http://x.example) [c](https://ok.example) [d](tel:+33140000000)';
  const { html, text } = mailOf({ body });
  expect(html).not.toContain('<script>x');
  expect(html).not.toMatch(/<img|evil\.example|javascript:x"|href="http:/);
  expect(html).toContain('href="https://ok.example"');
  expect(html).toContain('href="tel:+33140000000"');
  expect(text).toContain('c (https://ok.example)');
});

test('no mail loads anything from outside', () => {
  for (const purpose of ['instruction', 'ladder', 'return', 'refused', 'result'] as const) {
    expect(mailOf({}, { purpose }).html).not.toMatch(/<(?:img|link|script|iframe|object)\b|url\(|@import|\bsrc=/i);
  }
});

test('attachments travel in the mail, or are listed as links behind the account when they are too large', async () => {
  const small = {
    id: 'a1',
    name: 'Plan d’été.pdf',
    mediaType: 'application/pdf',
    size: 3,
    content: Buffer.from('abc'),
  };
  const large = { ...small, id: 'a2', name: 'carte.pdf', size: 7_300_000, content: null };
  const mail = mailOf({ attachments: [small, large] });
  expect(mail.text).toContain('https://vigie.example/v1/attachments/a2');
  const { attachments } = await PostalMime.parse(await encodeMail(mail));
  expect(attachments.map(({ filename, mimeType }) => [filename, mimeType])).toEqual([
    ['Plan d’été.pdf', 'application/pdf'],
  ]);
  expect(Buffer.from(attachments[0]?.content as ArrayBuffer).toString()).toBe('abc');
});

test('an SMS holds the number, the deadline and the link, within three messages', () => {
  const one = delivery({ channel: 'sms', address: '+33612345678', purpose: 'ladder', step: 3, followUp: followUp() });
  const outgoing = compose(instruction({ subject: 'x'.repeat(300) }), one, CONTEXT);
  if (outgoing.kind !== 'sms') throw new Error('this is no SMS');
  expect(outgoing.sms.text).toContain(`https://vigie.example/r/${TOKEN}`);
  expect(outgoing.sms.text.length).toBeLessThan(459);
});

test('the preview shows the same mail without a real token', () => {
  const shown = previewFirstMail(instruction(), GUADELOUPE, { publicUrl: CONTEXT.publicUrl, now: NOW });
  const sent = mailOf({});
  expect(shown.subject).toBe(sent.subject);
  expect(shown.text).toBe(sent.text.replaceAll(TOKEN, 'apercu'));
});

test('whatever the words, an encoded mail has one recipient, one sender and one subject', async () => {
  const nasty = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.constantFrom(
      'x\r\nBcc: b@evil.example',
      'a@b.example, c@d.example',
      '=?utf-8?q?a=0D=0ABcc:_b@evil.example?=',
      '"x" <a@evil.example>',
      'é\u2028Cc: b@evil.example\n\n.\r\nMAIL FROM:<>',
    ),
  );
  await fc.assert(
    fc.asyncProperty(nasty, nasty, nasty, async (subject, addressName, body) => {
      const raw = await encodeMail(mailOf({ subject, body }, { addressName }));
      const head = raw.toString('latin1').split('\r\n\r\n')[0] ?? '';
      expect(head.split('\r\n').every((line) => line.length <= 998)).toBe(true);
      const mail = await PostalMime.parse(raw);
      const keys = mail.headers.map(({ key }) => key);
      expect(
        keys.filter((key) => ['to', 'cc', 'bcc', 'subject', 'from', 'reply-to', 'sender'].includes(key)).sort(),
      ).toEqual(['from', 'reply-to', 'subject', 'to']);
      expect(mail.to?.map(({ address }) => address)).toEqual(['ars01-alerte@ars.vigie.example']);
      expect(raw.toString('latin1')).not.toMatch(/\r(?!\n)|(?<!\r)\n|\0/);
    }),
    { numRuns: 60 },
  );
});
