import type { ErrorObject } from 'ajv/dist/2020.js';
import { VISIBLE } from '../../domain/text.ts';

type Params = Readonly<Record<string, unknown>>;

const TYPES: Readonly<Record<string, string>> = {
  string: 'un texte',
  integer: 'un nombre entier',
  number: 'un nombre',
  boolean: 'vrai ou faux',
  array: 'une liste',
  object: 'un objet',
  null: 'vide',
};

const FORMATS: Readonly<Record<string, string>> = {
  'date-time': 'une date et heure RFC 3339 avec décalage, par exemple 2026-11-24T14:30:00+01:00',
  uuid: 'un identifiant UUID',
  email: 'une adresse électronique',
  uri: 'une adresse web complète',
};

const text = (value: unknown): string => (Array.isArray(value) ? value.map(text).join(', ') : String(value));
const plural = (value: unknown, word: string): string => `${text(value)} ${word}${Number(value) > 1 ? 's' : ''}`;

const WORDS: Readonly<Record<string, (params: Params) => string>> = {
  required: () => 'Ce champ est obligatoire.',
  additionalProperties: () => 'Ce champ n’est pas connu.',
  type: ({ type }) =>
    `Attendu : ${[type]
      .flat()
      .map((one) => TYPES[text(one)] ?? text(one))
      .join(' ou ')}.`,
  enum: ({ allowedValues }) => `Valeurs possibles : ${text(allowedValues)}.`,
  const: ({ allowedValue }) => `Seule valeur possible : ${text(allowedValue)}.`,
  minLength: ({ limit }) => (limit === 1 ? 'Ne peut pas être vide.' : `Au moins ${plural(limit, 'caractère')}.`),
  maxLength: ({ limit }) => `Au plus ${plural(limit, 'caractère')}.`,
  minItems: ({ limit }) => (limit === 1 ? 'La liste ne peut pas être vide.' : `Au moins ${plural(limit, 'élément')}.`),
  maxItems: ({ limit }) => `Au plus ${plural(limit, 'élément')}.`,
  uniqueItems: () => 'La liste contient deux fois le même élément.',
  minimum: ({ limit }) => `Doit valoir au moins ${text(limit)}.`,
  maximum: ({ limit }) => `Doit valoir au plus ${text(limit)}.`,
  minProperties: () => 'Au moins un champ est attendu.',
  maxProperties: ({ limit }) => `Au plus ${plural(limit, 'champ')}.`,
  pattern: ({ pattern }) => (pattern === VISIBLE ? 'Ne peut pas être vide.' : 'La forme n’est pas celle attendue.'),
  format: ({ format }) => `Attendu : ${FORMATS[text(format)] ?? text(format)}.`,
  anyOf: () => 'Aucune des formes possibles ne convient.',
};

/** One sentence for a person, whatever keyword failed. */
export function inFrench(error: ErrorObject): string {
  return WORDS[error.keyword]?.(error.params) ?? 'Valeur non acceptée.';
}
