// Git objects that tell how many commits were read: how far the judgement of a long history has come.
import type { Oid } from '../../source/commit.ts';
import type { GitObjects } from '../../source/objects.ts';
import { Progress } from '../terminal.ts';

/** Do some work on objects while a line on stderr tells how it gets on. @param shown false where a program reads */
export async function withCountedObjects<T>(
  objects: GitObjects,
  doing: string,
  shown: boolean,
  work: (objects: GitObjects) => Promise<T>,
): Promise<T> {
  const progress = new Progress({ shown });
  const seen = new Set<Oid>();
  try {
    progress.say(doing);
    return await work({
      has: (oid) => objects.has(oid),
      commit: (oid) => {
        seen.add(oid);
        if (seen.size % 500 === 0) progress.say(`${doing}: ${seen.size} commits`);
        return objects.commit(oid);
      },
      tree: (oid) => objects.tree(oid),
      blob: (oid) => objects.blob(oid),
    });
  } finally {
    progress.end();
  }
}
