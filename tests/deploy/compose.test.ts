import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { AFTER_DRAIN_SECONDS, NEEDED, type Parsed, PORTS, pathOf, textOf, wrongSettings, yamlOf } from './files.js';

const TEXT = textOf('compose.yaml');
const { services, volumes } = yamlOf('compose.yaml') as Parsed;
const NODES = ['node-1', 'node-2'] as const;

/** `name=value` lines, as Compose reads them from `.env`. */
function secrets(): Map<string, string> {
  const printed = execFileSync('sh', [pathOf('deploy/docker/secrets.sh')], { encoding: 'utf8' });
  const lines = printed.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

/** With what `.env` has in the place of `${...}`. */
function environmentOf(service: string): Record<string, string> {
  const values = secrets();
  const filled = (text: string) => text.replaceAll(/\$\{(\w+)[^}]*\}/g, (_, name: string) => values.get(name) ?? '');
  const given = Object.entries(services[service].environment as Record<string, string>);
  return Object.fromEntries(given.map(([name, value]) => [name, filled(value)]));
}

describe('compose.yaml', () => {
  it('has two nodes, HAProxy, Redis, PostgreSQL and Asterisk', () => {
    expect(Object.keys(services).sort()).toEqual(
      ['asterisk', 'dialplan', 'haproxy', 'node-1', 'node-2', 'postgres', 'redis'].sort(),
    );
  });

  it.each(NODES)(
    'gives %s settings that there are, with values that are accepted, and all that several nodes need',
    (node) => {
      const given = environmentOf(node);
      expect(wrongSettings(given)).toEqual([]);
      // The image says where the data is.
      expect(NEEDED.filter((name) => name !== 'DATA_DIR' && given[name] === undefined)).toEqual([]);
      expect(given.NODE__ID).toBe(node);
    },
  );

  it('gives both nodes the same but for their names', () => {
    const [first, second] = NODES.map((node) => ({
      ...services[node],
      environment: { ...services[node].environment },
    }));
    const own = { volumes: [], depends_on: {}, environment: { ...first.environment, NODE__ID: '' } };
    second.environment.NODE__ID = '';
    expect({ ...first, ...own }).toEqual({ ...second, ...own, environment: second.environment });
  });

  it('wants of .env what secrets.sh prints, and nothing else', () => {
    const wanted = new Set([...TEXT.matchAll(/\$\{(\w+)/g)].map(([, name]) => name));
    expect([...wanted].sort()).toEqual([...secrets().keys()].sort());
  });

  it('is given another secret each time', () => {
    const [one, other] = [secrets(), secrets()];
    for (const [name, value] of one) if (name !== 'HOST_ADDRESS') expect(other.get(name), name).not.toBe(value);
  });

  it.each(NODES)('lets the calls of %s end before it is killed', (node) => {
    const graceSeconds = Number(/^(\d+)s$/.exec(services[node].stop_grace_period)?.[1]);
    const drainSeconds = Number(services[node].environment.DRAIN__TIMEOUT_SECONDS);
    expect(graceSeconds).toBeGreaterThanOrEqual(drainSeconds + AFTER_DRAIN_SECONDS);
  });

  it.each([...NODES, 'dialplan'])(
    'runs %s without privileges, and with nothing to write to but its volumes',
    (service) => {
      const { read_only, cap_drop, security_opt, privileged, user } = services[service];
      expect([read_only, cap_drop, security_opt]).toEqual([true, ['ALL'], ['no-new-privileges:true']]);
      expect([privileged, user]).toEqual([undefined, undefined]);
    },
  );

  it('starts the second node when the first has made what an empty database needs', () => {
    expect(services['node-2'].depends_on).toEqual({ 'node-1': { condition: 'service_healthy' } });
  });

  it('opens HAProxy to this host alone, on the ports of a node', () => {
    expect(services.haproxy.ports).toEqual([PORTS.http, PORTS.audiosocket].map((port) => `127.0.0.1:${port}:${port}`));
    expect(textOf('deploy/haproxy/haproxy.cfg')).toContain(`HTTP_BIND-:${PORTS.http}}`);
    expect(textOf('deploy/haproxy/haproxy.cfg')).toContain(`AUDIOSOCKET_BIND-:${PORTS.audiosocket}}`);
    for (const service of [...NODES, 'redis', 'postgres']) expect(services[service].ports, service).toBeUndefined();
  });

  it('writes the dialplan for HAProxy, where Asterisk reads it', () => {
    const [script] = services.dialplan.command;
    expect(script).toContain(`--servers ${environmentOf('node-1').PUBLIC_ASSISTANT_HOST}/${PORTS.audiosocket} `);
    expect(services.dialplan.volumes).toContain('dialplan:/var/lib/rapida-dialplan');
    expect(services.asterisk.volumes).toEqual(['dialplan:/etc/asterisk/rapida:ro']);
    expect(services.asterisk.depends_on).toEqual({ dialplan: { condition: 'service_completed_successfully' } });
  });

  it('publishes the ports that Asterisk uses for the sound of telephones', () => {
    const [from, to] = ['rtpstart', 'rtpend'].map(
      (name) => new RegExp(`^${name} = (\\d+)$`, 'm').exec(textOf('deploy/asterisk/rtp.conf'))?.[1],
    );
    expect(services.asterisk.ports).toContain(`${from}-${to}:${from}-${to}/udp`);
  });

  it('names each volume once, and uses all of them', () => {
    const used = Object.values<Parsed>(services).flatMap((service) => service.volumes ?? []);
    const named = used
      .map((volume: string) => volume.split(':')[0] ?? '')
      .filter((name: string) => !name.startsWith('.'));
    expect([...new Set(named)].sort()).toEqual(Object.keys(volumes).sort());
  });
});
