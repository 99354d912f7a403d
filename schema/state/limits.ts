// etcd's limits, kept before anything is sent: an oversize request would cost the client its connection.
import type { Transaction } from './kv.ts';
import { StateError } from './state-error.ts';

/** etcd's default `--max-txn-ops`, for conditions and for writes each. */
export const maxOperations = 128;

export const maxValueBytes = 1024 * 1024;

/** Keys and values of a transaction together, below etcd's default `--max-request-bytes` of 1.5 MiB. */
export const maxTransactionBytes = 1.5 * 1024 * 1024 - 32 * 1024;

/** How many members of a list go into one request. */
export const operationsPerBatch = 100;

/**
 * Refuse what etcd would refuse.
 * @throws {StateError} STATE_TOO_LARGE; STATE_REFUSED for a key that is written twice or is none
 */
export function checkTransaction(transaction: Transaction): void {
  const { when, put = [], delete: deletes = [] } = transaction;
  if (when.length > maxOperations) tooLarge(`${when.length} conditions in a transaction, at most ${maxOperations} fit`);
  const writes = put.length + deletes.length;
  if (writes > maxOperations) tooLarge(`${writes} writes in a transaction, at most ${maxOperations} fit`);

  let bytes = 0;
  for (const { key, value } of put) {
    const valueBytes = Buffer.byteLength(value);
    if (valueBytes > maxValueBytes) tooLarge(`${key} would hold ${valueBytes} bytes, at most ${maxValueBytes} fit`);
    bytes += Buffer.byteLength(key) + valueBytes;
  }
  for (const condition of when) {
    bytes += Buffer.byteLength(condition.key) + (condition.kind === 'holds' ? Buffer.byteLength(condition.value) : 0);
  }
  for (const key of deletes) bytes += Buffer.byteLength(key);
  if (bytes > maxTransactionBytes) tooLarge(`a transaction of ${bytes} bytes, at most ${maxTransactionBytes} fit`);

  const written = new Set<string>();
  for (const key of [...put.map((one) => one.key), ...deletes]) {
    checkKey(key);
    if (written.has(key)) throw new StateError('STATE_REFUSED', `${key} is written twice in one transaction`);
    written.add(key);
  }
  for (const condition of when) checkKey(condition.key);
}

/** @throws {StateError} STATE_REFUSED when the text names no key: it is empty, or a folder */
export function checkKey(key: string): void {
  if (key === '' || key.endsWith('/')) throw new StateError('STATE_REFUSED', `'${key}' is a folder, not a key`);
}

function tooLarge(message: string): never {
  throw new StateError('STATE_TOO_LARGE', message);
}
