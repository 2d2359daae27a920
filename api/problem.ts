import type { FieldError } from '../domain/field-error.ts';

/** What each status is called, in French (RFC 9457 `title`). */
export const PROBLEM_TITLES = {
  400: 'Demande illisible',
  401: 'Connexion nécessaire',
  403: 'Action non autorisée',
  404: 'Introuvable',
  409: 'État incompatible',
  412: 'Version dépassée',
  413: 'Contenu trop volumineux',
  415: 'Format non accepté',
  422: 'Contenu à corriger',
  429: 'Trop de demandes',
  500: 'Erreur interne',
  503: 'Service momentanément indisponible',
} as const;
export type ProblemStatus = keyof typeof PROBLEM_TITLES;

interface ProblemExtras {
  readonly errors?: readonly FieldError[];
  readonly retryAfterSeconds?: number;
}

/** A refusal for the caller: thrown by hooks and handlers, written as `application/problem+json` or, on pages, as HTML. */
export class Problem extends Error {
  readonly status: ProblemStatus;
  readonly code: string;
  readonly errors: readonly FieldError[];
  readonly retryAfterSeconds: number | null;

  constructor(status: ProblemStatus, code: string, detail: string, extras: ProblemExtras = {}) {
    super(detail);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.errors = extras.errors ?? [];
    this.retryAfterSeconds = extras.retryAfterSeconds ?? null;
  }
}

/** The same answer for «not there» and «outside what you may read»: existence is not told. */
export const notFound = (): Problem =>
  new Problem(404, 'not-found', 'Cette ressource n’existe pas ou n’est pas dans votre périmètre.');

export const invalid = (errors: readonly FieldError[]): Problem =>
  new Problem(422, 'invalid', 'Le contenu est à corriger : tous les champs en cause sont listés.', { errors });

export const staleVersion = (): Problem =>
  new Problem(412, 'stale', 'La version que vous avez lue n’est plus la dernière : relisez puis recommencez.');

/** Temporal or PostgreSQL away: nothing was half-done, the same request may be sent again. */
export const unavailable = (detail: string, retryAfterSeconds = 5): Problem =>
  new Problem(503, 'unavailable', detail, { retryAfterSeconds });
