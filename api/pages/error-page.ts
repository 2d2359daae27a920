import { type Problem, PROBLEM_TITLES } from '../problem.ts';
import { html } from './html.ts';
import type { Page } from './layout.ts';

/** What a person sees instead of a problem in JSON. */
export function errorPage(problem: Problem): Page {
  const title = PROBLEM_TITLES[problem.status];
  const wait = problem.retryAfterSeconds;
  return {
    title,
    body: html`<h1>${title}</h1>
      <div class="notice error">
        <p>${problem.message}</p>
        ${problem.errors.map((error) => html`<p>${error.message}</p>`)}
        ${wait !== null && html`<p>Vous pouvez recommencer dans ${wait} seconde${wait > 1 ? 's' : ''}.</p>`}
      </div>`,
  };
}
