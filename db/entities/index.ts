import type { EntitySchema } from '@mikro-orm/core';

/** Every entity, listed: nothing is found by scanning folders. */
export const ENTITIES: EntitySchema[] = [];
