// Reading what is judged: where the history itself is at fault, that is a refusal and no accident.
import { ObjectFormatError, type Oid } from '../commit.ts';
import { GitObjectError, TreeFormatError } from '../objects.ts';
import { refuse } from './refusal.ts';

/**
 * Read something; what the history is to blame for refuses the commit that is being judged.
 * @throws {Refused}
 * @throws {GitObjectError} when the store is damaged
 */
export async function readable<T>(judged: Oid, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const hint = 'make the commit anew with git itself, and run git fsck where it came from';
    if (error instanceof ObjectFormatError) return refuse(judged, error.code, error.message, hint);
    if (error instanceof TreeFormatError) return refuse(judged, 'malformed-tree', error.message, hint);
    if (error instanceof GitObjectError && error.code === 'missing-object') {
      return refuse(judged, 'history-incomplete', error.message, 'the repository must hold its full history');
    }
    if (error instanceof GitObjectError && error.code === 'sha1-collision') {
      return refuse(
        judged,
        'sha1-collision',
        error.message,
        'find out who made the object: nothing makes one by chance',
      );
    }
    throw error;
  }
}
