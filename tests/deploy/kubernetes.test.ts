import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AFTER_DRAIN_SECONDS, NEEDED, type Parsed, PORTS, pathOf, textOf, wrongSettings, yamlsOf } from './files.js';

const FOLDER = 'deploy/kubernetes';
const FILES = readdirSync(pathOf(FOLDER)).filter((name) => name.endsWith('.yaml'));
const ALL: readonly Parsed[] = FILES.flatMap((name) => yamlsOf(`${FOLDER}/${name}`));

function one(kind: string, name?: string): Parsed {
  const found = ALL.filter((each) => each.kind === kind && (name === undefined || each.metadata.name === name));
  expect(found, `${kind} ${name ?? ''}`).toHaveLength(1);
  return found[0];
}

const SET = one('StatefulSet');
const POD = SET.spec.template.spec;
const [CONTAINER] = POD.containers as [Parsed];
const CONFIGURED: Record<string, string> = one('ConfigMap').data;
const SECRET: Record<string, string> = one('Secret').stringData;
const OWN: Record<string, string> = Object.fromEntries(
  CONTAINER.env.map(({ name, value }: Parsed) => [name, value ?? 'rapida-0']),
);

describe('the manifests for Kubernetes', () => {
  it('are all used but the example of a secret', () => {
    const listed = one('Kustomization').resources as string[];
    const own = ['kustomization.yaml', 'secret.example.yaml'];
    expect([...listed, ...own].sort()).toEqual([...FILES].sort());
  });

  it('name settings that there are, with values that are accepted', () => {
    expect(wrongSettings({ ...CONFIGURED, ...OWN })).toEqual([]);
  });

  it('have a secret that cannot be used before somebody has put a key of their own in', () => {
    expect(wrongSettings(SECRET)).toEqual(['VAULT__KEY']);
  });

  it('give a node all that several nodes need, from where its container reads it', () => {
    const given = { ...CONFIGURED, ...SECRET, ...OWN };
    expect(NEEDED.filter((name) => !Object.hasOwn(given, name))).toEqual([]);
    const sources = CONTAINER.envFrom.map((from: Parsed) => (from.configMapRef ?? from.secretRef).name);
    expect(sources).toEqual([one('ConfigMap').metadata.name, one('Secret').metadata.name]);
  });

  it('name a node after its pod, which keeps its name', () => {
    const { valueFrom } = CONTAINER.env.find(({ name }: Parsed) => name === 'NODE__ID');
    expect(valueFrom).toEqual({ fieldRef: { fieldPath: 'metadata.name' } });
  });

  it('open the ports that the server listens on by default, each to a service', () => {
    const opened = CONTAINER.ports.map(({ name, containerPort }: Parsed) => [name, containerPort]);
    expect(Object.fromEntries(opened)).toEqual(PORTS);
    const services = ALL.filter(({ kind }) => kind === 'Service');
    const served = services.flatMap(({ spec }) => spec.ports.map(({ port, targetPort }: Parsed) => [targetPort, port]));
    expect(Object.fromEntries(served)).toEqual(PORTS);
  });

  it('let the calls of a node end before it is killed, and wait before it drains', () => {
    const [program, seconds] = CONTAINER.lifecycle.preStop.exec.command;
    expect([program, Number(seconds) > 0]).toEqual(['sleep', true]);
    const neededSeconds = Number(CONFIGURED.DRAIN__TIMEOUT_SECONDS) + Number(seconds) + AFTER_DRAIN_SECONDS;
    expect(POD.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(neededSeconds);
  });

  it('ask for paths that there are', () => {
    const paths = ['startupProbe', 'readinessProbe', 'livenessProbe'].map((probe) => CONTAINER[probe].httpGet.path);
    expect(paths).toEqual(['/healthz', '/readyz', '/healthz']);
    const described = textOf('packages/client/src/generated/openapi.ts');
    for (const path of paths) expect(described).toMatch(new RegExp(`^\\s+["']${path}["']: `, 'm'));
  });

  it('run it as the user of the image, without privileges, and with nothing to write to but its volume', () => {
    const [, user] = /^USER (\d+):\1$/m.exec(textOf('Dockerfile')) ?? [];
    expect(POD.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: Number(user), fsGroup: Number(user) });
    expect(CONTAINER.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    const [mount] = CONTAINER.volumeMounts;
    // A folder of its own in the volume: the root of a volume belongs to somebody else.
    expect(OWN.DATA_DIR?.startsWith(`${mount.mountPath}/`)).toBe(true);
    expect(SET.spec.volumeClaimTemplates[0].metadata.name).toBe(mount.name);
  });

  it('take one node away at a time', () => {
    const { maxUnavailable, selector } = one('PodDisruptionBudget').spec;
    expect(maxUnavailable).toBe(1);
    expect(selector).toEqual(SET.spec.selector);
    expect(SET.spec.template.metadata.labels).toEqual(SET.spec.selector.matchLabels);
    for (const { kind, spec } of ALL)
      if (kind === 'Service') expect(spec.selector).toEqual(SET.spec.selector.matchLabels);
  });
});
