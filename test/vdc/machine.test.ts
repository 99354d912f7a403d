import { randomUUID } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { BootFailure } from '../../vdc/boot-failure.ts';
import { type MachineEvent, PoweredMachine } from '../../vdc/machine.ts';
import { eventually } from '../eventually.ts';

/** A machine whose boots the test ends by hand. */
function benchMachine(): {
  machine: PoweredMachine;
  boots: { id: string; signal: AbortSignal; succeed: () => void; fail: (error: Error) => void }[];
  stages: string[];
  /** Wait until so many boots have begun. */
  begun: (count: number) => Promise<void>;
} {
  const boots: ReturnType<typeof benchMachine>['boots'] = [];
  const stages: string[] = [];
  const machine = new PoweredMachine({
    serial: `SN-${randomUUID()}`,
    boot: (id, signal) =>
      new Promise((resolve, reject) => {
        boots.push({ id, signal, succeed: resolve, fail: reject });
        signal.addEventListener('abort', () => reject(signal.reason));
      }),
    resetDelayMs: 5,
    onEvent: (event: MachineEvent) => {
      stages.push(event.stage);
    },
  });
  const begun = (count: number): Promise<void> => eventually(`${count} boots`, () => boots.length === count);
  return { machine, boots, stages, begun };
}

test('off, booting, running, off', async () => {
  const { machine, boots, stages, begun } = benchMachine();
  assert.equal([machine.power, machine.bootId, machine.running], ['off', null, false]);
  machine.powerOn();
  assert.is(machine.power, 'on');
  await begun(1);
  assert.equal([machine.bootId, machine.running], [boots[0]?.id, false]);
  boots[0]?.succeed();
  await eventually('it runs', () => machine.running);
  machine.powerOff();
  assert.equal([machine.power, machine.bootId, machine.running], ['off', null, false]);
  await machine.close();
  assert.equal(stages, ['power-on', 'power-off']);
});

test('on when on and off when off do nothing', async () => {
  const { machine, boots, stages, begun } = benchMachine();
  machine.powerOff();
  machine.powerOn();
  machine.powerOn();
  await begun(1);
  await machine.close();
  await machine.close();
  assert.is(boots.length, 1);
  assert.equal(stages, ['power-on', 'power-off']);
});

test('a restart aborts the boot under way and begins another with a new boot id', async () => {
  const { machine, boots, begun } = benchMachine();
  machine.powerOn();
  await begun(1);
  machine.restart();
  await begun(2);
  assert.is(boots[0]?.signal.aborted, true);
  assert.is(boots[1]?.signal.aborted, false);
  assert.is.not(boots[0]?.id, boots[1]?.id);
  await machine.close();
});

test('a failed boot is told, and repeated after a while', async () => {
  const { machine, boots, stages, begun } = benchMachine();
  machine.powerOn();
  await begun(1);
  boots[0]?.fail(new BootFailure('DHCP_NO_ANSWER', 'nobody there'));
  await begun(2);
  assert.is.not(boots[0]?.id, boots[1]?.id);
  await machine.close();
  assert.equal(stages, ['power-on', 'boot-failed', 'power-off']);
});

test('power cut while waiting to reset ends it', async () => {
  const { machine, boots, stages, begun } = benchMachine();
  machine.powerOn();
  await begun(1);
  boots[0]?.fail(new Error('bad'));
  await eventually('the boot fails', () => stages.includes('boot-failed'));
  await machine.close();
  assert.is(boots.length, 1);
});

test('faults: a late start', async () => {
  const { machine, begun } = benchMachine();
  machine.faults.bootDelayMs = 20;
  const beganMs = performance.now();
  machine.powerOn();
  await begun(1);
  assert.ok(performance.now() - beganMs >= 18, 'the boot waited');
  await machine.close();
});

test('faults: a machine that never comes back is on, boots nothing, and can be restarted', async () => {
  const { machine, boots, begun } = benchMachine();
  const other = benchMachine();
  machine.faults.neverComesBack = true;
  machine.powerOn();
  other.machine.powerOn();
  await other.begun(1);
  assert.equal([machine.power, boots.length], ['on', 0]);

  machine.faults.neverComesBack = false;
  machine.restart();
  await begun(1);
  await Promise.all([machine.close(), other.machine.close()]);
});

test.run();
