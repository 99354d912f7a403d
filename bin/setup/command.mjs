// Runs the other programs that set-up calls.
import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

/**
 * Where a program is.
 * @param {string} name
 * @returns {string | undefined} its path, or undefined where PATH has no such program
 */
export function findProgram(name) {
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    const file = path.resolve(folder, name);
    try {
      accessSync(file, constants.X_OK);
      if (statSync(file).isFile()) return file;
    } catch {
      // Not there, or not ours to run.
    }
  }
  return undefined;
}

/**
 * Run a program to its end, without input, and keep what it prints.
 * @param {readonly string[]} command the program and its arguments
 * @param {{ folder?: string, env?: NodeJS.ProcessEnv }} [settings] where to run it; what to add to our environment
 * @returns {Promise<{ ok: boolean, output: string }>} not ok too when it could not be started
 */
export function run(command, { folder, env } = {}) {
  const [program, ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.on('error', (error) => resolve({ ok: false, output: error.message }));
    child.on('close', (status) => resolve({ ok: status === 0, output: Buffer.concat(chunks).toString('utf8') }));
  });
}

/**
 * An output for an error message: npm says what matters first, apt-get last.
 * @param {string} output
 */
export function excerpt(output) {
  const lines = output.trimEnd().split('\n');
  return (lines.length <= 24 ? lines : [...lines.slice(0, 12), '  …', ...lines.slice(-12)]).join('\n');
}
