// What a GitHub keeps of one repository: check runs, comments, statuses, deployments, and GitHub's limits on them.
// Answers are the description's own examples with our values in them.
import type { OpenApi } from './openapi.ts';

/** A request that has been checked against the description. */
export interface Checked {
  /** As `POST /repos/{owner}/{repo}/check-runs`. */
  readonly operation: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** The body; empty without one. */
  readonly body: Members;
}

type Members = Readonly<Record<string, unknown>>;

export interface Answer {
  readonly status: number;
  readonly value: unknown;
  /** Number of the next page. */
  readonly nextPage?: number;
}

/** GitHub does not do it. */
export class Declined extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export interface FakeCheckRun {
  readonly id: number;
  readonly name: string;
  readonly head_sha: string;
  readonly external_id: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly output: { readonly title: string; readonly summary: string; readonly text?: string };
  readonly annotations: readonly { readonly path: string; readonly start_line: number; readonly message: string }[];
}

export interface FakeComment {
  readonly id: number;
  readonly number: number;
  readonly body: string;
  readonly user: { readonly login: string; readonly type: 'User' | 'Bot' };
}

export interface FakeStatus {
  readonly id: number;
  readonly sha: string;
  readonly context: string;
  readonly state: string;
  readonly description: string;
}

export interface FakeDeployment {
  readonly id: number;
  readonly ref: string;
  readonly environment: string;
  readonly task: string;
  readonly states: readonly { readonly id: number; readonly state: string; readonly description: string }[];
}

/** As an app's token gets it that lacks a permission. */
export const notAccessible = { status: 403, message: 'Resource not accessible by integration' } as const;

/** Who writes with the token of a workflow. */
export const bot = { login: 'github-actions[bot]', type: 'Bot' } as const;

const maxOutputBytes = 65_535;
const maxCommentLength = 65_536;
const maxDescriptionLength = 140;

const emptyCheckRun: Omit<FakeCheckRun, 'id'> = {
  name: '',
  head_sha: '',
  external_id: '',
  status: 'queued',
  conclusion: null,
  output: { title: '', summary: '' },
  annotations: [],
};

export class FakeRepository {
  readonly checkRuns: FakeCheckRun[] = [];
  readonly comments: FakeComment[] = [];
  readonly statuses: FakeStatus[] = [];
  readonly deployments: FakeDeployment[] = [];
  /** Who the token belongs to; null for an app's, as in Actions. */
  login: string | null = null;
  #lastId = 1000;

  constructor(private readonly openApi: OpenApi) {}

