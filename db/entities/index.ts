import { AttachmentEntity, InstructionEditorEntity, InstructionEntity } from './instruction.ts';
import { ContactEntity, ContactReportEntity, ContactVersionEntity, OrganisationEntity } from './organisation.ts';
import { IdempotencyKeyEntity, SessionEntity } from './service.ts';

export * from './instruction.ts';
export * from './organisation.ts';
export * from './service.ts';

/** Every entity, listed: nothing is found by scanning folders. */
export const ENTITIES = [
  OrganisationEntity,
  ContactEntity,
  ContactVersionEntity,
  ContactReportEntity,
  InstructionEntity,
  InstructionEditorEntity,
  AttachmentEntity,
  IdempotencyKeyEntity,
  SessionEntity,
];
