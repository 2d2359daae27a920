import { accountOf } from '../access/account.ts';
import { publicationPage } from '../pages/publication-page.ts';
import { sendPage } from '../pages/send.ts';
import type { RouteSet } from '../route-set.ts';
import { IdParams } from '../schemas/common.ts';
import { DrawingQuery } from '../schemas/survey-publication.ts';
import { trendOf } from '../surveys/drawings.ts';
import { indicatorOf, publicationOf, refuseEarly } from '../surveys/publication.ts';

/** What a survey has found, for persons: rendered here, without script. */
export const publicationPageRoutes: RouteSet = (app, deps) => {
  app.get('/enquetes/:id', {
    config: { permission: 'readPublications', territory: 'survey', page: true },
    schema: { hide: true, params: IdParams, querystring: DrawingQuery },
    handler: async (request, reply) => {
      const { id } = request.params;
      const { question, as = 'corrected' } = request.query;
      const publication = await publicationOf(deps, request, id);
      refuseEarly(publication.survey, as);
      const { form, reader } = publication;
      const indicator = indicatorOf(form, question);
      const points = await trendOf(deps, reader, id, { indicator, as });
      return sendPage(reply, 200, publicationPage({ publication, indicator, as, points }, accountOf(request)));
    },
  });
};
