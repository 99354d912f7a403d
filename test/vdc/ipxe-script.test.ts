import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseBootScript } from '../../vdc/ipxe-script.ts';

const kernel = 'kernel http://10.0.0.1/assets/aa/vmlinuz';
const initrd = 'initrd http://10.0.0.1/assets/bb/initrd.img';

test('a boot script is read', () => {
  const script = `#!ipxe\n# for SN-1\n\n${kernel} console=ttyS0  initrd=initrd.img\n${initrd}\nimgstat\nboot\n`;
  assert.equal(parseBootScript(script), {
    kernel: 'http://10.0.0.1/assets/aa/vmlinuz',
    initrd: 'http://10.0.0.1/assets/bb/initrd.img',
    arguments: ['console=ttyS0', 'initrd=initrd.img'],
  });
});

test('an initrd can be given a name', () => {
  const named = initrd.replace('initrd ', 'initrd --name root ');
  const script = parseBootScript(`#!ipxe\n${kernel} initrd=root\n${named}\nboot\n`);
  assert.is(script.initrd, 'http://10.0.0.1/assets/bb/initrd.img');
});

const refused: readonly (readonly [string, string, RegExp])[] = [
  ['no shebang', `${kernel}\n${initrd}\nboot`, /line 1: the first line/],
  ['an HTML page', '<html>', /line 1/],
  ['no kernel', `#!ipxe\n${initrd}\nboot`, /lacks/],
  ['no initrd', `#!ipxe\n${kernel}\nboot`, /lacks/],
  ['no boot', `#!ipxe\n${kernel}\n${initrd}\n`, /lacks/],
  ['kernel without URL', `#!ipxe\nkernel\n${initrd}\nboot`, /line 2: kernel needs/],
  ['two kernels', `#!ipxe\n${kernel}\n${kernel}\n${initrd}\nboot`, /line 3: a second kernel/],
  ['two initrds', `#!ipxe\n${kernel}\n${initrd}\n${initrd}\nboot`, /line 4: a second initrd/],
  ['initrd with another option', `#!ipxe\n${kernel}\ninitrd --timeout 3 http://x\nboot`, /line 3: initrd needs one/],
  ['initrd with a name only', `#!ipxe\n${kernel}\ninitrd --name x\nboot`, /line 3: initrd needs one/],
  ['initrd with arguments', `#!ipxe\n${kernel}\n${initrd} more\nboot`, /line 3: initrd needs one/],
  ['boot with arguments', `#!ipxe\n${kernel}\n${initrd}\nboot now`, /line 4: boot takes/],
  ['something after boot', `#!ipxe\n${kernel}\n${initrd}\nboot\nshell`, /line 5: nothing/],
  ['another command', '#!ipxe\nchain http://10.0.0.1/', /line 2: chain is no command/],
  ['a setting', `#!ipxe\n${kernel} serial=$\{serial}\n${initrd}\nboot`, /line 2: .*settings/],
  ['the name of no image', `#!ipxe\n${kernel} initrd=other\n${initrd}\nboot`, /that is initrd\.img/],
];

for (const [name, script, problem] of refused) {
  test(`refused: ${name}`, () => {
    assert.throws(() => parseBootScript(script), problem);
  });
}

test.run();
