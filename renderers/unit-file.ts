// The text of a systemd unit, as systemd.syntax(7) has it, while its templates are not filled in yet.

/** `key=value`, its continuation lines joined. */
export interface UnitSetting {
  readonly section: string;
  readonly key: string;
  /** Without white space around it; {@link filler} stands for what templates will fill in. */
  readonly value: string;
  /** Of the key, into the text. */
  readonly offset: number;
}

export interface UnitFault {
  readonly message: string;
  readonly hint: string;
  readonly offset: number;
}

export interface UnitText {
  readonly settings: readonly UnitSetting[];
  readonly sections: readonly { readonly name: string; readonly offset: number }[];
  readonly faults: readonly UnitFault[];
  /** Whether there are lines of which only a template says what they will be. */
  readonly open: boolean;
}

/** Stands for each character of a template: no unit has it. */
export const filler = '\ufffc';

/** One line, or several that are joined. */
interface Line {
  readonly text: string;
  /** Of its first character that is no white space. */
  readonly offset: number;
}

/** Read a unit or a drop-in. What systemd would pass over with a warning is a fault. */
export function readUnit(text: string): UnitText {
  const settings: UnitSetting[] = [];
  const sections: { name: string; offset: number }[] = [];
  const faults: UnitFault[] = [];
  let open = false;
  for (const { text: line, offset } of linesOf(maskTemplates(text))) {
    if (line.replaceAll(filler, '').trim() === '') {
      open ||= line !== '';
      continue;
    }
    if (line.startsWith('[')) {
      const name = /^\[([^\]]+)\]$/.exec(line)?.[1];
      if (name !== undefined) sections.push({ name, offset });
      else
        faults.push({ message: `${shown(line)} is no section header`, hint: 'write [Name], and nothing else', offset });
      continue;
    }
    const equals = line.indexOf('=');
    const section = sections.at(-1)?.name;
    if (equals <= 0) {
      const hint = 'systemd passes over a line that is no section header, key=value or comment';
      faults.push({ message: `${shown(line)} is not of the form key=value`, hint, offset });
    } else if (section === undefined) {
      const message = `${shown(line)} stands before the first section`;
      faults.push({ message, hint: 'begin with a section header such as [Unit]', offset });
    } else {
      const [key, value] = [line.slice(0, equals).trim(), line.slice(equals + 1).trim()];
      settings.push({ section, key, value, offset });
    }
  }
  return { settings, sections, faults, open };
}

/** The text with each template replaced by filler of its length, those that leave no line behind by blanks. */
function maskTemplates(text: string): string {
  let masked = '';
  let position = 0;
  for (;;) {
    const start = text.indexOf('{{', position);
    const close = start < 0 ? -1 : text.indexOf('}}', start);
    if (close < 0) return masked + text.slice(position);
    const tag = text.slice(start, close + 2);
    const [before, after] = [text.slice(position, start), text.slice(close + 2, close + 200)];
    const alone = /(^|\n)[ \t]*$/.test(before.slice(-200)) && /^[ \t\r]*(\n|$)/.test(after);
    const leavesNoLine = alone && /^\{\{\s*(each\s|end\s*\}\})/.test(tag);
    masked += before + (leavesNoLine ? ' ' : filler).repeat(tag.length);
    position = close + 2;
  }
}

/** Lines without white space around them and without comments; a line that ends with a backslash goes on. */
function* linesOf(text: string): Generator<Line> {
  let begun: { readonly parts: string[]; readonly offset: number } | null = null;
  let start = 0;
  for (const raw of text.split('\n')) {
    const line = raw.trimStart().replace(/\r$/, '');
    const offset = start + raw.length - raw.trimStart().length;
    start += raw.length + 1;
    if (line.startsWith('#') || line.startsWith(';')) continue;
    begun ??= { parts: [], offset };
    const goesOn = endsWithBackslash(line);
    begun.parts.push(goesOn ? line.slice(0, -1) : line);
    if (goesOn) continue;
    yield { text: begun.parts.join(' ').trim(), offset: begun.offset };
    begun = null;
  }
  if (begun) yield { text: begun.parts.join(' ').trim(), offset: begun.offset };
}

/** With one that stands for itself: white space behind it, or another one before it, makes it a plain character. */
function endsWithBackslash(line: string): boolean {
  let end = line.length;
  while (line.charAt(end - 1) === '\\') end--;
  return (line.length - end) % 2 === 1;
}

function shown(line: string): string {
  const text = line.replaceAll(new RegExp(`${filler}+`, 'g'), '{{ … }}');
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
