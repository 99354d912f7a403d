// The options of a line in OpenSSH's list of who may sign: `namespaces="git",valid-before="20270101Z"`.

export interface AllowedSignersOptions {
  /** Patterns of what the key signs; null for anything. */
  readonly namespaces: readonly string[] | null;
  /** Unix time from which on the key counts. */
  readonly validAfterSeconds: number | null;
  /** Unix time from which on the key counts no more: a second after the one in the file, in which it still does. */
  readonly validBeforeSeconds: number | null;
}

/** A line that cannot be read, or cannot be written. */
export class AllowedSignersError extends Error {
  readonly code = 'allowed-signers';
  override readonly name = 'AllowedSignersError';

  constructor(
    /** Where in the line, from 0. */
    readonly offset: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Read the options that begin at an offset of a line, up to the space behind them.
 * @param start null for a line that has none
 * @throws {AllowedSignersError}
 */
export function parseOptions(line: string, start: number | null): { options: AllowedSignersOptions; end: number } {
  const values = new Map<string, { readonly text: string; readonly offset: number }>();
  let at = start ?? 0;
  for (let more = start !== null && at < line.length; more; ) {
    const [whole, word = '', quoted] = /^([^ \t,="]*)(?:="((?:[^"\\]|\\"|\\(?!"))*)")?/.exec(line.slice(at)) ?? [''];
    const name = word.toLowerCase();
    const problem = values.has(name) ? `the option ${name} stands twice` : optionFault(name, quoted);
    if (problem !== null) throw new AllowedSignersError(at, problem);
    values.set(name, { text: (quoted ?? '').replaceAll('\\"', '"'), offset: at });
    at += whole.length;
    more = line[at] === ',';
    if (more) at++;
  }
  if (start !== null && at < line.length && !/[ \t]/.test(line[at] ?? '')) {
    throw new AllowedSignersError(at, 'a space or another option is expected here');
  }
  const seconds = (name: string): number | null => {
    const value = values.get(name);
    return value ? parseTime(value.text, value.offset) : null;
  };
  const validAfterSeconds = seconds('valid-after');
  const lastSecond = seconds('valid-before');
  if (validAfterSeconds !== null && lastSecond !== null && lastSecond <= validAfterSeconds) {
    throw new AllowedSignersError(start ?? 0, 'valid-before is not later than valid-after');
  }
  return {
    options: {
      namespaces: values.get('namespaces')?.text.split(',') ?? null,
      validAfterSeconds,
      validBeforeSeconds: lastSecond === null ? null : lastSecond + 1,
    },
    end: at,
  };
}

/** @param quoted what stands in quotes behind the name, if anything does */
function optionFault(name: string, quoted: string | undefined): string | null {
  switch (name) {
    case 'namespaces':
      if (quoted === undefined) return 'namespaces="…" is expected';
      return quoted.split(',').includes('') ? 'there is an empty name in the namespaces' : null;
    case 'valid-after':
    case 'valid-before':
      return quoted === undefined ? `${name}="20260101Z" is expected` : null;
    case 'cert-authority':
      return 'certificates are not supported: list the keys of those whom it certifies';
    default:
      return `${JSON.stringify(name)} is no option that is known here, nor the type of a key`;
  }
}

/** Unix time of `20260102Z`, `202601020304Z` or `20260102030405Z`. */
function parseTime(text: string, offset: number): number {
  const [, year, month, day, hour = '00', minute = '00', second = '00', zone] =
    /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?([Zz]?)$/.exec(text) ?? [];
  const instant = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const milliseconds = Date.parse(instant);
  if (!(milliseconds > 0) || new Date(milliseconds).toISOString() !== instant) {
    throw new AllowedSignersError(offset, `${JSON.stringify(text)} is no time: write 20260101Z or 20260101123000Z`);
  }
  if (zone === '') {
    throw new AllowedSignersError(offset, `${text} means another moment in each time zone: write ${text}Z, in UTC`);
  }
  return milliseconds / 1000;
}
