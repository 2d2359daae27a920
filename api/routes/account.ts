import { accountOf } from '../access/account.ts';
import type { RouteSet } from '../route-set.ts';
import { problems } from '../schemas/common.ts';
import { Me } from '../schemas/desk.ts';

/** Who I am. */
export const accountRoutes: RouteSet = (app) => {
  app.get('/v1/me', {
    config: { permission: 'account', territory: 'none' },
    schema: {
      tags: ['Compte'],
      summary: 'My account, my roles, my territory',
      response: { 200: Me, ...problems(401) },
    },
    handler: (request) => {
      const { sub, name, org, roles } = accountOf(request);
      const territory = request.scope === 'all' ? ('all' as const) : [...request.scope];
      return { sub, name, organisation: org, roles: [...roles], territory };
    },
  });
};
