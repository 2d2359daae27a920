import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { INSTRUCTION_STATUSES, NATURES } from '../../domain/instruction.ts';

/**
 * An instruction while the desk writes it. `version` is the draft's ETag: MikroORM checks and raises it at each flush.
 * Once released the row belongs to the process, which writes the columns that are not here (terms, seq, fingerprint).
 */
export const InstructionEntity = defineEntity({
  name: 'Instruction',
  tableName: 'instruction',
  properties: {
    id: p.uuid().primary(),
    status: p.enum(INSTRUCTION_STATUSES).columnType('text'),
    number: p.text().unique().nullable(),
    nature: p.enum(NATURES).columnType('text'),
    exercise: p.boolean().default(false),
    subject: p.text(),
    body: p.text(),
    draft: p.json<unknown>(),
    version: p.integer().version().default(1),
    createdBy: p.text(),
    createdAt: p.datetime(6),
    updatedAt: p.datetime(6),
    editors: () => p.oneToMany(InstructionEditorEntity).mappedBy('instruction').orphanRemoval(),
  },
});

/** Who wrote or changed the draft: none of them may release it. */
export const InstructionEditorEntity = defineEntity({
  name: 'InstructionEditor',
  tableName: 'instruction_editor',
  properties: {
    instruction: () => p.manyToOne(InstructionEntity).primary().fieldName('instruction_id').deleteRule('cascade'),
    sub: p.text().primary(),
  },
});

/** A file of a draft or of a reply; its content is read only when asked for. */
export const AttachmentEntity = defineEntity({
  name: 'Attachment',
  tableName: 'attachment',
  properties: {
    id: p.uuid().primary(),
    /** Null until a draft or a reply names it. */
    instruction: () => p.manyToOne(InstructionEntity).nullable().fieldName('instruction_id').deleteRule('cascade'),
    ownerOrganisation: p.text(),
    uploadedBy: p.text(),
    name: p.text(),
    mediaType: p.text(),
    size: p.integer(),
    sha256: p.text().fieldName('sha256'),
    content: p.blob().lazy(),
    createdAt: p.datetime(6),
  },
});

export type Instruction = InferEntity<typeof InstructionEntity>;
export type Attachment = InferEntity<typeof AttachmentEntity>;