  /** @throws {Declined} */
  answer({ operation, path, query, body }: Checked): Answer {
    const steps = path.split('/');
    const [beforeLast = '', last = ''] = steps.slice(-2);
    const repository = '/repos/{owner}/{repo}';
    switch (operation) {
      case 'GET /user':
        if (this.login === null) throw new Declined(notAccessible.status, notAccessible.message);
        return { status: 200, value: { ...this.openApi.example(operation, 200), login: this.login } };

      case `GET ${repository}/commits/{ref}/check-runs`:
        return this.#checkRuns(beforeLast, query.get('check_name'));
      case `POST ${repository}/check-runs`:
        return this.#putCheckRun({ ...emptyCheckRun, ...body, id: this.#id() }, body);
      case `PATCH ${repository}/check-runs/{check_run_id}`:
        return this.#putCheckRun({ ...found(this.checkRuns, last), ...body }, body);

      case `GET ${repository}/issues/{issue_number}/comments`: {
        const all = this.comments.filter(({ number }) => String(number) === beforeLast);
        return page(
          query,
          all.map((comment) => this.#shownComment(comment)),
        );
      }
      case `POST ${repository}/issues/{issue_number}/comments`: {
        const user = this.login === null ? bot : ({ login: this.login, type: 'User' } as const);
        return this.#putComment({ id: this.#id(), number: Number(beforeLast), body: commentBody(body), user }, 201);
      }
      case `PATCH ${repository}/issues/comments/{comment_id}`:
        return this.#putComment({ ...found(this.comments, last), body: commentBody(body) }, 200);
      case `DELETE ${repository}/issues/comments/{comment_id}`:
        this.comments.splice(this.comments.indexOf(found(this.comments, last)), 1);
        return { status: 204, value: undefined };

      case `GET ${repository}/commits/{ref}/statuses`:
        return page(query, this.statuses.filter(({ sha }) => sha === beforeLast).reverse());
      case `POST ${repository}/statuses/{sha}`: {
        const status = { id: this.#id(), ...body, sha: last, description: description(body) } as FakeStatus;
        this.statuses.push(status);
        return this.#made(operation, status);
      }

      case `GET ${repository}/deployments`:
        return page(query, this.#deployments(query).reverse());
      case `POST ${repository}/deployments`: {
        // Else GitHub asks that all checks of the commit have passed.
        if (JSON.stringify(body.required_contexts) !== '[]') throw new Declined(409, 'Conflict: checks failed');
        const deployment = { id: this.#id(), ...body, states: [] as const } as unknown as FakeDeployment;
        this.deployments.push(deployment);
        return this.#made(operation, { ...deployment, description: description(body) });
      }
      case `GET ${repository}/deployments/{deployment_id}/statuses`:
        return page(query, [...found(this.deployments, beforeLast).states].reverse());
      case `POST ${repository}/deployments/{deployment_id}/statuses`: {
        const deployment = found(this.deployments, beforeLast);
        const state = { id: this.#id(), state: String(body.state), description: description(body) };
        replace(this.deployments, { ...deployment, states: [...deployment.states, state] });
        return this.#made(operation, state);
      }
    }
    throw new Error(`the fake GitHub does not know ${operation}`);
  }

  #id(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  #made(operation: string, value: object): Answer {
    return { status: 201, value: { ...this.openApi.example(operation, 201), ...value } };
  }

  #checkRuns(ref: string, name: string | null): Answer {
    const runs = this.checkRuns.filter((run) => run.head_sha === ref && (name === null || run.name === name));
    return {
      status: 200,
      value: { total_count: runs.length, check_runs: runs.map((run) => this.#shownCheckRun(run)) },
    };
  }

  /** Annotations of a request are added to those that are there. */
  #putCheckRun(run: FakeCheckRun, body: Members): Answer {
    const isNew = !this.checkRuns.some(({ id }) => id === run.id);
    const { annotations = [], ...output } = (body.output ?? run.output) as FakeCheckRun['output'] & {
      readonly annotations?: FakeCheckRun['annotations'];
    };
    for (const [field, text] of Object.entries(output)) {
      if (field !== 'title' && Buffer.byteLength(text) > maxOutputBytes) {
        throw new Declined(422, `${field} exceeds a maximum bytesize of ${maxOutputBytes}`);
      }
    }
    const whole = { ...run, output, annotations: [...run.annotations, ...annotations] };
    replace(this.checkRuns, whole);
    return { status: isNew ? 201 : 200, value: this.#shownCheckRun(whole) };
  }

  #shownCheckRun({ annotations, ...run }: FakeCheckRun): object {
    const example = this.openApi.example('POST /repos/{owner}/{repo}/check-runs', 201);
    const output = { ...run.output, annotations_count: annotations.length };
    return { ...example, ...run, output, html_url: `http://github.test/acme/site/runs/${run.id}` };
  }

  #putComment(comment: FakeComment, status: number): Answer {
    replace(this.comments, comment);
    return { status, value: this.#shownComment(comment) };
  }

  #shownComment({ id, body, user, number }: FakeComment): object {
    const example = this.openApi.example('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', 201);
    const html_url = `http://github.test/acme/site/pull/${number}#issuecomment-${id}`;
    return { ...example, id, body, html_url, user: { ...(example.user as object), ...user } };
  }

  #deployments(query: URLSearchParams): FakeDeployment[] {
    const asked = (name: string, value: string) => query.get(name) === null || query.get(name) === value;
    return this.deployments.filter(
      ({ ref, environment, task }) => asked('sha', ref) && asked('environment', environment) && asked('task', task),
    );
  }
}

function found<T extends { readonly id: number }>(list: readonly T[], id: string): T {
  const item = list.find((candidate) => String(candidate.id) === id);
  if (!item) throw new Declined(404, 'Not Found');
  return item;
}

function replace<T extends { readonly id: number }>(list: T[], item: T): void {
  const index = list.findIndex(({ id }) => id === item.id);
  list.splice(index < 0 ? list.length : index, 1, item);
}

function page(query: URLSearchParams, all: readonly unknown[]): Answer {
  const size = Number(query.get('per_page') ?? 30);
  const number = Number(query.get('page') ?? 1);
  const value = all.slice((number - 1) * size, number * size);
  return { status: 200, value, ...(number * size < all.length ? { nextPage: number + 1 } : {}) };
}

function commentBody(body: Members): string {
  const text = String(body.body);
  if ([...text].length > maxCommentLength) throw new Declined(422, 'Body is too long (maximum is 65536 characters)');
  return text.trim();
}

function description({ description: text = '' }: Members): string {
  if ([...String(text)].length > maxDescriptionLength) throw new Declined(422, 'description is too long');
  if (/[\u{10000}-\u{10ffff}]/u.test(String(text))) {
    throw new Declined(422, "description doesn't accept 4-byte Unicode");
  }
  return String(text);
}
