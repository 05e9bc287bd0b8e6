import { RapidaError } from '@rapida/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiInstance } from '../api-instance.js';
import { pathPrefix } from '../path-prefix.js';

export interface DashboardFile {
  readonly type: string;
  readonly bytes: Buffer;
  /** The same, smaller; the best one first. */
  readonly compressed: readonly { readonly coding: 'br' | 'gzip'; readonly bytes: Buffer }[];
  readonly etag: string;
}

/** By path, without a slash in front. */
export type DashboardFiles = ReadonlyMap<string, DashboardFile>;

export interface DashboardOptions {
  /** Empty: none was built. */
  readonly files: DashboardFiles;
  readonly pathPrefix: string;
}

const INDEX = 'index.html';
/** As the build writes it; each browser is told where it sees the server. */
const BASE = '<base href="/" />';
/** Files below have a hash of what is in them in their names. */
const HASHED = 'assets/';
/** What nobody but the API answers, found or not. */
const RESERVED = /^(v1|metrics|healthz|readyz|openapi\.json)(\/|$)/;

/** Everything from here, and neither scripts nor styles in the page. */
const POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "worker-src 'self'",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const NOT_BUILT = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Rapida</title>
<p>This server runs, but its dashboard was not built.
<p>In the repository: <code>npm run build</code>, then start the server again.
The API is described in <a href="openapi.json">openapi.json</a>.
</html>
`;

/** The pages. Every other route wins over this one: it is asked last. */
export function addDashboardRoute(api: ApiInstance, { files, pathPrefix: configured }: DashboardOptions): void {
  api.get('/*', { config: { access: 'public' }, schema: { hide: true } }, async (request, reply) => {
    const path = (request.params as { '*': string })['*'];
    if (RESERVED.test(path)) throw new RapidaError('not_found');
    const file = path === INDEX ? undefined : files.get(path);
    if (file !== undefined) return sendFile(request, reply, path, file);
    if (!isPage(path, request)) throw new RapidaError('not_found');
    return sendIndex(request, reply, files.get(INDEX), configured);
  });
}

/** An address that a person has opened, which the dashboard knows: not a file that is missing. */
function isPage(path: string, { headers: { accept = '' } }: FastifyRequest): boolean {
  if (path === '' || path === INDEX) return true;
  return accept.includes('text/html') && !(path.split('/').at(-1) ?? '').includes('.');
}

function sendIndex(
  request: FastifyRequest,
  reply: FastifyReply,
  index: DashboardFile | undefined,
  configured: string,
): FastifyReply {
  reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', POLICY)
    .header('referrer-policy', 'same-origin')
    .header('permissions-policy', 'microphone=(self)')
    .header('vary', 'x-forwarded-prefix');
  if (index === undefined) return reply.code(404).send(NOT_BUILT);
  // Its parts are letters, digits and `._~-`: nothing that means something in HTML.
  const base = `<base href="${pathPrefix(request.headers, configured)}/" />`;
  return reply.send(index.bytes.toString('utf8').replace(BASE, base));
}

function sendFile(request: FastifyRequest, reply: FastifyReply, path: string, file: DashboardFile): FastifyReply {
  const { type, etag, compressed, bytes } = file;
  const lasts = path.startsWith(HASHED) ? 'public, max-age=31536000, immutable' : 'no-cache';
  reply.type(type).header('cache-control', lasts).header('etag', etag).header('vary', 'accept-encoding');
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  const accepted = codingsIn(request.headers['accept-encoding']);
  const smaller = compressed.find(({ coding }) => accepted.has(coding));
  if (smaller === undefined) return reply.send(bytes);
  return reply.header('content-encoding', smaller.coding).send(smaller.bytes);
}

function codingsIn(header: string | string[] | undefined): ReadonlySet<string> {
  const named = String(header ?? '').split(',');
  return new Set(
    named
      .map((one) => one.trim().toLowerCase())
      .filter((one) => !/;\s*q=0(\.0*)?$/.test(one))
      .map((one) => one.replace(/;.*$/, '').trim()),
  );
}
