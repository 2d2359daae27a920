/** Roles of the access token's `roles` claim. */
export const ROLES = ['author', 'releaser', 'head', 'ars', 'site', 'stock', 'helpline', 'supervisor', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** The roles that make somebody «CORRUSS» in a route: author, releaser or head of desk. */
export const DESK_ROLES: readonly Role[] = ['author', 'releaser', 'head'];

export const isRole = (text: string): text is Role => (ROLES as readonly string[]).includes(text);
