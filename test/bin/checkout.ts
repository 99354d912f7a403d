// A small checkout to try set-up on: berth's own bin/, one source file, and programs that only write down their calls.
import { execFile } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The CLI of the checkout: it tells what it was called with. */
const cli = `
const { greeting } = await import('./greeting.ts');
console.log(greeting, ...process.argv.slice(2));
`;

/** As npm does: the packages, and last the list of them. */
const npm = `
/bin/mkdir -p node_modules/.bin
for package in esbuild tsx; do /bin/ln -sfn "${root}/node_modules/$package" node_modules/$package; done
/bin/cp package-lock.json node_modules/.package-lock.json
`;

export interface Ended {
  /** null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class Checkout {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'checkout-'));
  /** The only folder on PATH. */
  private readonly programs = path.join(this.folder, 'programs');
  private readonly calls = path.join(this.folder, 'calls');

  constructor() {
    cpSync(path.join(root, 'bin'), path.join(this.folder, 'bin'), { recursive: true });
    this.write('package.json', JSON.stringify({ name: 'berth', type: 'module', engines: { node: '>=20.10' } }));
    this.lock('1.0.0');
    this.write('reconciler/cli/cli.ts', cli);
    this.write('reconciler/cli/greeting.ts', "export const greeting = 'hello';\n");
    mkdirSync(this.programs);
    writeFileSync(this.calls, '');
    this.program('npm', npm);
  }

  write(file: string, text: string): void {
    mkdirSync(path.dirname(path.join(this.folder, file)), { recursive: true });
    writeFileSync(path.join(this.folder, file), text);
  }

  /** A lockfile that asks for this version of some package. */
  lock(version: string): void {
    const packages = {
      '': {},
      'node_modules/some': { version },
      'node_modules/some-for-windows': { version, optional: true },
    };
    this.write('package-lock.json', JSON.stringify({ lockfileVersion: 3, packages }));
  }

  /**
   * A program on PATH that writes down its call and then does what the script says. PATH is as narrow in it, so that
   * whatever it calls by a bare name is another of these and never the machine's own.
   */
  program(name: string, script = ''): void {
    const file = path.join(this.programs, name);
    writeFileSync(file, `#!/bin/sh -e\nPATH="${this.programs}"\necho "${name} $*" >>"${this.calls}"\n${script}\n`);
    chmodSync(file, 0o755);
  }

  /** A script that puts these programs on PATH, as the installing of a package does. */
  installs(...names: readonly string[]): string {
    return names.map((name) => `/bin/ln -sf /bin/true "${path.join(this.programs, name)}"`).join('\n');
  }

  /** All calls of the programs since the last time. */
  takeCalls(): readonly string[] {
    const lines = readFileSync(this.calls, 'utf8').split('\n').slice(0, -1);
    writeFileSync(this.calls, '');
    return lines;
  }

  /** `node bin/setup.mjs …` */
  setUp(
    args: readonly string[],
    settings: { readonly root?: boolean; readonly env?: NodeJS.ProcessEnv } = {},
  ): Promise<Ended> {
    const userId = settings.root === true ? 0 : 1000;
    const preload = `data:text/javascript,process.getuid=()=>${userId}`;
    return this.node(['--import', preload, 'bin/setup.mjs', ...args], settings.env);
  }

  /** Runs Node in the checkout, with none but its own programs. */
  node(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
    return new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        args,
        { cwd: this.folder, env: { PATH: this.programs, TMPDIR: os.tmpdir(), ...env } },
        (_, stdout, stderr) => resolve({ exitCode: child.exitCode, signal: child.signalCode, stdout, stderr }),
      );
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
