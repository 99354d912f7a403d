// One set-up of a checkout at a time.
import { createHash } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { say } from './step.mjs';

/**
 * Do some work while no other set-up of the same checkout does its own. The lock is a socket in Linux's abstract
 * namespace: it leaves no file, and the kernel takes it back however the holder ends.
 * @template T
 * @param {string} root the checkout
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function alone(root, work) {
  const name = `\0berth-setup-${process.getuid?.()}-${createHash('sha256').update(root).digest('hex').slice(0, 32)}`;
  const release = await acquire(name);
  try {
    return await work();
  } finally {
    release();
  }
}

async function acquire(name) {
  for (let told = false; ; told = true) {
    const release = await listen(name);
    if (release !== undefined) return release;
    if (!told) say('another set-up of this checkout is at work; waiting for it');
    await untilReleased(name);
  }
}

/** @returns {Promise<(() => void) | undefined>} how to release the lock; undefined while someone else has it */
function listen(name) {
  return new Promise((resolve, reject) => {
    const waiting = new Set();
    const server = createServer((socket) => {
      waiting.add(socket);
      socket.on('error', () => {}).on('close', () => waiting.delete(socket));
    });
    server.on('error', (error) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    server.listen(name, () =>
      resolve(() => {
        server.close();
        for (const socket of waiting) socket.destroy();
      }),
    );
  });
}

/** The holder's end closes our connection, and if it has ended already there is none. */
function untilReleased(name) {
  return new Promise((resolve) => {
    connect(name)
      .on('error', () => {})
      .on('close', resolve)
      .resume();
  });
}
