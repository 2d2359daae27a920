/** How soon a request for support wants its call: what is urgent stands before all else among the tasks of the desk. */
export const SUPPORT_URGENCIES = ['normal', 'urgent'] as const;
export type SupportUrgency = (typeof SUPPORT_URGENCIES)[number];
