/**
 * Asterisk gives the events of a Stasis application to one connection: the newest. So where there are several nodes each has an
 * application of its own beside that of the deployment, for the calls that it steers: `rapida-node-1`. Where there is one,
 * `nodeSuffix` is undefined and it is just `rapida`.
 */
export type NodeSuffix = string | undefined;

export function ownApp(app: string, nodeSuffix: NodeSuffix): string {
  return nodeSuffix === undefined ? app : `${app}-${nodeSuffix}`;
}

/** Of an application that a node has: the deployment's. */
export function deployedApp(app: string, nodeSuffix: NodeSuffix): string {
  const end = `-${nodeSuffix}`;
  return nodeSuffix !== undefined && app.endsWith(end) ? app.slice(0, -end.length) : app;
}

/** Whether it is the deployment's, or a node's beside it. */
export function belongsTo(app: string, deployed: string, nodeSuffix: NodeSuffix): boolean {
  return app === deployed || (nodeSuffix !== undefined && app.startsWith(`${deployed}-`));
}
