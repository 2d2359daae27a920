import { Type } from 'typebox';
import { createForm, openFormVersion, publishForm } from '../../db/stores/desk/survey-forms.ts';
import { actOf, checkedForm, ownerOf, refuseForm, shownForm, versionOf } from '../composing.ts';
import { ifMatch, setVersion } from '../plugins/etag.ts';
import type { RouteSet } from '../route-set.ts';
import { IdempotencyHeader, IdParams, IfMatch, problems } from '../schemas/common.ts';
import { EmptyBody } from '../schemas/recipient.ts';
import { DuplicateBody, FormVersionView, FormView, VersionBody } from '../schemas/survey-forms.ts';

const tags = ['Questionnaires'];

const versionRoutes: RouteSet = (app, deps) => {
  app.post('/v1/survey-forms/:id/versions', {
    config: { permission: 'composeForms', territory: 'composeSurveyForm', idempotent: true, bodyOptional: true },
    schema: {
      tags,
      summary: 'Open a new version: a draft from a published one',
      params: IdParams,
      headers: IdempotencyHeader,
      body: VersionBody,
      response: { 201: FormVersionView, ...problems(400, 401, 403, 404, 409, 413, 415, 422) },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const base = { id, from: request.body.from ?? null };
      const { number } = refuseForm(await openFormVersion(deps.database, deps.keys, base, actOf(deps, request)));
      const found = await versionOf(deps, request, id, number);
      const location = `/v1/survey-forms/${id}/versions/${number}`;
      return setVersion(reply, found.version)
        .code(201)
        .header('location', location)
        .send({ id, ...found });
    },
  });

  app.post('/v1/survey-forms/:id/publish', {
    config: { permission: 'composeForms', territory: 'composeSurveyForm', idempotent: true, bodyOptional: true },
    schema: {
      tags,
      summary: 'Publish the draft of a form: from then on nothing changes it',
      description:
        'Refuses (422, pointers into the form) what is empty, and a rule that can never hold within the limits of its fields, with the values tried.',
      params: IdParams,
      headers: Type.Object({ ...IfMatch.properties, ...IdempotencyHeader.properties }),
      body: EmptyBody,
      response: { 200: FormVersionView, ...problems(400, 401, 403, 404, 409, 412, 413, 415, 422) },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const draft = { id, version: ifMatch(request) };
      const { number } = refuseForm(await publishForm(deps.database, deps.keys, draft, actOf(deps, request)));
      const found = await versionOf(deps, request, id, number);
      return setVersion(reply, found.version).send({ id, ...found });
    },
  });
};

const duplicateRoute: RouteSet = (app, deps) => {
  app.post('/v1/survey-forms/:id/duplicate', {
    config: { permission: 'composeForms', territory: 'surveyForm', idempotent: true },
    schema: {
      tags,
      summary: 'Copy a form that you may read: a draft of your own',
      params: IdParams,
      headers: IdempotencyHeader,
      body: DuplicateBody,
      response: { 201: FormView, ...problems(400, 401, 403, 404, 409, 413, 415, 422) },
    },
    handler: async (request, reply) => {
      const { code, title, version = null } = request.body;
      const { number, form } = await versionOf(deps, request, request.params.id, version);
      const document = checkedForm(request, { ...form, code, ...(title === undefined ? {} : { title }) });
      const copy = { owner: ownerOf(request), document, copyOf: `${request.params.id}/${number}` };
      const made = refuseForm(await createForm(deps.database, deps.keys, copy, actOf(deps, request)));
      const found = await shownForm(deps, request, made.id);
      return setVersion(reply, found.version).code(201).header('location', `/v1/survey-forms/${found.id}`).send(found);
    },
  });
};

/** New versions, publication and copies of survey forms. */
export const surveyFormVersionRoutes: readonly RouteSet[] = [versionRoutes, duplicateRoute];
