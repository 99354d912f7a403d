// The one comment with the plan on a pull request: written once, then kept up to date.
import { type GitHub, once } from './api.ts';
import { byteLength, cutMarkdown } from './markdown.ts';
import type { RepositoryName } from './repository-name.ts';
import { troubleOf } from './trouble.ts';

export interface CommentReport {
  readonly repository: RepositoryName;
  /** Of the pull request. */
  readonly number: number;
  /** Tells our comment from those of other checks of the same repository. */
  readonly name: string;
  /** Markdown; what does not fit is cut, with the note. */
  readonly markdown: string;
  /** Says where the rest is. */
  readonly cutNote: string;
}

export interface Comment {
  readonly id: number;
  readonly url: string;
  readonly outcome: 'created' | 'updated' | 'unchanged';
}

/** GitHub says characters; bytes are never fewer. */
export const maxCommentBytes = 65_536;

/**
 * Write it, or bring it up to date. Comments of ours that are there twice become one.
 * @throws what `troubleOf` sorts
 */
export async function keepComment(github: GitHub, report: CommentReport): Promise<Comment> {
  const marker = markerOf(report.name);
  const body = `${marker}\n${cutMarkdown(report.markdown, maxCommentBytes - byteLength(`${marker}\n`), report.cutNote)}`;
  return github.persist(() => createOrUpdate(github, report, marker, body));
}

/** Not shown; it begins the comment, so that a quotation of ours is not taken for it. */
function markerOf(name: string): string {
  return `<!-- berth: the plan of ${name.replace(/[^\w .:/-]/g, '_').replace(/-(?=-)/g, '_')} -->`;
}

async function createOrUpdate(github: GitHub, report: CommentReport, marker: string, body: string): Promise<Comment> {
  const { repository, number: issue_number } = report;
  const [ours, ...twins] = await findOurs(github, report, marker);
  if (!ours) {
    const { data } = await github.api.issues.createComment({ ...repository, issue_number, body, ...once });
    return { id: data.id, url: data.html_url, outcome: 'created' };
  }
  for (const { id } of twins) await github.api.issues.deleteComment({ ...repository, comment_id: id, ...once });
  const { id, url } = ours;
  // GitHub gives line ends back as they came, but trims the text.
  if (ours.body.trim() === body.trim()) return { id, url, outcome: 'unchanged' };
  await github.api.issues.updateComment({ ...repository, comment_id: id, body });
  return { id, url, outcome: 'updated' };
}

interface FoundComment {
  readonly id: number;
  readonly url: string;
  readonly body: string;
}

/**
 * All that we wrote, oldest first. Who wrote a comment can change it: the marker alone would let anyone who may comment
 * have the plan written into a comment of theirs.
 */
async function findOurs(github: GitHub, report: CommentReport, marker: string): Promise<readonly FoundComment[]> {
  const { repository, number: issue_number } = report;
  const marked = [];
  const pages = github.paginate.iterator(github.api.issues.listComments, {
    ...repository,
    issue_number,
    per_page: 100,
  });
  for await (const { data } of pages) marked.push(...data.filter(({ body }) => body?.startsWith(marker)));
  if (marked.length === 0) return [];
  const login = await ownLogin(github);
  return marked
    .filter(({ user }) => (login === null ? user?.type === 'Bot' : user?.login === login))
    .map(({ id, html_url, body = '' }) => ({ id, url: html_url, body }));
}

/** The user whose token it is; null where it is an app's, as that of Actions, for which GitHub names no user. */
async function ownLogin(github: GitHub): Promise<string | null> {
  try {
    return (await github.api.users.getAuthenticated()).data.login;
  } catch (error) {
    if (troubleOf(error, Date.now()).kind === 'not-permitted') return null;
    throw error;
  }
}
