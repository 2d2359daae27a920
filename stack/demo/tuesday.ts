import { bachOf, fieldsOf } from './bach.ts';
import type { DeskClient } from './desk-client.ts';
import { alertBox, DESK_BOX } from './orders.ts';
import {
  PLACES,
  type Respondent,
  respondentsOf,
  showSurveyMail,
  sitesOf,
  submitByLink,
  surveyLinkOf,
  type SurveyStage,
  surveyWhere,
  taken,
} from './survey.ts';
import type { Teller } from './tell.ts';

const INTENSIVE = { installed: 20, occupied: 18, available: 2 };
const PARIS = { timeZone: 'Europe/Paris' } as const;

/** The series as it is every Tuesday; fast time comes later, when its closing is brought forward. */
const SERIES = {
  formCode: 'BACH',
  audience: { sites: { territories: Object.values(PLACES) } },
  recurrence: { days: ['tuesday'], at: '08:00' },
  onHoliday: 'nextWorkingDay',
  closesAt: { after: 'PT10H' },
  remindBefore: ['PT58S'],
  validateUntil: { after: 'PT4H' },
  acceptUntil: { after: 'P1D' },
  // Played again within the week, it asks the same establishments the same questions.
  loadReason: 'Démonstration.',
};

/** Written, then opened once by hand. */
export async function openTuesday(desk: DeskClient, tell: Teller): Promise<SurveyStage> {
  tell.chapter('Une enquête qui s’ouvre d’elle-même chaque mardi');
  const chief = desk.api('corruss-chef');
  const title = `BACH – semaine {semaine} (démonstration de ${new Date().toLocaleTimeString('fr-FR', PARIS)})`;
  const series = await taken<{ id: string; nextOpenings: { opensAt: string }[] }>(
    'la série',
    chief.post('/v1/survey-series', { ...SERIES, title }),
  );
  tell.say('corruss-chef demande BACH aux établissements de trois régions, chaque mardi à 8 h, heure de Paris.');
  const next = new Date(series.nextOpenings[0]?.opensAt ?? Number.NaN);
  const words = next.toLocaleString('fr-FR', { ...PARIS, dateStyle: 'full', timeStyle: 'short' });
  tell.say(`Prochaine ouverture : ${words} ; d’un jour férié, elle passe au jour ouvré suivant.`);
  const opened = chief.post<{ survey: string }>(`/v1/survey-series/${series.id}/trigger`);
  const { survey: id } = await taken('l’ouverture à la main', opened);
  await taken('la fin', chief.post(`/v1/survey-series/${series.id}/end`, { reason: 'Démonstration.' }));
  tell.say('Sans attendre mardi il en ouvre une à la main, puis termine la série : l’enquête ouverte continue.');
  tell.link('le processus dans Temporal', desk.workflowLink(`survey/${id}`));
  const survey = await taken<{ title: string }>('l’enquête', chief.get(`/v1/surveys/${id}`));
  return { desk, tell, id, title: survey.title, sites: await sitesOf(desk, id) };
}

/** Four doors: a link, an account, on behalf, and not concerned. */
export async function receive(stage: SurveyStage): Promise<void> {
  const { tell, sites } = stage;
  tell.chapter('Les établissements répondent, chacun par sa porte');
  const link = await linkTo(stage, sites.ain);
  tell.link('son questionnaire (l’ouvrir ne change rien)', link);
  await submitByLink(link, fieldsOf(bachOf({ installed: 90, occupied: 8, available: 7 }, INTENSIVE)));
  tell.say(`${nameOf(sites.ain)} répond par ce lien, sans compte : 8 lits de médecine occupés sur 90.`);
  const answers = bachOf({ installed: 120, occupied: 118, available: 12 }, INTENSIVE);
  const refused = await answer(stage, sites.paris, `site-${finessOf(sites.paris)}`, answers);
  if (refused.status !== 422) throw new Error(`une réponse qui se contredit a été prise (${refused.status})`);
  tell.say(`${nameOf(sites.paris)} répond par son compte, et se trompe : refus 422, « ${refused.said} »`);
  await answer(stage, sites.paris, `site-${finessOf(sites.paris)}`, bachOf(HUNDRED, INTENSIVE));
  tell.say('Sa réponse corrigée est prise.');
  await answer(stage, sites.hauteSavoie, 'ars-84', bachOf(HUNDRED, INTENSIVE));
  tell.say(`ARS-84 répond pour ${nameOf(sites.hauteSavoie)}, qu’elle a eu au téléphone.`);
  const other = await linkTo(stage, sites.valDOise);
  await submitByLink(other, { notConcerned: 'Établissement sans lits d’hospitalisation depuis septembre.' });
  tell.say(`${nameOf(sites.valDOise)} n’est pas concerné et dit pourquoi : il sort des taux.`);
}

