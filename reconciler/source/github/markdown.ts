// Text for GitHub's comments and check runs, which take Markdown up to a length.

const encoder = new TextEncoder();

export function byteLength(text: string): number {
  return encoder.encode(text).length;
}

/** The longest beginning of a text that has no more bytes in UTF-8. */
export function cutBytes(text: string, maxBytes: number): string {
  if (text.length <= maxBytes && byteLength(text) <= maxBytes) return text;
  // A UTF-16 code unit takes a byte at least, so the rest is not worth encoding.
  const bytes = encoder.encode(text.slice(0, maxBytes));
  let end = Math.min(maxBytes, bytes.length);
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return new TextDecoder().decode(bytes.subarray(0, end));
}

/** Text as it stands, safe from being read as Markdown, HTML, mathematics, a link, a mention or a reference. */
export function markdownText(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_{}[\]()<>|~&!$]/g, '\\$&')
    .replace(/:(?=\/\/)|(?<=\bwww)\./gi, '\\$&')
    .replace(/[@#]/g, '$&\u200b');
}

/** The same where GitHub takes HTML, as between the tags of a summary: Markdown's escapes have no effect there. */
export function htmlText(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[@#]/g, '$&\u200b')
    .replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** Lines as they stand, in a fenced block whose fence is longer than any that they hold. */
export function fenced(text: string, language = 'text'): string {
  let longest = 2;
  for (const [run] of text.matchAll(/`{3,}/g)) longest = Math.max(longest, run.length);
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.replace(/\n$/, '')}\n${fence}`;
}

/** What is open after some lines of Markdown: a cut there has to close it. */
interface Open {
  /** The characters of the fence of a block. */
  readonly fence: string | null;
  /** How many `<details>`. */
  readonly details: number;
}

/**
 * Markdown that fits. What is cut is cut between two lines, and blocks that are open there are closed.
 * @param note says that it was cut, and where the rest is; it ends the text when there is need of it
 */
export function cutMarkdown(text: string, maxBytes: number, note: string): string {
  if (byteLength(text) <= maxBytes) return text;
  const room = maxBytes - byteLength(`\n\n${note}`);
  const kept: string[] = [];
  // No newline follows the last line.
  let keptBytes = -1;
  let open: Open = { fence: null, details: 0 };
  for (const line of text.split('\n')) {
    const next = openAfter(open, line);
    const bytes = keptBytes + byteLength(line) + 1;
    if (bytes + byteLength(closing(next)) > room) break;
    kept.push(line);
    keptBytes = bytes;
    open = next;
  }
  // A first line that is longer than all that fits.
  if (kept.length === 0) kept.push(cutBytes(text, Math.max(0, room)));
  return `${kept.join('\n')}${closing(open)}\n\n${note}`;
}

function openAfter(open: Open, line: string): Open {
  const [, fence = ''] = /^ {0,3}(`{3,}|~{3,})/.exec(line) ?? [];
  if (open.fence !== null) {
    const closes = fence.startsWith(open.fence) && line.trim() === fence;
    return closes ? { ...open, fence: null } : open;
  }
  if (fence !== '') return { ...open, fence };
  const opened = line.match(/<details\b/gi)?.length ?? 0;
  const closed = line.match(/<\/details>/gi)?.length ?? 0;
  return { ...open, details: Math.max(0, open.details + opened - closed) };
}

/** What closes it, after the newline that ends the last line. */
function closing({ fence, details }: Open): string {
  return `${fence === null ? '' : `\n${fence}`}${'\n\n</details>'.repeat(details)}`;
}
