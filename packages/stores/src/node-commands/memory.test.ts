import { nodeCommandsConformance } from '@rapida/core/conformance';
import { createMemoryNodes } from './memory.js';

nodeCommandsConformance('memory', async () => {
  const nodes = createMemoryNodes();
  const [here, there] = [nodes.join(), nodes.join()];
  return { here, there, killThere: async () => there.kill(), close: async () => {} };
});
