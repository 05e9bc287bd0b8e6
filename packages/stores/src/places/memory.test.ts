import { callPlacesConformance } from '@rapida/core/conformance';
import { VirtualClock } from '@rapida/core/testing';
import { createMemoryCallPlaces, createMemoryPlacesOfNodes } from './memory.js';

callPlacesConformance('in memory', async () => {
  const clock = new VirtualClock();
  return { here: createMemoryCallPlaces(clock), advance: (ms) => clock.advance(ms), async close() {} };
});

callPlacesConformance('in memory, of several nodes,', async () => {
  const clock = new VirtualClock();
  const places = createMemoryPlacesOfNodes(clock);
  const [here, there] = [places.of('a'), places.of('b')];
  return { here, there, thereId: 'b', advance: (ms) => clock.advance(ms), async close() {} };
});
