import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { CHANNELS } from '../../domain/instruction.ts';
import { CONTACT_KINDS } from '../schema.ts';

/** An organisation and its contacts, changed together under one version (`ContactVersionEntity`: the ETag of its contacts). */
export const OrganisationEntity = defineEntity({
  name: 'Organisation',
  tableName: 'organisation',
  properties: {
    id: p.text().primary(),
    kind: p.enum(['ars', 'national', 'site'] as const).columnType('text'),
    name: p.text(),
    regionCode: p.text().nullable(),
    departments: p.array().columnType('text[]').default([]),
    zone: p.text().nullable(),
    zoneLead: p.boolean().default(false),
    timeZone: p.text().default('Europe/Paris'),
    contacts: () => p.oneToMany(ContactEntity).mappedBy('organisation').orphanRemoval(),
  },
});

export const ContactEntity = defineEntity({
  name: 'Contact',
  tableName: 'contact',
  uniques: [{ properties: ['organisation', 'kind', 'channel', 'position'] }],
  properties: {
    id: p.uuid().primary(),
    organisation: () => p.manyToOne(OrganisationEntity).columnType('text').fieldName('organisation_id'),
    kind: p.enum(CONTACT_KINDS).columnType('text'),
    channel: p.enum(CHANNELS).columnType('text'),
    /** A mail address, or a number in E.164. */
    address: p.text(),
    name: p.text().default(''),
    /** The first of its kind and channel is the one written to. */
    position: p.integer().default(0),
    updatedAt: p.datetime(6),
  },
});

export const ContactVersionEntity = defineEntity({
  name: 'ContactVersion',
  tableName: 'contact_version',
  properties: {
    organisationId: p.text().primary(),
    version: p.integer().version().default(1),
  },
});

/** «Je ne suis pas la bonne personne»: a contact to correct. */
export const ContactReportEntity = defineEntity({
  name: 'ContactReport',
  tableName: 'contact_report',
  properties: {
    id: p.uuid().primary(),
    organisation: () => p.manyToOne(OrganisationEntity).columnType('text').fieldName('organisation_id'),
    instructionId: p.uuid().nullable(),
    deliveryId: p.uuid().nullable(),
    comment: p.text().default(''),
    nonce: p.text().unique(),
    reportedAt: p.datetime(6),
    closedAt: p.datetime(6).nullable(),
    closedBy: p.text().nullable(),
  },
});

export type Organisation = InferEntity<typeof OrganisationEntity>;
export type Contact = InferEntity<typeof ContactEntity>;
export type ContactReport = InferEntity<typeof ContactReportEntity>;
