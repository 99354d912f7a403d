// The agent's own HTTP port: metrics, health, and a call to pull now, for a Git host's webhook.
import { createServer, type Server } from 'node:http';
import type { Agent } from './agent.ts';
import type { AgentMetrics } from './agent-metrics.ts';

/** The caller listens and closes. */
export function createAgentServer(agent: Agent, metrics: AgentMetrics): Server {
  return createServer((request, response) => {
    const answer = (status: number, body: string, contentType = 'text/plain; charset=utf-8'): void => {
      response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) }).end(body);
    };
    // A body says nothing that the site repo itself would not say.
    request.resume();
    switch (`${request.method} ${request.url}`) {
      case 'GET /metrics':
        metrics.registry.metrics().then(
          (text) => answer(200, text, metrics.registry.contentType),
          (error) => answer(500, `${error}\n`),
        );
        return;
      case 'GET /healthz':
        return answer(agent.ready ? 200 : 503, agent.ready ? 'ready\n' : 'no head is accepted yet\n');
      case 'POST /pull':
        agent.pullNow();
        return answer(202, 'pulling\n');
      default:
        return answer(404, 'there are GET /metrics, GET /healthz and POST /pull\n');
    }
  });
}
