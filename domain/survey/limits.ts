/** Sizes of a form and of an answer: whatever comes, checking it stays short. */
export const LIMITS = {
  sections: 50,
  questions: 300,
  choices: 200,
  rows: 100,
  columns: 30,
  /** Of all tables together. */
  cells: 3_000,
  rules: 100,
  formula: 1_000,
  label: 300,
  help: 2_000,
  unit: 40,
  decimals: 6,
  text: 4_000,
  longestText: 20_000,
  comment: 4_000,
} as const;

/** 15 significant digits: every number of a form or an answer is the same in JSON, in JavaScript and in PostgreSQL. */
export const SIGNIFICANT_DIGITS = 15;
/** No field holds more, whatever its own limits. */
export const LARGEST = 999_999_999_999;
