/** `ARS-84`, `CORRUSS`, … */
export type OrganisationId = string;