const HUNDRED = { installed: 120, occupied: 102, available: 12 };

/** The closing is brought forward, so that its reminder is near. */
export async function remind(stage: SurveyStage): Promise<void> {
  const { desk, tell, id, sites } = stage;
  tell.chapter('Seuls ceux qui doivent une réponse sont relancés');
  await closeIn(stage, 64);
  tell.say('Le CORRUSS avance la clôture à dans une minute : la relance, qui la suit, part dans quelques secondes.');
  await showSurveyMail(stage, 'la relance d’un établissement de Corse', sites.corseDuSud.address, 'ENQUÊTE – RAPPEL');
  const list = await showSurveyMail(stage, 'la liste à l’ARS', alertBox('ARS-94'), 'ENQUÊTE – RAPPEL, LISTE');
  for (const { organisation } of [sites.corseDuSud, sites.hauteCorse])
    if (!list.text.includes(organisation)) throw new Error(`la liste ne nomme pas ${organisation} :\n${list.text}`);
  const mails = await desk.mails({ to: alertBox('ARS-94'), subject: stage.title });
  tell.say(
    `ARS-94 reçoit ${mails.length} courriel, avec la liste de ses 2 établissements en retard et leurs contacts.`,
  );
  const late = await respondentsOf(desk, id, 'late=true');
  tell.say(`Qui doit encore une réponse : ${late.map(nameOf).sort().join(' ; ')}.`);
}

/** Given back, corrected, validated. */
export async function review(stage: SurveyStage): Promise<void> {
  const { desk, tell, id, sites } = stage;
  tell.chapter('L’ARS valide, ou renvoie avec un motif');
  const reason = '8 lits de médecine occupés sur 90 : un chiffre manque sans doute.';
  const path = `/v1/surveys/${id}/answers/${sites.ain.organisation}`;
  await taken('le renvoi', desk.api('ars-84').post(`${path}/return`, { reason }));
  tell.say(`ARS-84 renvoie la réponse de ${nameOf(sites.ain)} : « ${reason} »`);
  await answer(stage, sites.corseDuSud, 'ars-94', bachOf(HUNDRED, INTENSIVE));
  tell.say(`Pendant ce temps ARS-94 répond pour ${nameOf(sites.corseDuSud)}.`);
  const mail = await showSurveyMail(stage, 'le courriel du renvoi', sites.ain.address, 'ENQUÊTE – RÉPONSE À REVOIR');
  const beds = { installed: 90, occupied: 80, available: 7 };
  await submitByLink(surveyLinkOf(mail), fieldsOf(bachOf(beds, INTENSIVE)));
  tell.say('L’établissement corrige par son lien : 80 lits occupés. Les deux versions restent, avec qui et quand.');
  for (const ars of ['ars-84', 'ars-11']) {
    const asked = desk.api(ars).post<{ validated: number }>(`/v1/surveys/${id}/validate`, { sound: true });
    const { validated } = await taken('la validation', asked);
    tell.say(`${ars.toUpperCase()} valide ${validated} réponse(s) d’un geste : complètes, sans signalement.`);
  }
}

