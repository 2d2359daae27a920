import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { invalid, notFound, Problem, PROBLEM_TITLES, unavailable } from '../problem.ts';
import { isEngineUnavailable } from '../engine.ts';
import { errorPage } from '../pages/error-page.ts';
import { sendPage } from '../pages/send.ts';
import { FieldsRefused } from './validation.ts';
import { shownUrl } from './logging.ts';

/** Turns every failure into one problem: RFC 9457 JSON, or a page where a person reads. What is ours (5xx) stays in the log. */
export function useErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = problemOf(error);
    if (problem.status >= 500) request.log.error({ err: error }, 'request failed');
    return sendProblem(request, reply, problem);
  });
  app.setNotFoundHandler((request, reply) => sendProblem(request, reply, notFound()));
}

function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.retryAfterSeconds !== null) void reply.header('retry-after', String(problem.retryAfterSeconds));
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer realm="vigie"');
  if (request.routeOptions.config.page === true) {
    if (problem.status === 401) return reply.redirect(`/login?next=${encodeURIComponent(request.url)}`);
    return sendPage(reply, problem.status, errorPage(problem));
  }
  void reply.code(problem.status).type('application/problem+json; charset=utf-8').header('cache-control', 'no-store');
  return reply.serializer(JSON.stringify).send({
    type: `urn:vigie:problem:${problem.code}`,
    title: PROBLEM_TITLES[problem.status],
    status: problem.status,
    detail: problem.message,
    instance: shownUrl(request.url),
    errors: problem.errors,
  });
}

const BY_FASTIFY_CODE: Readonly<Record<string, () => Problem>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () => new Problem(413, 'too-large', 'Le contenu envoyé dépasse la taille permise.'),
  FST_REQ_FILE_TOO_LARGE: () => new Problem(413, 'too-large', 'Le fichier dépasse 10 Mo.'),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () =>
    new Problem(415, 'media-type', 'Ce type de contenu n’est pas accepté ici : envoyez du JSON (application/json).'),
  FST_INVALID_MULTIPART_CONTENT_TYPE: () =>
    new Problem(415, 'media-type', 'Un envoi de fichier se fait en multipart/form-data.'),
  FST_UNDER_PRESSURE: () => unavailable('Le service est surchargé : recommencez dans quelques secondes.', 10),
};

/** @returns what to tell the caller of any error thrown by a hook, a handler, Fastify or a driver */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof FieldsRefused) return invalid(error.errors);
  if (isEngineUnavailable(error)) return engineAway(error);
  if (isDatabaseAway(error)) return unavailable('La base de données ne répond pas : recommencez dans un instant.');
  const { code, statusCode } = error as { code?: string; statusCode?: number };
  const known = code === undefined ? undefined : BY_FASTIFY_CODE[code];
  if (known !== undefined) return known();
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new Problem(400, 'unreadable', 'La demande ne peut pas être lue : vérifiez que le JSON est bien formé.');
  }
  return new Problem(500, 'internal', 'Une erreur interne est survenue ; elle est consignée. Vous pouvez recommencer.');
}

function engineAway(error: { retryAfterSeconds: number; outcomeUnknown: boolean }): Problem {
  const detail = error.outcomeUnknown
    ? 'Le moteur n’a pas répondu à temps : issue inconnue, recommencez avec la même clé (Idempotency-Key).'
    : 'Le moteur ne répond pas : rien n’a été fait, recommencez dans un instant.';
  return unavailable(detail, error.retryAfterSeconds);
}

/** Connection exceptions and shutdowns (SQLSTATE classes 08 and 57P), and the sockets' own codes, through wrapping errors. */
function isDatabaseAway(error: unknown, depth = 0): boolean {
  if (!Error.isError(error) || depth > 4) return false;
  const { code } = error as { code?: unknown };
  if (typeof code === 'string' && /^(08...|57P0[123]|53300|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)$/.test(code)) {
    return true;
  }
  if (
    /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection/.test(
      error.message,
    )
  ) {
    return true;
  }
  const inner = 'errors' in error && Array.isArray(error.errors) ? (error.errors as unknown[]) : [];
  return [error.cause, ...inner].some((cause) => isDatabaseAway(cause, depth + 1));
}
