import type { Generated } from 'kysely';
import type { PartnerCategory } from '../domain/partner.ts';
import type { Nullable, SendingColumns } from './schema-columns.ts';

export interface PartnerTable {
  id: string;
  organisation_id: string;
  category: PartnerCategory;
  name: string;
  address: string;
  finess: Nullable<string>;
  department: Nullable<string>;
  phone: Nullable<string>;
  active: Generated<boolean>;
  updated_at: Date;
}

export interface RelayTable {
  id: string;
  instruction_id: string;
  organisation_id: string;
  note: Generated<string>;
  contact_name: string;
  contact_address: string;
  contact_phone: Nullable<string>;
  asked_by: string;
  asked_at: Date;
  ended_at: Nullable<Date>;
}

export interface RelayMailTable extends SendingColumns {
  relay_id: string;
  partner_id: string;
  round: number;
  current: Generated<boolean>;
  category: PartnerCategory;
  status: 'planned' | 'sending' | 'waiting' | 'sent' | 'failed';
}

export interface RelayAcknowledgementTable {
  relay_mail_id: string;
  nonce: string;
  at: Date;
}

export interface RelaySchema {
  partner: PartnerTable;
  relay: RelayTable;
  relay_mail: RelayMailTable;
  relay_acknowledgement: RelayAcknowledgementTable;
}
