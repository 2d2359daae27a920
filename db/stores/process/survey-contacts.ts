import { sql } from 'kysely';
import type { Instant } from '../../../domain/instant.ts';
import type { SurveyAnswer } from '../../../domain/survey/survey-step.ts';
import type { Transaction } from '../../database.ts';
import { UNDELIVERED } from '../../survey-contact.ts';
import type { Addressee } from './mailings.ts';
import { WITH_ANSWER } from '../../survey-counts.ts';

/** A respondent whose address is another from now on. `owes`: and it still owes an answer. */
export interface Readdressed extends Addressee {
  readonly recipient: string;
  readonly owes: boolean;
}

/**
 * Organisations that have been given an alert entry point, another one, or the same again after a mail came back: their
 * respondents take it over, in one statement. Where none is left the address before stays: better a doubtful one than none.
 */
export async function takeOverContacts(
  trx: Transaction,
  survey: string,
  now: Instant,
): Promise<readonly Readdressed[]> {
  const { rows } = await sql<Readdressed>`
    with given as (
      select r.id, box.address, a.submitted is null as owes
      from survey_respondent r ${WITH_ANSWER}
      join lateral (
        select c.address, c.updated_at from contact c
        where c.organisation_id = r.organisation_id and c.kind = 'alertBox' and c.channel = 'mail'
        order by c.position limit 1
      ) box on true
      where r.survey_id = ${survey}::uuid and (box.address is distinct from r.address or (${UNDELIVERED} and not exists (
        select from mailing_mail failed where failed.recipient = r.id
          and (failed.bounced_at is not null or failed.status = 'failed')
          and coalesce(failed.bounced_at, failed.claimed_at, failed.planned_at) >= box.updated_at)))
    )
    update survey_respondent r set address = given.address, contact_at = ${new Date(now)}::timestamptz
    from given where r.id = given.id
    returning r.id as recipient, r.name, r.address, r.link_hash as "linkHash", given.owes`.execute(trx);
  return rows;
}

interface Readdressing {
  readonly respondent: string;
  readonly address: string;
  readonly now: Instant;
}

/** `before`: the address that it had; null: none. */
type Outcome =
  { readonly corrected: Readdressed | null; readonly before: string | null } | { readonly refusal: SurveyAnswer };
const refuse = (refusal: Omit<Extract<SurveyAnswer, { accepted: false }>, 'accepted'>): Outcome => ({
  refusal: { accepted: false, ...refusal },
});

/** Another address for a respondent of the author's own list. `corrected` null: it has that address, and mails reach it. */
export async function readdress(
  trx: Transaction,
  survey: string,
  { respondent, address, now }: Readdressing,
): Promise<Outcome> {
  const key = address.toLowerCase();
  const { rows } = await sql<{ organisation: string | null; before: string | null; same: boolean; taken: boolean }>`
    select r.organisation_id as organisation, r.address as before, r.address = ${address} and not ${UNDELIVERED} as same, exists (
      select from survey_respondent other where other.survey_id = r.survey_id and other.key = ${key} and other.id <> r.id
    ) as taken
    from survey_respondent r where r.survey_id = ${survey}::uuid and r.id::text = ${respondent}`.execute(trx);
  const [found] = rows;
  if (found === undefined) return refuse({ code: 'notFound', detail: 'Ce répondant n’est pas de cette enquête.' });
  if (found.organisation !== null) {
    const detail = `Le contact de ${found.organisation} se corrige dans l’annuaire (PUT /v1/organisations/${found.organisation}/contacts)\u00a0: son invitation repart alors aussitôt.`;
    return refuse({ code: 'ofRegister', detail });
  }
  if (found.taken) {
    const errors = [{ pointer: '/email', code: 'duplicate', message: 'Cette adresse est celle d’un autre répondant.' }];
    return refuse({ code: 'invalid', detail: 'Cette adresse ne convient pas.', errors });
  }
  const { before } = found;
  if (found.same) return { corrected: null, before };
  const written = await sql<Readdressed>`
    update survey_respondent r set key = ${key}, address = ${address}, contact_at = ${new Date(now)}::timestamptz
    where r.id = ${respondent}::uuid
    returning r.id as recipient, r.name, r.address, r.link_hash as "linkHash", not exists (
      select from survey_answer a where a.respondent_id = r.id and a.submitted is not null) as owes`.execute(trx);
  return { corrected: written.rows[0] ?? null, before };
}
