import { listForms } from '../../db/read-models/survey-forms.ts';
import { createForm, replaceFormDraft } from '../../db/stores/desk/survey-forms.ts';
import { formSight } from '../../domain/survey/access.ts';
import { checkAnswer, prefilled } from '../../domain/survey/check-answer.ts';
import type { Form } from '../../domain/survey/form.ts';
import { prepareForm } from '../../domain/survey/prepare.ts';
import { accountOf } from '../access/account.ts';
import { actOf, checkedForm, formOf, numberIn, ownerOf, refuseForm, shownForm, versionOf } from '../composing.ts';
import { ifMatch, setVersion } from '../plugins/etag.ts';
import { rowRequest } from '../plugins/lists.ts';
import { invalid } from '../problem.ts';
import type { RouteSet } from '../route-set.ts';
import { IdempotencyHeader, IdParams, IfMatch, PageOf, problems } from '../schemas/common.ts';
import {
  FormBody,
  FormFilters,
  FormItem,
  FormVersionView,
  FormView,
  TryBody,
  TryResult,
  VersionParams,
} from '../schemas/survey-forms.ts';

const tags = ['Questionnaires'];

const readingRoutes: RouteSet = (app, deps) => {
  app.get('/v1/survey-forms', {
    config: { permission: 'readForms', territory: 'none' },
    schema: {
      tags,
      summary: 'Survey forms, newest first',
      description:
        'The nation reads all; an agency its own and the national forms that are published. `model=true`: those shipped with Vigie.',
      querystring: FormFilters,
      response: { 200: PageOf(FormItem), ...problems(401, 403, 422) },
    },
    handler: async (request) => {
      const { limit: _limit, cursor: _cursor, ...filter } = request.query;
      return listForms(deps.database.sql, formSight(accountOf(request)), filter, rowRequest(request.query));
    },
  });

  app.get('/v1/survey-forms/:id', {
    config: { permission: 'readForms', territory: 'surveyForm' },
    schema: {
      tags,
      summary: 'One form, its versions, and the last of them',
      params: IdParams,
      response: { 200: FormView, ...problems(401, 403, 404) },
    },
    handler: async (request, reply) => {
      const found = await shownForm(deps, request, request.params.id);
      return setVersion(reply, found.version).send(found);
    },
  });

  app.get('/v1/survey-forms/:id/versions/:number', {
    config: { permission: 'readForms', territory: 'surveyForm' },
    schema: {
      tags,
      summary: 'One version of a form',
      params: VersionParams,
      response: { 200: FormVersionView, ...problems(401, 403, 404) },
    },
    handler: async (request, reply) => {
      const { id, number } = request.params;
      const found = await versionOf(deps, request, id, numberIn(number));
      return setVersion(reply, found.version).send({ id, ...found });
    },
  });
};

const tryRoute: RouteSet = (app, deps) => {
  app.post('/v1/survey-forms/:id/try', {
    config: { permission: 'readForms', territory: 'surveyForm' },
    schema: {
      tags,
      summary: 'Check an answer against a form, without storing anything',
      description: 'Every problem at once, the computed fields, and what an answer before would offer to take over.',
      params: IdParams,
      body: TryBody,
      response: { 200: TryResult, ...problems(400, 401, 403, 404, 413, 415, 422) },
    },
    handler: async (request) => {
      const { version = null, mode = 'submit', previous, ...answer } = request.body;
      const { number, form } = await versionOf(deps, request, request.params.id, version);
      const prepared = prepareForm(form);
      const checked = checkAnswer(prepared, answer, { mode, previous });
      const { problems: wrong, notices, ...read } = checked;
      const offered = prefilled(prepared, previous);
      return {
        number,
        accepted: wrong.length === 0,
        prefilled: offered,
        ...read,
        problems: [...wrong],
        notices: [...notices],
      };
    },
  });
};

const composingRoutes: RouteSet = (app, deps) => {
  app.post('/v1/survey-forms', {
    config: { permission: 'composeForms', territory: 'none', idempotent: true },
    attachValidation: true,
    schema: {
      tags,
      summary: 'Compose a form: its first version is a draft',
      description:
        'Of the nation for CORRUSS and the administrator, else of your agency. All wrong fields at once (422).',
      headers: IdempotencyHeader,
      body: FormBody,
      response: { 201: FormView, ...problems(400, 401, 403, 409, 413, 415, 422) },
    },
    handler: async (request, reply) => {
      const document = checkedForm(request, request.body);
      const made = await createForm(
        deps.database,
        deps.keys,
        { owner: ownerOf(request), document },
        actOf(deps, request),
      );
      const found = await shownForm(deps, request, refuseForm(made).id);
      return setVersion(reply, found.version).code(201).header('location', `/v1/survey-forms/${found.id}`).send(found);
    },
  });

  app.put('/v1/survey-forms/:id/versions/:number', {
    config: { permission: 'composeForms', territory: 'composeSurveyForm' },
    attachValidation: true,
    schema: {
      tags,
      summary: 'Replace the draft of a form',
      description:
        'With `If-Match`: 412 names what differs, and who changed it. A published version never changes (409).',
      params: VersionParams,
      headers: IfMatch,
      body: FormBody,
      response: { 200: FormVersionView, ...problems(400, 401, 403, 404, 409, 412, 413, 415, 422) },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const number = numberIn(request.params.number);
      const { code } = await formOf(deps, request, id);
      const document = keepsCode(checkedForm(request, request.body), code);
      const change = { id, number, version: ifMatch(request), document };
      refuseForm(await replaceFormDraft(deps.database, deps.keys, change, actOf(deps, request)), document);
      const found = await versionOf(deps, request, id, number);
      return setVersion(reply, found.version).send({ id, ...found });
    },
  });
};

/** Results and surveys name a form by its code. @throws Problem 422 */
function keepsCode(form: Form, code: string): Form {
  if (form.code === code) return form;
  const message = `Le code d’un questionnaire ne change pas (« ${code} ») : dupliquez-le sous un autre code.`;
  throw invalid([{ pointer: '/code', code: 'fixed', message }]);
}

/** Survey forms (questionnaires): read, tried, composed. */
export const surveyFormRoutes: readonly RouteSet[] = [readingRoutes, tryRoute, composingRoutes];
