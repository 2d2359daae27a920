import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkForm } from '../../../domain/survey/check-form.ts';

test('whatever comes is answered: no input breaks the check', () => {
  const raw = fc.oneof(
    fc.anything(),
    fc.record({
      code: fc.anything(),
      title: fc.anything(),
      sections: fc.array(
        fc.oneof(
          fc.anything(),
          fc.record({
            code: fc.string(),
            title: fc.string(),
            questions: fc.array(
              fc.dictionary(
                fc.constantFrom('code', 'label', 'type', 'formula', 'rows', 'columns', 'choices', 'min'),
                fc.oneof(fc.anything(), fc.constantFrom('a', 'computed', 'table', 'integer', 'a + a')),
              ),
            ),
          }),
        ),
      ),
      rules: fc.anything(),
    }),
  );
  fc.assert(
    fc.property(raw, (some) => {
      const { form, problems } = checkForm(some);
      expect(form === null).toBe(problems.length > 0);
      for (const { message } of problems) expect(message.length).toBeGreaterThan(5);
    }),
    { numRuns: 300 },
  );
});
