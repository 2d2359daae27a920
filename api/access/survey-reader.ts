import type { FastifyRequest } from 'fastify';
import { type SurveyReader, surveyReader } from '../../domain/survey/access.ts';
import { accountOf } from './account.ts';

/** Whose eyes read a survey: the scope of the account, and its own organisation. */
export const readerOf = (request: FastifyRequest): SurveyReader => surveyReader(accountOf(request), request.scope);
