// Sites that are broken in one way each: what is changed in the example, and all that must be found.
import { readdirSync } from 'node:fs';
import type { Change } from '../example-site.ts';

export interface BrokenSite {
  readonly name: string;
  /**
   * What is changed in the example to make the site that is in force; empty for the example itself. Without it, the
   * broken site is looked at by itself.
   */
  readonly before?: readonly Change[];
  /** What is changed after that: in the example, or in the site that is in force. */
  readonly change: readonly Change[];
  /** Every finding as `rule file:line:column`, in the order in which they are printed. */
  readonly found: readonly string[];
  /** What the first message says. */
  readonly says: RegExp;
}

/** Every row of every file in rows/. */
export async function brokenSites(): Promise<readonly BrokenSite[]> {
  const folder = new URL('./rows/', import.meta.url);
  const names = readdirSync(folder).sort();
  const files = await Promise.all(
    names.map(async (name) => (await import(new URL(name, folder).href)) as { readonly rows: readonly BrokenSite[] }),
  );
  return files.flatMap(({ rows }) => rows);
}