/** By its calendar; the agency where answers are missing is named. */
export async function close(stage: SurveyStage): Promise<void> {
  const { tell, sites } = stage;
  tell.chapter('La clôture : une ARS est en retard, et nommée');
  await closeIn(stage, 3);
  await surveyWhere(stage, 'closed');
  tell.say('L’enquête se clôt d’elle-même, à son heure.');
  const mail = await showSurveyMail(stage, 'le bilan au CORRUSS', DESK_BOX, 'ENQUÊTE – CLOSE');
  if (!mail.text.includes('Corse')) throw new Error(`le bilan ne nomme pas la Corse :\n${mail.text}`);
  tell.say(
    `Il dit où des réponses manquent : en Corse, celle de ${nameOf(sites.hauteCorse)}. ARS-94 n’a ni relancé, ni validé.`,
  );
}

/** Accepted where validated; five levels, two states. */
export async function consolidate(stage: SurveyStage): Promise<void> {
  const { desk, tell, id } = stage;
  tell.chapter('Le niveau national accepte, et lit les chiffres');
  const chief = desk.api('corruss-chef');
  const territories = ['ARS-84', 'ARS-11'];
  const accepting = { territories, comment: 'La Corse reste à valider.' };
  await taken('l’acceptation', chief.post(`/v1/surveys/${id}/accept`, accepting));
  tell.say(`corruss-chef accepte ce qui est validé : ${territories.join(' et ')}. La Corse attend.`);
  for (const by of ['ars', 'zone', 'nation']) {
    const { items } = await taken<{ items: readonly Level[] }>(
      'les résultats',
      chief.get(`/v1/surveys/${id}/results?by=${by}`),
    );
    for (const item of items) tell.say(lineOf(item));
  }
  tell.link(
    'la page des chiffres : carte, tendance, fichiers (ouvrez une session)',
    `${desk.addresses.api}/enquetes/${id}`,
  );
}

interface Level {
  readonly territory: string;
  readonly expected: number;
  readonly received: number;
  readonly validated: number;
  readonly values: Readonly<Record<string, number | null>>;
}

const lineOf = ({ territory, expected, received, validated, values }: Level): string =>
  `${territory} : ${received} reçue(s) sur ${expected}, ${validated} validée(s) ; lits de réanimation occupés : ` +
  `${values['lits.reanimation.occupes'] ?? '–'}, taux d’occupation ${values['tauxOccupation']?.toLocaleString('fr-FR') ?? '–'} %.`;

const finessOf = ({ organisation }: Respondent): string => organisation.slice('SITE-'.length).toLowerCase();
const nameOf = ({ name, territory }: Respondent): string =>
  `${name.replace(' (établissement fictif)', '')} (${territory})`;

const linkTo = async (stage: SurveyStage, site: Respondent): Promise<string> =>
  surveyLinkOf(await showSurveyMail(stage, `l’invitation de ${nameOf(site)}`, site.address, 'ENQUÊTE'));

/** By the API; what it said when it refused. */
async function answer(
  { desk, id }: SurveyStage,
  { organisation }: Respondent,
  account: string,
  values: object,
): Promise<{ readonly status: number; readonly said: string }> {
  const path = `/v1/surveys/${id}/answers/${organisation}`;
  const { status, body } = await desk
    .api(account)
    .put<{ errors?: { message: string }[] }>(path, { values, submit: true });
  if (status !== 200 && status !== 422) throw new Error(`${account}: ${status} ${JSON.stringify(body)}`);
  return { status, said: body.errors?.[0]?.message ?? '' };
}

async function closeIn({ desk, id }: SurveyStage, seconds: number): Promise<void> {
  const closesAt = new Date(Date.now() + seconds * 1000).toISOString();
  await taken('la clôture', desk.api('corruss-chef').post(`/v1/surveys/${id}/extend`, { closesAt }));
}
