import { declaredInWords } from './declared.ts';

/** « ; déclaré hors Vigie : 1 204 relayés (liste régionale) ». */
export const declared = (value: unknown): string => {
  const words = typeof value === 'object' && value !== null ? declaredInWords(value) : '';
  return words === '' ? '' : ` ; déclaré hors Vigie : ${words}`;
};
