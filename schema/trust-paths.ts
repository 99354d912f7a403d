// The patterns of trust/signers.yaml: a file, a folder that ends in `/`, or `**` for everything.

/** Whether a pattern covers a path: `**` covers all, a folder ending in `/` what is below it, anything else itself. */
export function covers(pattern: string, path: string): boolean {
  return pattern === '**' || pattern === path || (pattern.endsWith('/') && path.startsWith(pattern));
}

/** Why a text is no pattern, to be read after it; null when it is one. */
export function patternFault(pattern: string): string | null {
  if (pattern === '**') return null;
  if (/[*?[\]{}\\]/.test(pattern)) return 'a file, a folder ending in /, or ** for everything is expected';
  const parts = pattern.replace(/\/$/, '').split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..')) {
    return "it never covers a file: write it as seen from the site repo's top";
  }
  return null;
}
