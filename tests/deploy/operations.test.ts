import { readdirSync } from 'node:fs';
import { METRICS } from '@rapida/core';
import { SETTINGS } from '@rapida/server';
import { describe, expect, it } from 'vitest';
import { type Parsed, pathOf, textOf, yamlOf } from './files.js';

const FOLDER = 'docs/operations';
const PAGES = readdirSync(pathOf(FOLDER)).map((name) => ({ name, text: textOf(`${FOLDER}/${name}`) }));
const ALERTS = textOf(`${FOLDER}/alerts.md`);
const RULES = textOf('deploy/prometheus/alerts.yaml');

const all = (text: string, pattern: RegExp) => new Set([...text.matchAll(pattern)].map((match) => match[1] ?? ''));

/** A histogram is told by three. */
const metricsIn = (text: string) =>
  [...all(text, /\b(rapida_[a-z_]+)\b/g)].map((name) =>
    name in METRICS ? name : name.replace(/_(bucket|sum|count)$/, ''),
  );

describe('the pages about operations', () => {
  it.each(PAGES)('name metrics that there are: $name', ({ text }) => {
    expect(metricsIn(text).filter((name) => !Object.hasOwn(METRICS, name))).toEqual([]);
  });

  it.each(PAGES)('name settings that there are: $name', ({ text }) => {
    const named = all(text, /\b([A-Z]+__[A-Z_]+|[A-Z]+_URL|DATA_DIR)\b/g);
    const others = [...named].filter((name) => !/^(RAPIDA|TEST)_/.test(name));
    expect(others.filter((name) => !Object.hasOwn(SETTINGS, name))).toEqual([]);
  });

  it('are all in the index', () => {
    const index = textOf(`${FOLDER}/README.md`);
    const missing = PAGES.filter(({ name }) => name !== 'README.md' && !index.includes(`(${name})`));
    expect(missing.map(({ name }) => name)).toEqual([]);
  });
});

describe('the alerts', () => {
  it('are rules of metrics that there are, with labels that they have', () => {
    for (const name of metricsIn(RULES)) expect(Object.keys(METRICS), name).toContain(name);
    for (const [, name = '', label = ''] of RULES.matchAll(/\b(rapida_[a-z_]+)\{([a-z]+)=/g)) {
      const metric = METRICS[name.replace(/_bucket$/, '') as keyof typeof METRICS];
      expect(metric.labels, name).toContain(label);
    }
  });

  it('are each explained, and each that is explained is a rule', () => {
    const [{ rules }] = (yamlOf('deploy/prometheus/alerts.yaml') as Parsed).groups;
    const names = rules.map(({ alert }: Parsed) => alert as string).sort();
    expect([...all(ALERTS, /^\| `(Rapida\w+)`/gm)].sort()).toEqual(names);
  });

  it('wake somebody up for what cannot wait, and for nothing else', () => {
    const [{ rules }] = (yamlOf('deploy/prometheus/alerts.yaml') as Parsed).groups;
    const atOnce = ALERTS.slice(ALERTS.indexOf('## At once'), ALERTS.indexOf('## In working hours'));
    const paged = rules.filter(({ labels }: Parsed) => labels.severity === 'page').map(({ alert }: Parsed) => alert);
    expect(paged.sort()).toEqual([...all(atOnce, /^\| `(Rapida\w+)`/gm)].sort());
  });
});
