import type { ReadingDesk } from './api-desk.ts';
import type { AccountName } from './desk-accounts.ts';

export interface ImportReport {
  readonly dryRun: boolean;
  readonly sha256: string;
  readonly lines: number;
  readonly added: number;
  readonly changed: number;
  readonly reopened: number;
  readonly closed: number;
  readonly unchanged: number;
  readonly differences: readonly {
    readonly finess: string;
    readonly change: string;
    readonly fields: readonly { readonly field: string; readonly from: unknown; readonly to: unknown }[];
  }[];
  readonly moreDifferences: number;
  readonly errors: readonly { line: number; column: string; code: string; message: string; pointer: string }[];
  readonly notes: readonly { line: number; column: string; code: string; message: string }[];
}

export const HEADING = 'finess,name,category,status,departement,region,zone,postcode,city,lat,lon,tel';

/** Invented, in ranges that hold no real one, with their right keys. */
export const VALOMBRE =
  '019000017,CH DE VALOMBRE,Centre Hospitalier (C.H.),public,01,84,SUD_EST,01999,VALOMBRE,46.2,5.2,0474000001';
export const LYON = '699000014,CLINIQUE DU SONGE,Clinique,private,69,84,SUD_EST,69999,GRAND PRE,45.7,4.8,';
export const MARSEILLE =
  '139000012,CH BELLEFEUILLE,Centre Hospitalier (C.H.),public,13,93,SUD,13999,BELLEFEUILLE,,,0491000001';
export const AJACCIO = '2A9000015,CH ROCHE FICTIVE,Centre Hospitalier (C.H.),public,2A,94,SUD,20999,ROCHE,,,0495000001';
export const GUADELOUPE =
  '979100013,CLINIQUE CLAIRMONT,Clinique,,971,01,ANTILLES,97199,CLAIRMONT,16.2,-61.5,0590000001';
export const MAYOTTE =
  '979600012,CH FONTAINE,Centre Hospitalier (C.H.),public,976,06,SUD_OCEAN_INDIEN,97699,FONTAINE,-12.7,45.2,0269000001';
export const PARIS =
  '759000011,"CHR ""L’INVENTÉ"", SITE NORD",Centre Hospitalier Régional (C.H.R.),public,75,11,PARIS,75999,PARIS,,,';
export const ALL = [VALOMBRE, LYON, MARSEILLE, AJACCIO, GUADELOUPE, MAYOTTE, PARIS];

export const fileOf = (...lines: readonly string[]): string => [HEADING, ...lines].join('\n');

/** Sends a file as one account. */
export async function sendSites(
  api: Pick<ReadingDesk, 'app' | 'issuer'>,
  account: AccountName,
  csv: string | Buffer,
  query = '',
) {
  const answer = await api.app.inject({
    method: 'POST',
    url: `/v1/sites/import${query}`,
    headers: { authorization: `Bearer ${await api.issuer.token(account)}`, 'content-type': 'text/csv' },
    payload: csv,
  });
  return { status: answer.statusCode, body: answer.json<ImportReport>() };
}
