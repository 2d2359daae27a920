import type { FastifyInstance } from 'fastify';

/** JSON as usual; a route that declares `bodyOptional` takes an empty body, or none, as `{}`. */
export function useJsonBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const empty = body === '' && request.routeOptions.config.bodyOptional === true;
    if (empty) done(null, {});
    else void parse(request, String(body), done);
  });
  app.addHook('preValidation', (request, _reply, done) => {
    if (request.routeOptions.config.bodyOptional === true) request.body ??= {};
    done();
  });
}
