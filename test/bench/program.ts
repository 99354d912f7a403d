// A program under measurement: one of programs/, built as dist/ is, in a process of its own, so that its time and its
// memory are its own.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, stop } from 'esbuild';
import type { Answer, Call, Methods } from './calls.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const sources = fileURLToPath(new URL('programs', import.meta.url));

/** bin/build.mjs, which is plain JavaScript. */
interface BuildModule {
  bundleOptions(root: string, digest: string): BuildOptions;
  sourceDigest(root: string): string;
}

/** A program ended before it was told to, or a call to it failed. */
export class ProgramError extends Error {
  readonly code = 'PROGRAM';
}

export interface ProgramOptions {
  /** Folder with the built programs, see {@link buildPrograms}. */
  readonly builtFolder: string;
  /** Folder that each program leaves a CPU profile in (Node's --cpu-prof); null for none. */
  readonly profileFolder: string | null;
}

/** Build every program into a folder, with the packages of the checkout beside it. */
export async function buildPrograms(folder: string): Promise<void> {
  const { bundleOptions, sourceDigest } = (await import(`${root}bin/build.mjs`)) as BuildModule;
  const names = await readdir(sources);
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'dir');
  await build({
    ...bundleOptions(root, sourceDigest(root)),
    entryPoints: names.map((name) => path.join(sources, name)),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
  });
  await stop();
}

export class Program<M extends Methods> {
  readonly #name: string;
  readonly #child: ChildProcess;

  /** Start `programs/<name>.ts`; `M` is the type of its methods. It ends with this process, however that ends. */
  constructor(name: string, { builtFolder, profileFolder }: ProgramOptions) {
    this.#name = name;
    this.#child = fork(path.join(builtFolder, `${name}.mjs`), [], {
      cwd: root,
      execArgv: profileFolder === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
  }

  /**
   * Call a method; one at a time.
   * @throws {ProgramError} with what the method has thrown, or when the program ends first
   */
  async call<K extends keyof M & string>(method: K, argument: Parameters<M[K]>[0]): Promise<Awaited<ReturnType<M[K]>>> {
    const done = new AbortController();
    try {
      const { signal } = done;
      const answered = once(this.#child, 'message', { signal }).then(([answer]) => answer as Answer);
      const ended = once(this.#child, 'exit', { signal }).then(([code, killedBy]): Answer => {
        return { ok: false, error: `the program ended with ${killedBy ?? `code ${code}`}` };
      });
      const call: Call = { method, argument };
      this.#child.send(call);
      const answer = await Promise.race([answered, ended]);
      if (!answer.ok) throw new ProgramError(`${this.#name}.${method}: ${answer.error}`);
      return answer.result as Awaited<ReturnType<M[K]>>;
    } finally {
      done.abort();
    }
  }

  /** End the program, so that it still leaves its profile. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    if (this.#child.connected) this.#child.disconnect();
    await ended;
  }
}
