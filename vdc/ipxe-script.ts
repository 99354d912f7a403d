// The iPXE script of a machine, read strictly: only the commands that a boot server has reason to send.
import { BootFailure } from './boot-failure.ts';

export interface BootScript {
  readonly kernel: string;
  readonly initrd: string;
  /** Kernel arguments, in order. */
  readonly arguments: readonly string[];
}

/**
 * Read `#!ipxe`, one `kernel <url> <argument>…`, one `initrd [--name <name>] <url>`, and `boot` as the last line. Empty
 * lines, comments and `imgstat` (which only shows what is loaded) may stand between them.
 * @throws {BootFailure} SCRIPT_INVALID with the line's number
 */
export function parseBootScript(text: string): BootScript {
  const lines = text.split('\n').map((line) => line.trim());
  if (lines[0] !== '#!ipxe') fail(1, 'the first line is not #!ipxe');
  let kernel: string | undefined;
  let initrd: Image | undefined;
  let kernelArguments: readonly string[] = [];
  let booted = false;
  for (const [index, line] of lines.entries()) {
    const number = index + 1;
    if (line === '' || line.startsWith('#')) continue;
    if (booted) fail(number, 'nothing can follow boot');
    if (line.includes('${')) fail(number, 'a stand-in knows no settings to expand');
    const [command, ...words] = line.split(/\s+/);
    switch (command) {
      case 'kernel':
        if (kernel !== undefined) fail(number, 'a second kernel');
        [kernel, ...kernelArguments] = words;
        if (kernel === undefined) fail(number, 'kernel needs a URL');
        break;
      case 'initrd':
        if (initrd !== undefined) fail(number, 'a second initrd');
        initrd = readInitrd(words) ?? fail(number, 'initrd needs one URL, after --name and a name or nothing');
        break;
      case 'imgstat':
        break;
      case 'boot':
        if (words.length !== 0) fail(number, 'boot takes no arguments');
        booted = true;
        break;
      default:
        fail(number, `${command} is no command of a boot script`);
    }
  }
  if (kernel === undefined || initrd === undefined || !booted) {
    return fail(lines.length, 'the script lacks kernel, initrd or boot');
  }
  checkInitrdName(initrd, kernelArguments);
  return { kernel, initrd: initrd.url, arguments: kernelArguments };
}

interface Image {
  readonly url: string;
  readonly name: string;
}

/** An image is known by the name that it is given, else by the last part of its URL. */
function readInitrd(words: readonly string[]): Image | null {
  const [first, name, named] = words;
  if (words.length === 3 && first === '--name' && name && named) return { url: named, name };
  if (words.length !== 1 || first === undefined || first.startsWith('--')) return null;
  return { url: first, name: first.slice(first.lastIndexOf('/') + 1) };
}

/**
 * A UEFI kernel finds its initrd by the name in `initrd=`. Newer ones are handed it without a name, but a wrong name
 * boots into a panic.
 */
function checkInitrdName(initrd: Image, kernelArguments: readonly string[]): void {
  for (const argument of kernelArguments) {
    if (argument.startsWith('initrd=') && argument !== `initrd=${initrd.name}`) {
      throw new BootFailure('SCRIPT_INVALID', `${argument} names no loaded image; that is ${initrd.name}`);
    }
  }
}

function fail(line: number, problem: string): never {
  throw new BootFailure('SCRIPT_INVALID', `iPXE script, line ${line}: ${problem}`);
}
