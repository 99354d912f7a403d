// Ports for programs that have to be told theirs, and cannot say which one the kernel gave them.
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** TCP ports of 127.0.0.1 that were free a moment ago, each another one: all are held until the last is known. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const listeners = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(listeners.map((listener) => once(listener, 'listening')));
  const ports = listeners.map((listener) => (listener.address() as AddressInfo).port);
  await Promise.all(
    listeners.map((listener) => {
      const closed = once(listener, 'close');
      listener.close();
      return closed;
    }),
  );
  return ports;
}
