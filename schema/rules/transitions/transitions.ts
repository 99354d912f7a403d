// Every transition, in the order of their ids.
import type { Transition } from './transition.ts';

export const transitions: readonly Transition[] = [];
