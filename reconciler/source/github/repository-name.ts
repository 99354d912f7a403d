// Which repository on which GitHub: from what Actions says, and from the URL that the site repo is pulled from.

export interface RepositoryName {
  readonly owner: string;
  readonly repo: string;
}

/** A repository, and where the REST API of its GitHub answers. */
export interface GitHubRepository {
  readonly apiUrl: string;
  readonly repository: RepositoryName;
}

/** `owner/name`; null for anything else. */
export function parseRepositoryName(text: string): RepositoryName | null {
  const [, owner, repo] = /^([A-Za-z\d](?:[A-Za-z\d_-]*[A-Za-z\d_])?)\/([A-Za-z\d._-]+)$/.exec(text) ?? [];
  if (owner === undefined || repo === undefined || repo === '.' || repo === '..') return null;
  return { owner, repo };
}

/**
 * The repository that a Git URL names, taking its host for a GitHub: github.com, one of a company at `<name>.ghe.com`,
 * or an Enterprise Server, whose API is under `/api/v3`.
 * @returns null when the URL is none of `https://host/owner/name(.git)`
 */
export function gitHubOfUrl(url: string): GitHubRepository | null {
  if (!URL.canParse(url)) return null;
  const { protocol, host, pathname } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:') return null;
  const repository = parseRepositoryName(
    pathname
      .slice(1)
      .replace(/\/$/, '')
      .replace(/\.git$/, ''),
  );
  return repository && { apiUrl: apiUrlOf(protocol, host), repository };
}

function apiUrlOf(protocol: string, host: string): string {
  if (host === 'github.com' || host === 'www.github.com') return 'https://api.github.com';
  if (host.endsWith('.ghe.com')) return `https://api.${host}`;
  return `${protocol}//${host}/api/v3`;
}
