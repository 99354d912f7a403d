// What the boot service counts.
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';

export interface Metrics {
  readonly registry: Registry;
  readonly dhcpMessages: Counter<'type' | 'outcome'>;
  readonly httpRequests: Counter<'route' | 'code'>;
  readonly assetBytes: Counter;
  readonly reports: Counter<'phase'>;
  readonly generation: Gauge;
  readonly refusals: Counter;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    dhcpMessages: new Counter({
      name: 'berth_dhcp_messages_total',
      help: 'DHCP messages by type and by what became of them: the type of the answer, or why there was none.',
      labelNames: ['type', 'outcome'],
      registers,
    }),
    httpRequests: new Counter({
      name: 'berth_http_requests_total',
      help: 'HTTP requests by route and status code, or aborted when the client went away.',
      labelNames: ['route', 'code'],
      registers,
    }),
    assetBytes: new Counter({ name: 'berth_asset_bytes_total', help: 'Bytes of pinned files served.', registers }),
    reports: new Counter({
      name: 'berth_reports_total',
      help: 'Reports of machines by phase.',
      labelNames: ['phase'],
      registers,
    }),
    generation: new Gauge({ name: 'berth_generation', help: 'The generation that is served.', registers }),
    refusals: new Counter({
      name: 'berth_generation_refusals_total',
      help: 'How often a generation could not be served.',
      registers,
    }),
  };
}
