// Who says a setting of a machine: its own lines, its role and the site's defaults, of which one counts.
import type { Place } from '../../../schema/diagnostic.ts';
import type { ValuePath } from '../../../schema/document.ts';
import { type Layer, type Settings, taintKey } from '../../../schema/settings.ts';

/** One document that says a setting. */
export interface Saying {
  readonly value: string | number | boolean;
  readonly place: () => Place;
}

/**
 * Everyone who says a setting: first the one that counts (see settingsInEffect), then those that it goes before. Of an
 * argument all say the same; the one that counts gives it its position.
 * @param name key of a label or variable, `key:Effect` of a taint, text of an argument; nothing for `os`
 */
export function sayingsOf(layers: readonly Layer[], setting: keyof Settings, name = ''): readonly Saying[] {
  switch (setting) {
    case 'os':
      return layers.flatMap((layer) => {
        const { os } = layer.settings;
        return os === undefined ? [] : [saying(layer, ['os'], os)];
      });
    case 'labels':
    case 'variables':
      return layers.flatMap((layer) => {
        const values: Readonly<Record<string, string | number | boolean>> = layer.settings[setting] ?? {};
        const value = Object.hasOwn(values, name) ? values[name] : undefined;
        return value === undefined ? [] : [saying(layer, [setting, name], value)];
      });
    case 'taints':
      // Of two in one document, the later one counts.
      return layers.flatMap((layer) => listed(layer, setting, (taint) => taintKey(taint) === name).reverse());
    case 'arguments':
      return [...layers].reverse().flatMap((layer) => listed(layer, setting, (argument) => argument === name));
  }
}

function listed(layer: Layer, setting: 'taints' | 'arguments', isMeant: (text: string) => boolean): Saying[] {
  const texts = layer.settings[setting] ?? [];
  return texts.flatMap((text, index) => (isMeant(text) ? [saying(layer, [setting, index], text)] : []));
}

function saying({ document, path }: Layer, inside: ValuePath, value: Saying['value']): Saying {
  return { value, place: () => document.placeOf(...path, ...inside) };
}
