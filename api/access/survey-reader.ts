import type { FastifyRequest } from 'fastify';
import type { SurveyReader } from '../../db/read-models/surveys.ts';
import { accountOf } from './account.ts';

/** Whose eyes read a survey: the scope of the account, and its own organisation. */
export const readerOf = (request: FastifyRequest): SurveyReader => ({
  scope: request.scope,
  org: accountOf(request).org,
});
