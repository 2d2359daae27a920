import { expect, test } from '@jest/globals';
import { csvCell } from '../../api/documents/csv-cells.ts';

test.each([
  ['=1+1', "'=1+1"],
  ['+33', "'+33"],
  ['-2', "'-2"],
  ['@SUM(A1)', "'@SUM(A1)"],
  [' =1', "' =1"],
  ['\t=1', "'\t=1"],
  ['＝1', "'＝1"],
  ['a;b', '"a;b"'],
  ['dit "oui"\n', '"dit ""oui""\n"'],
])('the text %j can never be a formula in a spreadsheet', (text, cell) => {
  expect(csvCell(text)).toBe(cell);
});

test('numbers of a CSV stay numbers, with their comma, and what is missing is empty', () => {
  expect([csvCell(-2.5), csvCell(0), csvCell(null)]).toEqual(['-2,5', '0', '']);
});
