import { once } from 'node:events';
import type { WebSocket } from 'ws';

/** What comes over a WebSocket with the sound of a call: what is told, and how much is heard. */
export function earOf(socket: WebSocket) {
  const told: { type: string; reason?: string }[] = [];
  const sound = { bytes: 0, voiced: 0 };
  socket.on('message', (data, isBinary) => {
    if (!isBinary) return void told.push(JSON.parse(String(data)));
    sound.bytes += (data as Buffer).length;
    if ((data as Buffer).some((byte) => byte !== 0)) sound.voiced++;
  });
  return { socket, told, sound, open: once(socket, 'open'), closed: once(socket, 'close') };
}
