// What keeps the systemd units of an Ignition config from doing what they say. A machine finds out at boot, in a log that
// nobody reads before it is missed.
import type { Diagnostic, Place } from '../schema/diagnostic.ts';
import { suggest } from '../schema/suggest.ts';
import { filler, readUnit, type UnitSetting, type UnitText } from './unit-file.ts';

/** As an Ignition source has it. */
export interface Unit {
  readonly name: string;
  readonly enabled?: boolean;
  readonly mask?: boolean;
  readonly contents?: string;
  readonly dropins?: readonly { readonly name: string; readonly contents: string }[];
}

/** The place of a character of the text at a pointer (RFC 6901) into the config. */
export type PlaceAt = (pointer: string, offset: number) => Place;

/** A setting, and the text that it stands in. */
interface PlacedSetting extends UnitSetting {
  readonly pointer: string;
}

/** A setting of which a unit needs one: its section, a test for its key, and what to call it. */
interface Need {
  readonly section: string;
  readonly key: RegExp;
  readonly what: string;
}

/** By kind of unit; systemd refuses to load one that lacks what it needs. Services are more involved. */
const needs: Readonly<Record<string, readonly Need[]>> = {
  timer: [{ section: 'Timer', key: /^On[A-Z]/, what: 'OnCalendar=, OnBootSec= or the like' }],
  socket: [{ section: 'Socket', key: /^Listen/, what: 'ListenStream=, ListenDatagram= or the like' }],
  path: [{ section: 'Path', key: /^(Path[A-Z]|DirectoryNotEmpty$)/, what: 'PathExists=, PathChanged= or the like' }],
  mount: [
    { section: 'Mount', key: /^What$/, what: 'What=' },
    { section: 'Mount', key: /^Where$/, what: 'Where=' },
  ],
  automount: [{ section: 'Automount', key: /^Where$/, what: 'Where=' }],
  swap: [{ section: 'Swap', key: /^What$/, what: 'What=' }],
};

/** Kinds of unit that have a section of their own, named as they are. */
const ownSection = new Set(['service', 'socket', 'mount', 'automount', 'swap', 'timer', 'path', 'slice', 'scope']);

/** @param units those of a config, none of their templates filled in */
export function checkUnits(units: readonly Unit[], placeAt: PlaceAt): readonly Diagnostic[] {
  return units.flatMap((unit, index) => new UnitCheck(unit, `/systemd/units/${index}`, placeAt).run());
}

/** The programs that the units run, by absolute path: of those that templates have no part in. */
export function* programsOf(units: readonly Unit[]): Generator<{ path: string; pointer: string; offset: number }> {
  for (const [index, unit] of units.entries()) {
    for (const { pointer, text } of textsOf(unit, `/systemd/units/${index}`)) {
      for (const { key, value, offset } of text.settings) {
        const path = isCommand(key) ? programOf(value) : '';
        if (path.startsWith('/') && !path.includes(filler) && !path.includes('%')) yield { path, pointer, offset };
      }
    }
  }
}

/** The command lines of the units. */
export function commandTexts(units: readonly Unit[]): readonly string[] {
  return units.flatMap((unit) =>
    textsOf(unit, '').flatMap(({ text }) => text.settings.flatMap(({ key, value }) => (isCommand(key) ? [value] : []))),
  );
}

class UnitCheck {
  readonly #diagnostics: Diagnostic[] = [];
  readonly #kind: string;
  readonly #settings: readonly PlacedSetting[];
  /** Whether templates may add settings. */
  readonly #open: boolean;

  constructor(
    private readonly unit: Unit,
    private readonly pointer: string,
    private readonly placeAt: PlaceAt,
  ) {
    this.#kind = unit.name.slice(unit.name.lastIndexOf('.') + 1);
    const texts = textsOf(unit, pointer);
    for (const { pointer, text } of texts) this.#syntax(pointer, text);
    this.#open = texts.some(({ text }) => text.open);
    this.#settings = texts.flatMap(({ pointer, text }) => text.settings.map((setting) => ({ ...setting, pointer })));
  }

