/** The same reading as `GET /v1/briefing`, for the mail of the morning. */
export { readBriefing as readMorningBriefing } from '../../read-models/briefing.ts';
