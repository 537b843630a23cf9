// What axe finds on a page. The page's strict policy forbids foreign scripts; the debugger may evaluate nevertheless.
import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What fades in is half seen before. */
const SETTLED_AFTER_MS = 200;

/** Rule, place and reason of each. `rules`: only these; without, all. */
export async function violations(page: Page, rules: string[] = []): Promise<string[]> {
  await page.waitForTimeout(SETTLED_AFTER_MS);
  await page.evaluate(axe.source);
  const results = await page.evaluate(
    (runOnly) =>
      (window as unknown as { axe: typeof axe }).axe.run(document, runOnly.length > 0 ? { runOnly } : {}),
    rules,
  );
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, any }) => `${id}: ${target.join(' ')} ${any[0]?.message ?? ''}`),
  );
}