  run(): readonly Diagnostic[] {
    for (const setting of this.#settings) if (isCommand(setting.key)) this.#command(setting);
    // An empty unit is one that is masked.
    if ((this.unit.contents ?? '').trim() !== '' && !this.#open) this.#whole();
    this.#enabling();
    return this.#diagnostics;
  }

  #syntax(pointer: string, { sections, faults }: UnitText): void {
    for (const { message, hint, offset } of faults) this.#find('BERTH-509', [pointer, offset], message, hint);
    const own = ownSection.has(this.#kind) ? [this.#kind.charAt(0).toUpperCase() + this.#kind.slice(1)] : [];
    const known = ['Unit', ...own, 'Install'];
    for (const { name, offset } of sections) {
      if (known.includes(name) || name.startsWith('X-') || name.includes(filler)) continue;
      const meant = suggest(name, known);
      const hint = meant === null ? `sections are: ${known.join(', ')}` : `did you mean [${meant}]?`;
      this.#find('BERTH-509', [pointer, offset], `${this.unit.name} cannot have a section [${name}]`, hint);
    }
  }

  #command({ key, value, pointer, offset }: PlacedSetting): void {
    const program = programOf(value);
    if (!program.includes('/') || /^[/%\ufffc]/.test(program)) return;
    const message = `${key} runs ${program}, which is neither an absolute path nor a name`;
    this.#find('BERTH-509', [pointer, offset], message, 'begin it with /');
  }

  /** What a unit needs that has all of its text here, drop-ins included. */
  #whole(): void {
    const contents: readonly [string, number] = [`${this.pointer}/contents`, 0];
    const { name } = this.unit;
    for (const { section, key, what } of needs[this.#kind] ?? []) {
      if (this.#settings.some((setting) => setting.section === section && key.test(setting.key))) continue;
      this.#find(
        'BERTH-509',
        contents,
        `${name} has no ${what} in [${section}]`,
        'systemd does not load it without one',
      );
    }
    if (this.#kind === 'service') this.#service(contents);
    const where = this.#settings.findLast(({ key }) => key === 'Where');
    if (!where || !/^(auto)?mount$/.test(this.#kind)) return;
    const expected = `${escapePath(where.value)}.${this.#kind}`;
    if (/[%\ufffc]/.test(where.value) || /[@{]/.test(name) || expected === name) return;
    const hint = 'the name follows from Where=; systemd-escape --path tells it';
    this.#find(
      'BERTH-509',
      [where.pointer, where.offset],
      `${name} is not the name for Where=${where.value}: ${expected} is`,
      hint,
    );
  }

  /** systemd.service(5), on ExecStart=. */
  #service(contents: readonly [string, number]): void {
    const inService = this.#settings.filter(({ section }) => section === 'Service');
    const last = (name: string) => inService.findLast(({ key }) => key === name)?.value ?? '';
    const starts: PlacedSetting[] = [];
    for (const setting of inService.filter(({ key }) => key === 'ExecStart')) {
      if (setting.value === '') starts.length = 0;
      else starts.push(setting);
    }
    const type = last('Type');
    this.#restart(type);
    const [, second] = starts;
    if (starts.length === 0) {
      const idles = /^(yes|true|on|1)$/i.test(last('RemainAfterExit')) && last('ExecStop') !== '';
      const acts = this.#settings.some(({ section, key }) => section === 'Unit' && key === 'SuccessAction');
      if (/^(oneshot|.*\ufffc.*|)$/.test(type) && (idles || acts)) return;
      const hint = 'only a service of Type=oneshot that remains after its exit may do without, if it has an ExecStop=';
      this.#find('BERTH-509', contents, `${this.unit.name} has no ExecStart= in [Service]`, hint);
    } else if (second && type !== 'oneshot' && !type.includes(filler)) {
      const message = `${this.unit.name} has more than one ExecStart=`;
      const hint = 'only a service of Type=oneshot may; what comes before goes into ExecStartPre=';
      this.#find('BERTH-509', [second.pointer, second.offset], message, hint);
    }
  }

  /** What is over once it has succeeded is not to begin again at once. */
  #restart(type: string): void {
    const restart = this.#settings.findLast(({ section, key }) => section === 'Service' && key === 'Restart');
    if (type !== 'oneshot' || !restart || !/^(always|on-success)$/.test(restart.value)) return;
    const message = `${this.unit.name} is of Type=oneshot, which cannot have Restart=${restart.value}`;
    const hint = 'write Restart=on-failure; to run it again and again takes a timer';
    this.#find('BERTH-509', [restart.pointer, restart.offset], message, hint);
  }

  #enabling(): void {
    const { name, enabled, mask, contents } = this.unit;
    if (!enabled) return;
    const at: readonly [string, number] = [`${this.pointer}/enabled`, 0];
    if (mask) {
      this.#find(
        'BERTH-510',
        at,
        `${name} is enabled, and masked`,
        'a masked unit never starts: remove one of the two',
      );
    } else if (contents && !this.#open) {
      const install = this.#settings.filter(({ section }) => section === 'Install');
      if (install.some(({ key, value }) => /^(WantedBy|RequiredBy|UpheldBy|Alias|Also)$/.test(key) && value !== ''))
        return;
      const lack = install.length === 0 ? 'its text has no [Install]' : 'no WantedBy= is in its [Install]';
      const hint = 'add [Install] with WantedBy=, or remove enabled: where another unit or udev starts it';
      this.#find('BERTH-510', at, `${name} is enabled, but ${lack}, so nothing starts it`, hint);
    }
  }

