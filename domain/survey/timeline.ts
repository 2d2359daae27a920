import { by, count, quoted, text, type Line } from '../timeline-telling.ts';

type FormKind = 'surveyFormCreated' | 'surveyFormChanged' | 'surveyFormVersionOpened' | 'surveyFormPublished';

/** What is told of survey forms. */
export const FORM_LINES: Readonly<Record<FormKind, Line>> = {
  surveyFormCreated: (telling) => {
    const copy = text(telling.data['copyOf']) === '' ? '' : ', copie d’un autre';
    return `questionnaire créé ${by(telling)}${copy}${quoted(telling.data['title'])}`;
  },
  surveyFormChanged: (telling) => {
    const { changed, number } = telling.data;
    const places = Array.isArray(changed) ? `, ${changed.length} endroit(s)` : '';
    return `questionnaire, version ${count(number)} modifiée ${by(telling)}${places}`;
  },
  surveyFormVersionOpened: (telling) =>
    `questionnaire, version ${count(telling.data['number'])} ouverte ${by(telling)} à partir de la version ${count(telling.data['from'])}`,
  surveyFormPublished: (telling) => `questionnaire, version ${count(telling.data['number'])} publiée ${by(telling)}`,
};
