// Attacks that never come as far as a judgement: what a Git host, or who stands between, makes of a pull.
import { execFileSync } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RepositoryOptions } from '../../../../../reconciler/source/repository.ts';
import type { RepositoryErrorCode } from '../../../../../reconciler/source/repository-error.ts';
import { gitEnvironment } from '../../../../git.ts';
import type { World } from './world.ts';

export interface PullAttack {
  readonly name: string;
  readonly code: RepositoryErrorCode;
  readonly why: string;
  readonly limits?: Partial<RepositoryOptions>;
  /** Where the repository is said to be, from the top of the host; where it is by default. */
  readonly path?: (world: World) => string;
  /** What becomes of the bare repository after it was pulled for the first time. */
  readonly prepare?: (world: World) => void;
  /** What becomes of an answer that holds a pack. */
  readonly change?: (answer: Buffer) => Buffer;
}

/** One more commit on the main branch, for which there is something to pull. */
function goOn(w: World): void {
  w.edit('racks/r2.yaml', w.bob);
  w.push();
}

/** Bytes from the middle of a pack. */
function inThePack(answer: Buffer): number {
  return answer.indexOf('PACK') + 60;
}

export const pullAttacks: readonly PullAttack[] = [
  {
    name: 'ten thousand refs',
    code: 'too-many-refs',
    why: 'every pull would be megabytes of names',
    prepare: (w) => {
      goOn(w);
      const head = w.head();
      const refs = Array.from({ length: 10_000 }, (_, number) => `${head} refs/tags/v${number + 10_000}\n`);
      writeFileSync(join(w.bare, 'packed-refs'), `# pack-refs with: peeled fully-peeled sorted \n${refs.join('')}`);
    },
  },
  {
    name: 'a pack that is cut off',
    code: 'corrupt',
    why: 'half of what was signed is not what was signed',
    prepare: goOn,
    change: (answer) => answer.subarray(0, inThePack(answer)),
  },
  {
    name: 'a pack that was changed on the way',
    code: 'corrupt',
    why: 'objects are what their names say, or are none',
    prepare: goOn,
    change: (answer) => {
      const changed = Buffer.from(answer);
      const at = inThePack(answer);
      changed[at] = (changed[at] ?? 0) ^ 0x40;
      return changed;
    },
  },
  {
    name: 'a pack over the limit',
    code: 'too-large',
    why: 'the disk of the boot server would be full',
    limits: { maxPackBytes: 64 << 10 },
    prepare: (w) => {
      const noise = execFileSync('head', ['-c', String(256 << 10), '/dev/urandom'], { maxBuffer: 1 << 20 });
      w.write('racks/noise', noise);
      w.commit('noise', w.bob);
      w.push();
    },
  },
  {
    name: 'a small pack with a large object in it',
    code: 'too-large',
    why: 'zeros that fit into a packet fill the memory',
    limits: { maxObjectBytes: 1 << 20 },
    prepare: (w) => {
      w.write('racks/zeros', Buffer.alloc(4 << 20));
      w.commit('zeros', w.bob);
      w.push();
    },
  },
  {
    name: 'a pack with too many objects',
    code: 'too-many-objects',
    why: 'each takes time and a place in an index',
    limits: { maxObjects: 10 },
    prepare: (w) => {
      for (let number = 0; number < 10; number++) w.edit(`racks/r${number}.yaml`, w.bob);
      w.push();
    },
  },
  {
    name: 'a shallow repository',
    code: 'shallow',
    why: 'what was cut off cannot be judged',
    prepare: (w) => {
      goOn(w);
      goOn(w);
      appendFileSync(join(w.bare, 'shallow'), `${w.head()}\n`);
    },
  },
  {
    name: 'a branch that is gone',
    code: 'no-branch',
    why: 'a renamed branch is no reason to take another one',
    prepare: (w) => {
      const env = gitEnvironment;
      execFileSync('git', ['branch', '-m', 'main', 'trunk'], { cwd: w.bare, env, stdio: 'ignore' });
    },
  },
  {
    name: 'a repository that is gone',
    code: 'no-repository',
    why: 'an empty answer is no empty site',
    path: (w) => `/${w.name}-moved.git`,
  },
];
