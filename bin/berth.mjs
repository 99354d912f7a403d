#!/usr/bin/env node
// The program `berth`, in a checkout. All of it is in the built CLI, so that a start reads one small file more.
import { existsSync } from 'node:fs';

const cli = new URL('../dist/cli.js', import.meta.url);
if (existsSync(cli)) {
  await import(cli.href);
} else {
  console.error('berth is not built yet: run `npm run setup` first.');
  process.exitCode = 1;
}
