// The patterns of trust/signers.yaml: a file, a folder that ends in `/`, or `**` for everything. In the names of files
// and folders, `*` stands for anything but a `/`, nothing included.

/** A pattern that was read once, to be asked about many paths. */
export interface PathPattern {
  /** As it stands in the document. */
  readonly text: string;
  /**
   * Whether it covers a file.
   * @param path as Git has it: names with a `/` between them, which hold any other character but NUL
   */
  covers(path: string): boolean;
}

/** Why a text is no pattern, to be read after it; null when it is one. */
export function patternFault(text: string): string | null {
  if (text === '**') return null;
  if (text.includes('**')) return '** stands alone, for everything; for all of a folder, end its name in /';
  if (/[?[\]{}\\]/.test(text)) return 'there are no wildcards but *, which stands for anything but a /';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a NUL would hide what stands behind it
  if (/[\u0000-\u001f\u007f]/.test(text)) return 'there are control characters in it';
  if (namesOf(text).some((name) => name === '' || name === '.' || name === '..')) {
    return "it never covers a file: write it as seen from the site repo's top";
  }
  return null;
}

/**
 * Read a pattern.
 * @throws {RangeError} for a text that {@link patternFault} finds fault with
 */
export function pathPattern(text: string): PathPattern {
  const fault = patternFault(text);
  if (fault !== null) throw new RangeError(`${JSON.stringify(text)} is no pattern: ${fault}`);
  if (text === '**') return { text, covers: () => true };
  const isFolder = text.endsWith('/');
  if (!text.includes('*')) {
    return { text, covers: isFolder ? (path) => isBelow(path, text) : (path) => path === text };
  }
  const names = namesOf(text).map(namePattern);
  return {
    text,
    covers(path) {
      const parts = path.split('/');
      if (isFolder ? parts.length <= names.length : parts.length !== names.length) return false;
      return names.every((matches, index) => matches(parts[index] ?? ''));
    },
  };
}

function isBelow(path: string, folder: string): boolean {
  return path.length > folder.length && path.startsWith(folder);
}

/** The names in a pattern, without the `/` at the end of a folder. */
function namesOf(text: string): string[] {
  return text.replace(/\/$/, '').split('/');
}

/** Matches a name, in time that grows with its length only: whoever writes paths may mean ill. */
function namePattern(text: string): (name: string) => boolean {
  const pieces = text.split('*');
  const [first = '', ...rest] = pieces;
  const last = rest.pop();
  if (last === undefined) return (name) => name === text;
  return (name) => {
    if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
    let at = first.length;
    const end = name.length - last.length;
    // The leftmost place of each piece leaves most room for those that follow.
    for (const piece of rest) {
      const found = name.indexOf(piece, at);
      if (found < 0 || found + piece.length > end) return false;
      at = found + piece.length;
    }
    return true;
  };
}
