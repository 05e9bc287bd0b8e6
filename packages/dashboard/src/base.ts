type WithBase = Pick<Document, 'baseURI'>;

/**
 * Where the application begins, with a slash at its end: `/`, or what a proxy put in front of it. The page says so in its
 * `<base>`, which the server fills in.
 */
export function basePath(document: WithBase): string {
  return new URL('.', document.baseURI).pathname;
}

/** The address of something that the server has, for links and sound. */
export function serverAddress(path: string, document: WithBase): string {
  return new URL(path.replace(/^\//, ''), new URL('.', document.baseURI)).href;
}

/** The same for a WebSocket. */
export function socketAddress(path: string, document: WithBase): string {
  return serverAddress(path, document).replace(/^http/, 'ws');
}
