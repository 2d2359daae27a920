import type { EntityKind, SiteStatus } from '../domain/site.ts';
import type { Nullable } from './schema-columns.ts';

interface SiteColumns {
  entity_kind: EntityKind;
  name: string;
  category: string;
  status: Nullable<SiteStatus>;
  department: string;
  ars_id: string;
  zone: string;
  postcode: string;
  city: string;
  latitude: Nullable<number>;
  longitude: Nullable<number>;
  phone: Nullable<string>;
  closed_at: Nullable<Date>;
  search: string;
}

interface SiteTable extends SiteColumns {
  id: string;
  finess: string;
  version: number;
}

interface SiteVersionTable extends SiteColumns {
  site_id: string;
  version: number;
  from_at: Date;
  to_at: Nullable<Date>;
  changed_by: string;
}

export interface SiteSchema {
  site: SiteTable;
  site_version: SiteVersionTable;
}