  #find(
    rule: 'BERTH-509' | 'BERTH-510',
    [pointer, offset]: readonly [string, number],
    message: string,
    hint: string,
  ): void {
    const severity = rule === 'BERTH-509' ? 'error' : 'warning';
    this.#diagnostics.push({ rule, severity, place: this.placeAt(pointer, offset), message, hint });
  }
}

/** The texts of a unit in the order in which systemd reads them. */
function textsOf(unit: Unit, pointer: string): readonly { pointer: string; text: UnitText }[] {
  const dropins = [...(unit.dropins ?? []).entries()].sort(([, a], [, b]) => (a.name < b.name ? -1 : 1));
  return [
    { pointer: `${pointer}/contents`, text: readUnit(unit.contents ?? '') },
    ...dropins.map(([index, { contents }]) => {
      return { pointer: `${pointer}/dropins/${index}/contents`, text: readUnit(contents) };
    }),
  ];
}

function isCommand(key: string): boolean {
  return /^Exec(Condition|Start|StartPre|StartPost|Reload|Stop|StopPre|StopPost)$/.test(key);
}

/** The program of a command line, without its prefixes (systemd.service(5), "COMMAND LINES") and quotes. */
function programOf(commandLine: string): string {
  const [, , quoted, plain = ''] = /^[-@:+!|]*(?:(["'])(.*?)\1|(\S*))/.exec(commandLine) ?? [];
  return quoted ?? plain;
}

/** systemd-escape(1) with --path. */
function escapePath(path: string): string {
  const parts = path.split('/').filter((part) => part !== '');
  if (parts.length === 0) return '-';
  const bytes = [...Buffer.from(parts.join('/'))].map((byte, index) => {
    const character = String.fromCharCode(byte);
    if (character === '/') return '-';
    const plain = /[A-Za-z0-9:_.]/.test(character) && !(index === 0 && character === '.');
    return plain ? character : `\\x${byte.toString(16).padStart(2, '0')}`;
  });
  return bytes.join('');
}
