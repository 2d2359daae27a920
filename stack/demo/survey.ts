import { type Answer, awaited, type DeskClient, type Mail } from './desk-client.ts';
import { answerByLink } from './orders.ts';
import type { Teller } from './tell.ts';

/** The stage of one survey: who tells, which desk plays, which survey it is about. */
export interface SurveyStage {
  readonly desk: DeskClient;
  readonly tell: Teller;
  readonly id: string;
  readonly title: string;
  readonly sites: Sites;
}

/** Where the establishments of the story are: two of each of three agencies. */
export const PLACES = {
  ain: 'D01',
  hauteSavoie: 'D74',
  paris: 'D75',
  valDOise: 'D95',
  corseDuSud: 'D2A',
  hauteCorse: 'D2B',
} as const;
export type Sites = Readonly<Record<keyof typeof PLACES, Respondent>>;

export interface Respondent {
  /** `SITE-<FINESS>` */
  readonly organisation: string;
  readonly name: string;
  readonly address: string;
  readonly territory: string;
  readonly department: string;
  readonly late: boolean;
}

/** What came back, of a request that must not be refused. */
export async function taken<T>(what: string, asked: Promise<Answer<T>>): Promise<T> {
  const { status, body } = await asked;
  if (status >= 300) throw new Error(`${what}: ${status} ${JSON.stringify(body)}`);
  return body;
}

/** Waits until a survey is as the story wants it. */
export const surveyWhere = ({ desk, id }: SurveyStage, status: string): Promise<unknown> =>
  awaited(`l’enquête ${status}`, async () => {
    const { body } = await desk.api('corruss-chef').get<{ status: string }>(`/v1/surveys/${id}`);
    return body.status === status;
  });

type Listed = Omit<Respondent, 'address'> & { readonly address: string | null };

/** Those of whom an address is known. */
export async function respondentsOf(desk: DeskClient, survey: string, query: string): Promise<readonly Respondent[]> {
  const path = `/v1/surveys/${survey}/respondents?limit=500&${query}`;
  const { items } = await taken(path, desk.api('corruss-chef').get<{ items: readonly Listed[] }>(path));
  return items.flatMap(({ address, ...one }) => (address === null ? [] : [{ ...one, address }]));
}

/**
 * One invented establishment of each place.
 * @throws Error in French when one is not asked
 */
export async function sitesOf(desk: DeskClient, survey: string): Promise<Sites> {
  const respondents = await respondentsOf(desk, survey, '');
  const found = Object.entries(PLACES).map(([place, department]) => {
    const site = respondents.find((one) => one.department === department && one.address.endsWith('.example'));
    if (site === undefined) throw new Error(`le répertoire n’a plus d’établissement fictif (${department.slice(1)})`);
    return [place, site] as const;
  });
  return Object.fromEntries(found) as Sites;
}

/** Waits for a mail of this survey and shows where it lies. */
export async function showSurveyMail(
  { desk, tell, title }: SurveyStage,
  what: string,
  to: string,
  nature: string,
): Promise<Mail> {
  const mail = await awaited(`${what} (${to})`, async () =>
    (await desk.mails({ to, subject: title })).findLast(({ subject }) => subject.startsWith(nature)),
  );
  tell.link(`${what}, « ${mail.subject} »`, desk.mailLink(mail));
  return mail;
}

/** The personal link of a respondent. */
export function surveyLinkOf(mail: Mail): string {
  const link = /https?:\/\/\S+\/s\/[\w-]+/.exec(mail.text)?.[0];
  if (link === undefined) throw new Error(`no link to a questionnaire in «${mail.subject}»:\n${mail.text}`);
  return link;
}

/** Submits the questionnaire of a link as a browser without JavaScript does. */
export async function submitByLink(link: string, fields: Readonly<Record<string, string>>): Promise<void> {
  const { status, body } = await answerByLink(link, { ...fields, action: 'submit' });
  if (status !== 200 || !body.includes('Votre réponse est enregistrée'))
    throw new Error(`le questionnaire a répondu ${status} :\n${body}`);
}
