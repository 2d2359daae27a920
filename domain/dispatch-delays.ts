import { SECOND, type Millis } from './instant.ts';

/**
 * Deliveries put off (4xx, relay away) are tried again after these delays, then after the last of them: a greylisting passes
 * in a quarter of a minute, and a relay that comes back is noticed within a minute.
 */
export const DISPATCH_DELAYS: readonly Millis[] = [5 * SECOND, 15 * SECOND, 30 * SECOND, 60 * SECOND];
