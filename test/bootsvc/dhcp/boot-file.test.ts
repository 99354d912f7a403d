import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type BootOptions, bootOptions, type ClientKind, clientKind } from '../../../bootsvc/dhcp/boot-file.ts';
import type { Options } from '../../../bootsvc/dhcp/options.ts';
import type { DhcpTables } from '../../../renderers/dhcp.ts';
import { machine, tables } from './site.ts';

const x64 = 'http://10.72.0.3:8080/assets/ab/ipxe.efi';
const arm64 = 'http://10.72.0.3:8080/assets/cd/ipxe-arm64.efi';
const both: DhcpTables = { ...tables, bootProgramUrls: { x64, arm64 } };

const program = (bootFile: string): BootOptions => ({ vendorClass: 'HTTPClient', bootFile });
const script: BootOptions = { bootFile: machine.ipxeScriptUrl };
const nothing: BootOptions = {};
/** Firmware that cannot be helped. */
const stuck = null;

const http = (...architectures: number[]): Options => ({ vendorClass: 'HTTPClient:Arch:00016', architectures });
const pxe = (...architectures: number[]): Options => ({ vendorClass: 'PXEClient:Arch:00007', architectures });
const iPxe: Options = { userClasses: ['iPXE'] };

const rows: readonly [why: string, client: Options, kind: ClientKind, boot: BootOptions | null][] = [
  ['HTTP boot, x64', http(0x10), 'http', program(x64)],
  ['HTTP boot, arm64', http(0x13), 'http', program(arm64)],
  ['HTTP boot, x64 beside an unknown one', http(0x1b, 0x10), 'http', program(x64)],
  ['HTTP boot, x86', http(0x0f), 'http', stuck],
  ['HTTP boot, RISC-V 64', http(0x1c), 'http', stuck],
  ['HTTP boot, the number of PXE on x64', http(0x07), 'http', stuck],
  ['HTTP boot, an empty list', http(), 'http', stuck],
  ['HTTP boot, no architecture', { vendorClass: 'HTTPClient' }, 'http', stuck],
  ['iPXE', iPxe, 'ipxe', script],
  ['iPXE among other classes', { userClasses: ['lab', 'iPXE'] }, 'ipxe', script],
  ['iPXE from a PXE ROM', { ...pxe(0x07), ...iPxe }, 'ipxe', script],
  ['iPXE from HTTP boot', { ...http(0x10), ...iPxe }, 'ipxe', script],
  ['iPXE on an architecture without a boot program', { ...http(0x1c), ...iPxe }, 'ipxe', script],
  ['another user class', { userClasses: ['iPXE-like'] }, 'none', nothing],
  ['PXE, x64', pxe(0x07), 'pxe', nothing],
  ['PXE, BIOS', pxe(0x00), 'pxe', nothing],
  ['PXE, the number of HTTP boot on x64', pxe(0x10), 'pxe', nothing],
  ['an operating system', { vendorClass: 'udhcp 1.35.0' }, 'none', nothing],
  ['an operating system that tells its architecture', { architectures: [0x10] }, 'none', nothing],
  ['a client that tells nothing', {}, 'none', nothing],
];

for (const [why, client, kind, boot] of rows) {
  test(why, () => {
    assert.is(clientKind(client), kind);
    assert.equal(bootOptions(client, machine, both), boot);
  });
}

test('an architecture whose boot program is not pinned is stuck, the other one is not', () => {
  const onlyX64 = { ...tables, bootProgramUrls: { x64 } };
  assert.is(bootOptions(http(0x13), machine, onlyX64), stuck);
  assert.equal(bootOptions(http(0x13, 0x10), machine, onlyX64), program(x64));
});

test.run();
