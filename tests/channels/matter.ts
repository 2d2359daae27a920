import { compileInstruction, type CompiledInstruction } from '../../channels/compose.ts';
import type { ComposeContext, DeliveryView, OrganisationView } from '../../channels/views.ts';
import type { FollowUp } from '../../domain/follow-up-state.ts';
import { HOUR, MINUTE } from '../../domain/instant.ts';
import type { Terms } from '../../domain/instruction.ts';
import type { InstructionMatter } from '../../domain/instruction-matter.ts';

/** mardi 24 novembre 2026 à 11 h 12 in Paris, 6 h 12 in Guadeloupe. */
export const NOW = Date.parse('2026-11-24T10:12:00Z');

export const GUADELOUPE: OrganisationView = { id: 'ARS-01', name: 'ARS Guadeloupe', timeZone: 'America/Guadeloupe' };
export const MARTINIQUE: OrganisationView = { id: 'ARS-02', name: 'ARS Martinique', timeZone: 'America/Martinique' };
export const RHONE: OrganisationView = { id: 'ARS-84', name: 'ARS Auvergne-Rhône-Alpes', timeZone: 'Europe/Paris' };
export const CORRUSS: OrganisationView = { id: 'CORRUSS', name: 'CORRUSS', timeZone: 'Europe/Paris' };

const TERMS: Terms = {
  nature: 'action',
  exercise: false,
  span: 2 * HOUR,
  deadline: null,
  acknowledgeWithin: 30 * MINUTE,
  acceptance: 'automatic',
  evidence: 'optional',
  takenInChargeExpires: null,
  deferralLimit: null,
  ladder: [],
};

export function instruction(more: Partial<InstructionMatter> = {}): CompiledInstruction {
  const exercise = more.exercise ?? false;
  const nature = more.nature ?? 'action';
  return compileInstruction({
    id: '01900000-0000-7000-8000-000000000001',
    number: exercise ? 'MINSANTE EXERCICE N°2026_001' : 'MINSANTE N°2026_001',
    nature,
    exercise,
    subject: 'Grand froid : recensement des lits',
    body: 'Merci de **recenser** les lits.',
    terms: { ...TERMS, nature, exercise, ...(nature === 'information' ? { span: null, acknowledgeWithin: null } : {}) },
    releasedAt: NOW,
    relayTo: [],
    attachments: [],
    ...more,
  });
}

export function followUp(more: Partial<FollowUp> = {}): FollowUp {
  return {
    organisation: 'ARS-01',
    state: 'sent',
    closed: false,
    percent: null,
    late: false,
    deadline: NOW + 48 * MINUTE,
    orderedDeadline: NOW + 48 * MINUTE,
    span: 2 * HOUR,
    sentAt: NOW - 72 * MINUTE,
    acknowledgedAt: null,
    acknowledgeAwaited: true,
    acknowledgeBy: null,
    returns: 0,
    round: 0,
    ladderFrom: NOW - 72 * MINUTE,
    ladderStep: 2,
    steps: [1, 2, 3, 4, 5, 6].map((number) => ({
      number,
      target: 'onCall',
      channel: 'mail',
      after: number * MINUTE,
      status: 'waiting',
      at: null,
    })),
    pausedUntil: null,
    hastenedAt: null,
    doneAt: null,
    acceptanceReminderAt: null,
    lastReply: null,
    ...more,
  };
}

export const TOKEN = 'TOKENTOKENTOKENTOKENTOKENTOKENTOKENTOKENTOK';
export const REPLY_LOCAL = 'abcdefghijklmnopqrstuvwxyz234567';
/** What mails to others than the recipient carry. */
export const NO_TOKENS = { linkToken: null, replyLocal: null };

export function delivery(more: Partial<DeliveryView> = {}): DeliveryView {
  return {
    id: 'd1',
    purpose: 'instruction',
    target: 'alertBox',
    channel: 'mail',
    step: 0,
    about: GUADELOUPE,
    addressee: GUADELOUPE,
    address: 'ars01-alerte@ars.vigie.example',
    addressName: 'ARS Guadeloupe – alerte',
    messageId: 'd1@reply.vigie.example',
    followUp: null,
    detail: {},
    linkToken: TOKEN,
    replyLocal: REPLY_LOCAL,
    ...more,
  };
}

export const CONTEXT: ComposeContext = {
  publicUrl: 'https://vigie.example/',
  mailFrom: 'corruss@vigie.example',
  mailReplyDomain: 'reply.vigie.example',
  now: NOW,
  outcomes: [],
};
